//! A fit under way on the device.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use wgpu::BufferUsages;

use super::clock::now;
use super::device::{Buffer, Gpu};
use super::pace::{MOST_ITERATIONS, Pace};
use super::problem::{Columns, Epochs, MOST_WORKGROUPS, Problem, Readout, Step, Stopped, Times};
use super::program::Program;
use super::source::binding;

/// Submissions on their way at a time: the device works on one while the other waits, so it never waits for the host.
const IN_FLIGHT: usize = 2;

/// Bytes from one piece to the next, the alignment of dynamic offsets.
const PIECE: u64 = 256;

/// Bytes of the device's account of the fit, and of what of it the host writes.
const CONTROL: u64 = 56;
const ROWS_AT: u64 = 8;
const PLACE_AT: u64 = 12;

/// Pairs of point and component that take about as long as it takes to start a dispatch. Without it a small batch would count for
/// nothing beside the pass over all points at the end of its epoch.
const DISPATCH: f64 = 1e4;

/// Samples in one upload of orders.
const ORDERED: usize = 1 << 16;

/// Dispatches that a timed submission may have.
const TIMED: u32 = 1024;

/// What timing needs: two timestamps a dispatch, and where they go.
struct Clocks {
    queries: wgpu::QuerySet,
    resolved: Buffer,
    times: Times,
}

/// A submission that was not heard of yet.
struct Flight {
    /// The kernels of a timed submission, in their order.
    timed: Vec<&'static str>,
    iterations: usize,
    readback: Buffer,
    /// Whether an iteration ended with it, so that there is something to read.
    complete: bool,
    rows: usize,
    /// Iterations, and parts of one, that it took.
    share: f64,
    submitted: f64,
    /// When it was done, in milliseconds; 0 while it is not, infinite where it failed.
    done: Arc<AtomicU64>,
}

/// One dispatch of a submission.
struct Dispatch {
    kernel: usize,
    points: usize,
    first: u32,
    count: u32,
}

/// A step of the present iteration that is not all submitted.
struct Rest {
    step: Step,
    kernel: usize,
    first: u32,
}

/// A fit under way. Nothing here waits: [`Run::advance`] submits, [`Run::poll`] sees what has come back.
pub struct Run {
    gpu: Gpu,
    program: Rc<Program>,
    settings: Buffer,
    control: Buffer,
    state: Buffer,
    history: Buffer,
    order: Option<Buffer>,
    groups: HashMap<(usize, usize), wgpu::BindGroup>,
    /// Kept alive for the bind groups.
    _bound: Vec<Buffer>,
    iteration: Vec<Step>,
    finish: Vec<Step>,
    epochs: Option<Epochs>,
    /// Samples in the uploaded orders that have yet to be taken.
    ordered: usize,
    /// Steps of the present iteration that are to come.
    rest: VecDeque<Rest>,
    /// Whether some of those steps are submitted already.
    within: bool,
    /// Iterations begun since a submission was last complete.
    unread: usize,
    /// Iterations asked for and not begun.
    wanted: usize,
    begun: usize,
    pace: Pace,
    /// What an iteration costs, in pairs.
    cost: f64,
    flights: VecDeque<Flight>,
    spare: Vec<Buffer>,
    row: usize,
    /// When the last submission was done.
    last_done: f64,
    stopped: bool,
    clocks: Option<Clocks>,
}

impl Run {
    /// Uploads a problem. Errors that the device finds show in [`Gpu::failure`].
    ///
    /// # Errors
    /// Why the problem does not fit the device, as a sentence.
    pub fn new(gpu: &Gpu, problem: Problem) -> Result<Self, String> {
        let most = gpu.most_points();
        let largest = problem.points.iter().map(Columns::count).max().unwrap_or(0);
        if largest > most {
            return Err(format!(
                "{largest} points are more than the {most} that the graphics processor takes, so sums run on the processor."
            ));
        }
        let storage = BufferUsages::STORAGE | BufferUsages::COPY_DST;
        let upload = |bytes: &[u8], usage: BufferUsages| {
            let buffer = gpu.buffer(bytes.len() as u64, usage | BufferUsages::COPY_DST);
            gpu.queue().write_buffer(&buffer, 0, bytes);
            buffer
        };
        let floats = |values: &[f32]| upload(bytemuck::cast_slice(values), storage);
        let program = gpu.program(problem.source);
        let settings = upload(bytemuck::cast_slice(&problem.settings), BufferUsages::UNIFORM);
        let mut start = [0u32; (CONTROL / 4) as usize];
        start[4] = problem.optimizer_step;
        let control = upload(bytemuck::cast_slice(&start), storage | BufferUsages::COPY_SRC);
        let state = upload(bytemuck::cast_slice(&problem.state), storage | BufferUsages::COPY_SRC);
        let components = floats(&problem.components);
        let partials = gpu.buffer(problem.partials as u64 * 4, storage);
        let sums = gpu.buffer(problem.sums as u64 * 4, storage);
        let rows = (MOST_ITERATIONS + 2) * problem.row * 4;
        let history = gpu.buffer(rows as u64, storage | BufferUsages::COPY_SRC);
        let mut firsts = vec![0u32; MOST_WORKGROUPS * PIECE as usize / 4];
        for (first, place) in firsts.chunks_exact_mut(PIECE as usize / 4).zip(0..) {
            first[0] = place;
        }
        let pieces = upload(bytemuck::cast_slice(&firsts), BufferUsages::UNIFORM);
        let epochs = problem.epochs;
        let samples = epochs.as_ref().filter(|epochs| epochs.order.is_some()).map(|epochs| epochs.samples);
        let order = samples.map(|samples| gpu.buffer(4 * (samples * orders_at_once(samples)) as u64, storage));

        let mut bound = vec![components, partials, sums, pieces];
        let mut sets = Vec::new();
        for set in &problem.points {
            let first = bound.len();
            bound.extend(set.coordinates.iter().map(|column| floats(column)));
            bound.extend(set.values.iter().map(|values| floats(values)));
            sets.push((first, set.coordinates.len()));
        }
        let mut groups = HashMap::new();
        let all = problem.opening.iter().chain(&problem.iteration).chain(&problem.finish);
        for step in all.chain(epochs.iter().flat_map(|epochs| &epochs.closing)) {
            let kernel = program.index(step.entry);
            groups.entry((kernel, step.points)).or_insert_with(|| {
                let (first, dimension) = sets[step.points];
                let entries: Vec<_> = program
                    .bindings(kernel)
                    .into_iter()
                    .map(|number| {
                        let buffer: &wgpu::Buffer = match number {
                            binding::SETTINGS => &settings,
                            binding::PIECE => &bound[3],
                            binding::CONTROL => &control,
                            binding::STATE => &state,
                            binding::COMPONENTS => &bound[0],
                            binding::PARTIALS => &bound[1],
                            binding::SUMS => &bound[2],
                            binding::HISTORY => &history,
                            binding::VALUES => &bound[first + dimension],
                            binding::ORDER => order.as_ref().expect("ordered programs come with orders"),
                            column => &bound[first + (column - binding::COLUMNS) as usize],
                        };
                        let size = (number == binding::PIECE).then(|| std::num::NonZeroU64::new(16)).flatten();
                        let resource = wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer, offset: 0, size });
                        wgpu::BindGroupEntry { binding: number, resource }
                    })
                    .collect();
                gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
                    label: Some(step.entry),
                    layout: &program.pipeline(kernel).get_bind_group_layout(0),
                    entries: &entries,
                })
            });
        }
        let cost = problem.iteration.iter().map(|step| DISPATCH + step.pairs).sum();
        let mut run = Self {
            gpu: gpu.clone(),
            program,
            settings,
            control,
            state,
            history,
            order,
            groups,
            _bound: bound,
            iteration: problem.iteration,
            finish: problem.finish,
            epochs,
            ordered: 0,
            rest: VecDeque::new(),
            within: false,
            unread: 0,
            wanted: 0,
            begun: 0,
            pace: Pace::new(cost),
            cost,
            flights: VecDeque::new(),
            spare: Vec::new(),
            row: problem.row,
            last_done: 0.0,
            stopped: false,
            clocks: None,
        };
        run.queue_steps(&problem.opening);
        Ok(run)
    }

    /// Times every dispatch from here on, where the device can; dispatches then no longer share passes, which takes longer.
    pub fn time_kernels(&mut self) {
        if self.gpu.has_timestamps() {
            let queries = self.gpu.device().create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count: 2 * TIMED,
            });
            let resolved = self.gpu.buffer(16 * u64::from(TIMED), BufferUsages::QUERY_RESOLVE | BufferUsages::COPY_SRC);
            self.clocks = Some(Clocks { queries, resolved, times: Times::default() });
            self.spare.clear();
        }
    }

    /// What was timed since [`Run::time_kernels`]; `None` where the device has no clock.
    #[must_use]
    pub fn times(&self) -> Option<&Times> {
        self.clocks.as_ref().map(|clocks| &clocks.times)
    }

    /// Changes the settings for what is submitted from here on.
    pub fn set_settings(&self, settings: &[u32]) {
        self.gpu.queue().write_buffer(&self.settings, 0, bytemuck::cast_slice(settings));
    }

    /// How many iterations are to be begun from here on; those on their way come in any case.
    pub fn want(&mut self, iterations: usize) {
        self.wanted = iterations;
    }

    /// Iterations asked for and not begun.
    #[must_use]
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// Iterations begun since the upload; when nothing is on its way, they are done.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.begun
    }

    /// Whether the device has stopped: nothing more comes of this run.
    #[must_use]
    pub fn has_stopped(&self) -> bool {
        self.stopped
    }

    /// When the last submission was done, in milliseconds of [`super::now`].
    #[must_use]
    pub fn last_done(&self) -> f64 {
        self.last_done
    }

    /// Whether something is on its way or waits to be submitted.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.flights.is_empty() || (!self.stopped && (self.within || self.wanted > 0))
    }

    /// Submits what is wanted, as far as the device is to have it at a time.
    pub fn advance(&mut self) {
        while self.flights.len() < IN_FLIGHT && !self.stopped && (self.within || self.wanted > 0) {
            self.submit();
        }
    }

    /// What has come back since the last call; `None` where nothing has.
    ///
    /// # Errors
    /// Why the device failed, as the end of a sentence.
    pub fn poll(&mut self) -> Result<Option<Readout>, String> {
        self.gpu.poll();
        if let Some(failure) = self.gpu.failure() {
            return Err(failure);
        }
        let mut latest: Option<Readout> = None;
        while let Some(flight) = self.flights.front() {
            let done = f64::from_bits(flight.done.load(Ordering::Acquire));
            if done == 0.0 {
                break;
            }
            if !done.is_finite() {
                return Err("what it had computed could not be read back".to_owned());
            }
            let Some(flight) = self.flights.pop_front() else { break };
            self.pace.learn(flight.share, done - flight.submitted.max(self.last_done));
            self.last_done = done;
            if !flight.timed.is_empty() {
                self.read_clocks(&flight)?;
            }
            if flight.complete {
                let readout = self.read(&flight)?;
                if readout.stopped != Stopped::Running {
                    self.stopped = true;
                    self.wanted = 0;
                }
                latest = Some(match latest {
                    None => readout,
                    Some(before) => {
                        Readout { history: before.history.into_iter().chain(readout.history).collect(), ..readout }
                    }
                });
            }
            flight.readback.unmap();
            self.spare.push(flight.readback);
        }
        Ok(latest)
    }

    fn read(&self, flight: &Flight) -> Result<Readout, String> {
        let unreadable = |_| "what it had computed could not be read back".to_owned();
        let bytes = flight.readback.slice(..self.readback_size(flight.rows)).get_mapped_range().map_err(unreadable)?;
        let control: Vec<u32> = bytemuck::pod_collect_to_vec(&bytes[..CONTROL as usize]);
        let state_end = (CONTROL + self.state.size()) as usize;
        let state = bytemuck::pod_collect_to_vec(&bytes[CONTROL as usize..state_end]);
        let rows: Vec<i32> = bytemuck::pod_collect_to_vec(&bytes[state_end..]);
        Ok(Readout {
            iterations: control[0] as usize,
            optimizer_step: control[4],
            stopped: match control[1] {
                0 => Stopped::Running,
                1 => Stopped::Converged,
                _ => Stopped::Attention,
            },
            state,
            history: rows.chunks_exact(self.row.max(1)).take(control[2] as usize).map(<[i32]>::to_vec).collect(),
        })
    }

    fn readback_size(&self, rows: usize) -> u64 {
        CONTROL + self.state.size() + (rows * self.row * 4) as u64
    }

    fn queue_steps(&mut self, steps: &[Step]) {
        for &step in steps {
            self.rest.push_back(Rest { step, kernel: self.program.index(step.entry), first: 0 });
        }
    }

    /// Queues the next iteration; `false` where it needs a new order, which only an empty submission can begin with.
    fn begin_iteration(&mut self, empty: bool) -> bool {
        if let Some(epochs) = &mut self.epochs
            && let Some(order) = &epochs.order
        {
            if self.ordered == 0 {
                if !empty {
                    return false;
                }
                let count = orders_at_once(epochs.samples) as u64;
                let orders: Vec<u32> = (0..count).flat_map(|next| order(epochs.epoch + next)).collect();
                let place = u32::try_from(epochs.done * epochs.batch).unwrap_or(0);
                self.ordered = orders.len() - place as usize;
                if let Some(buffer) = &self.order {
                    self.gpu.queue().write_buffer(buffer, 0, bytemuck::cast_slice(&orders));
                }
                self.gpu.queue().write_buffer(&self.control, PLACE_AT, &place.to_le_bytes());
            }
            let place = epochs.done * epochs.batch;
            self.ordered -= epochs.batch.min(epochs.samples - place);
        }
        let steps = self.iteration.clone();
        self.queue_steps(&steps);
        let closing = match &mut self.epochs {
            Some(epochs) => {
                epochs.done += 1;
                let closes = epochs.done == epochs.iterations;
                if closes {
                    epochs.done = 0;
                    epochs.epoch += 1;
                }
                if closes { epochs.closing.clone() } else { Vec::new() }
            }
            None => Vec::new(),
        };
        self.queue_steps(&closing);
        self.wanted -= 1;
        self.begun += 1;
        true
    }

    fn submit(&mut self) {
        let mut encoder = self.gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        if !self.within {
            self.unread = 0;
            // What an incomplete submission recorded is read back with the one that completes it.
            self.gpu.queue().write_buffer(&self.control, ROWS_AT, &0u32.to_le_bytes());
        }
        let allowed = self.pace.share();
        let mut share = 0.0;
        let mut iterations = 0;
        let mut dispatches: Vec<Dispatch> = Vec::new();
        loop {
            let Some(rest) = self.rest.front_mut() else {
                let more = self.wanted > 0 && self.unread + iterations < MOST_ITERATIONS && share < allowed;
                let room = self.clocks.is_none() || dispatches.len() + 16 < TIMED as usize;
                if !more || !room || !self.begin_iteration(dispatches.is_empty()) {
                    break;
                }
                iterations += 1;
                continue;
            };
            let Rest { step, kernel, first } = rest;
            let left = step.workgroups - *first;
            let mut count = left;
            // Passes may be long; nothing else is worth splitting.
            let start = DISPATCH / self.cost;
            let each = step.pairs / f64::from(step.workgroups) / self.cost;
            if f64::from(left) * each > allowed - share - start && step.pairs > 0.0 {
                count = (((allowed - share - start) / each) as u32).clamp(1, left);
            }
            dispatches.push(Dispatch { kernel: *kernel, points: step.points, first: *first, count });
            share += start + each * f64::from(count);
            *first += count;
            if *first == step.workgroups {
                self.rest.pop_front();
            } else if share >= allowed {
                break;
            }
        }
        self.within = !self.rest.is_empty();
        if !self.within {
            dispatches.extend(self.finish.iter().map(|step| Dispatch {
                kernel: self.program.index(step.entry),
                points: step.points,
                first: 0,
                count: step.workgroups,
            }));
        }
        self.encode(&mut encoder, &dispatches);
        self.unread += iterations;
        let rows = self.unread + 2;
        let clocks = self.clocks.as_ref().map_or(0, |clocks| clocks.resolved.size());
        let largest = self.readback_size(MOST_ITERATIONS + 2) + clocks;
        let readback = self
            .spare
            .pop()
            .unwrap_or_else(|| self.gpu.buffer(largest, BufferUsages::MAP_READ | BufferUsages::COPY_DST));
        let state = self.state.size();
        encoder.copy_buffer_to_buffer(&self.control, 0, &readback, 0, CONTROL);
        if !self.within {
            encoder.copy_buffer_to_buffer(&self.state, 0, &readback, CONTROL, state);
            let bytes = (rows * self.row * 4) as u64;
            if bytes > 0 {
                encoder.copy_buffer_to_buffer(&self.history, 0, &readback, CONTROL + state, bytes);
            }
        }
        let mut size = self.readback_size(rows);
        let mut timed = Vec::new();
        if let Some(clocks) = &self.clocks {
            let bytes = 16 * dispatches.len() as u64;
            encoder.resolve_query_set(&clocks.queries, 0..2 * dispatches.len() as u32, &clocks.resolved, 0);
            size = size.next_multiple_of(8);
            encoder.copy_buffer_to_buffer(&clocks.resolved, 0, &readback, size, bytes);
            size += bytes;
            timed = dispatches.iter().map(|dispatch| self.program.name(dispatch.kernel)).collect();
        }
        self.gpu.queue().submit([encoder.finish()]);
        self.gpu.count_dispatches(dispatches.len() as u64);
        let done = Arc::new(AtomicU64::new(0));
        let noted = done.clone();
        readback.slice(..size).map_async(wgpu::MapMode::Read, move |result| {
            let time = if result.is_ok() { now().max(1e-9) } else { f64::INFINITY };
            noted.store(time.to_bits(), Ordering::Release);
        });
        let complete = !self.within;
        self.flights.push_back(Flight { timed, iterations, readback, complete, rows, share, submitted: now(), done });
    }

    /// Writes dispatches down: in one pass, or where they are timed each in its own.
    fn encode(&self, encoder: &mut wgpu::CommandEncoder, dispatches: &[Dispatch]) {
        let write = |pass: &mut wgpu::ComputePass<'_>, dispatch: &Dispatch| {
            let &Dispatch { kernel, points, first, count } = dispatch;
            let offset = [first * PIECE as u32];
            let offsets = if self.program.takes_piece(kernel) { &offset[..] } else { &[] };
            pass.set_pipeline(self.program.pipeline(kernel));
            pass.set_bind_group(0, &self.groups[&(kernel, points)], offsets);
            pass.dispatch_workgroups(count, 1, 1);
        };
        let Some(clocks) = &self.clocks else {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for dispatch in dispatches {
                write(&mut pass, dispatch);
            }
            return;
        };
        for (dispatch, place) in dispatches.iter().zip(0..) {
            let writes = wgpu::ComputePassTimestampWrites {
                query_set: &clocks.queries,
                beginning_of_pass_write_index: Some(2 * place),
                end_of_pass_write_index: Some(2 * place + 1),
            };
            let descriptor = wgpu::ComputePassDescriptor { label: None, timestamp_writes: Some(writes) };
            write(&mut encoder.begin_compute_pass(&descriptor), dispatch);
        }
    }

    /// Adds up the timestamps of a submission.
    fn read_clocks(&mut self, flight: &Flight) -> Result<(), String> {
        let period = f64::from(self.gpu.queue().get_timestamp_period()) * 1e-6;
        let start = self.readback_size(flight.rows).next_multiple_of(8);
        let end = start + 16 * flight.timed.len() as u64;
        let Some(clocks) = &mut self.clocks else { return Ok(()) };
        let unreadable = |_| "its clock could not be read".to_owned();
        let bytes = flight.readback.slice(start..end).get_mapped_range().map_err(unreadable)?;
        let stamps: Vec<u64> = bytemuck::pod_collect_to_vec(&bytes[..]);
        for (name, pair) in flight.timed.iter().zip(stamps.chunks_exact(2)) {
            let time = pair[1].saturating_sub(pair[0]) as f64 * period;
            match clocks.times.kernels.iter_mut().find(|(kernel, _)| kernel == name) {
                Some((_, sum)) => *sum += time,
                None => clocks.times.kernels.push((name, time)),
            }
        }
        if let (Some(first), Some(last)) = (stamps.first(), stamps.last()) {
            clocks.times.span += last.saturating_sub(*first) as f64 * period;
        }
        clocks.times.iterations += flight.iterations;
        Ok(())
    }
}

/// Orders of so many samples that are uploaded at a time.
fn orders_at_once(samples: usize) -> usize {
    (ORDERED / samples.max(1)).clamp(1, 16)
}
