// What all programs share: bindings, the device's own account of the fit, and sums that keep their digits.

// Set ahead of this text: D, the dimension; COMPONENTS, the most there may be; ROW, the numbers a row of the history.
const WORKGROUP: u32 = 256u;

// Where a dispatch begins, for a pass that is split over several submissions.
struct Piece {
    first: u32,
}

// The beginning of every model's settings.
struct FitSettings {
    // Components there are.
    components: u32,
    // Points there are.
    count: u32,
    // Points that an iteration takes.
    batch: u32,
    // Workgroups that a pass over the points is divided among.
    workgroups: u32,
    // Taken off each point's log₂ density, so that sums of them stay small.
    reference: f32,
    // The fit has converged when the objective changes by less.
    tolerance: f32,
    // What turns a sum of log₂ densities into the objective.
    objective_scale: f32,
    // The sum of the points' weights.
    total_weight: f32,
}

// (high + low) · unit: a sum with more digits than one number has. The unit is a power of two, or below 0 where the sum is not
// finite.
struct Exact {
    high: i32,
    low: f32,
    unit: f32,
}

const RUNNING: u32 = 0u;
// The objective changed by less than the tolerance.
const CONVERGED: u32 = 1u;
// The next iteration needs double precision, or has no finite parameters: the host takes it.
const ATTENTION: u32 = 2u;

struct Control {
    // Iterations done since the state was uploaded.
    iteration: u32,
    // Anything but RUNNING turns what follows into no-ops.
    stopped: u32,
    // Rows of history written in this submission.
    rows: u32,
    // The first of the present batch among the uploaded orders of samples.
    place: u32,
    // Steps that the optimizer has done.
    step: u32,
    // Whether `total` has yet to be judged.
    pending: u32,
    // Whether `last` holds an objective.
    known: u32,
    padding: u32,
    // The objective's sum at the present parameters.
    total: Exact,
    // The same, one iteration ago.
    last: Exact,
}

@group(0) @binding(1) var<uniform> piece: Piece;
@group(0) @binding(2) var<storage, read_write> control: Control;
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;
@group(0) @binding(6) var<storage, read_write> sums: array<f32>;
@group(0) @binding(7) var<storage, read_write> history: array<i32>;

// One component as the sums take it, twin of `moments::Component`. Of fewer than three dimensions the others are those of a unit
// matrix.
struct Component {
    mean: vec3<f32>,
    // In base 2, with offsets scaled so that the kernel is 2^(log_scale + log_scale_low − |u|²). In two parts: its rounding would be
    // the same for all points, and would not even out.
    log_scale: f32,
    // The diagonal of the whitening matrix, times √(½ log₂ e).
    diagonal: vec3<f32>,
    amplitude: f32,
    // Its entries below: (1, 0), (2, 0), (2, 1).
    below: vec3<f32>,
    log_scale_low: f32,
}

@group(0) @binding(4) var<storage, read_write> components: array<Component>;

// √(½ log₂ e)
const OFFSET_SCALE: f32 = 0.8493218002880191;
const LN_2: f32 = 0.6931471805599453;
const LOG2_E: f32 = 1.4426950408889634;
// log₂ √(2π) and log₂ √(½ log₂ e): what a dimension takes off a log-density beside the scaled whitening matrix's determinant.
const LOG2_NORMALIZATION: f32 = 1.090131251208608;
// A log-scale that no other loses against.
const NOTHING: f32 = -1e30;

fn finite(value: f32) -> bool {
    // Comparisons may assume that there is neither NaN nor infinity; bits may not.
    return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

fn finite3(value: vec3<f32>) -> bool {
    return finite(value.x) && finite(value.y) && finite(value.z);
}

// Whether the present submission is to go on; uniform over the workgroup.
var<workgroup> present_state: u32;

fn running(lane: u32) -> bool {
    if lane == 0u {
        present_state = control.stopped;
    }
    return workgroupUniformLoad(&present_state) == RUNNING;
}

// The sum of row `row` of the partial sums, `width` wide, exact but for the partial sums' own rounding: their whole multiples of a
// power of two are added as integers, what is left over as numbers below 1024. No rewriting of floating-point
// expressions that a compiler may do can harm it.
fn exact_sum(row: u32, width: u32, lane: u32, preferred: f32) -> Exact {
    var largest = 0.0;
    var broken = 0;
    for (var i = lane; i < width; i += WORKGROUP) {
        let value = partials[row * width + i];
        largest = max(largest, abs(value));
        broken += select(1, 0, finite(value));
    }
    largest = workgroup_max(largest, lane);
    if workgroup_sum_i32(broken, lane) > 0 {
        return Exact(0, 0.0, -1.0);
    }
    // At most 2²⁰ units a partial sum and 1024 of them.
    let exponent = clamp(i32(bitcast<u32>(largest) >> 23u) - 19, 1, 200);
    var unit = bitcast<f32>(u32(exponent) << 23u);
    // The same unit as before, where it will do, lets sums be subtracted.
    if preferred >= unit && preferred <= 64.0 * unit {
        unit = preferred;
    }
    let scale = 1.0 / unit;
    var high = 0;
    var low = 0.0;
    for (var i = lane; i < width; i += WORKGROUP) {
        let scaled = partials[row * width + i] * scale;
        let whole = floor(scaled);
        high += i32(whole);
        low += scaled - whole;
    }
    return Exact(workgroup_sum_i32(high, lane), workgroup_sum(low, lane), unit);
}

// Judges the objective at the present parameters, by one invocation: notes it, in the first four numbers of a row, and stops where it
// changed by less than `tolerance`. Returns whether it is finite.
fn settle(tolerance: f32, scale: f32) -> bool {
    if control.pending == 0u {
        return true;
    }
    control.pending = 0u;
    let total = control.total;
    if total.unit < 0.0 {
        control.stopped = ATTENTION;
        return false;
    }
    let row = control.rows * ROW;
    history[row] = i32(control.iteration);
    history[row + 1u] = total.high;
    history[row + 2u] = bitcast<i32>(total.low);
    history[row + 3u] = bitcast<i32>(total.unit);
    control.rows += 1u;
    if control.known != 0u && total.unit == control.last.unit {
        let change = (f32(total.high - control.last.high) + (total.low - control.last.low)) * total.unit * scale;
        if abs(change) < tolerance {
            control.stopped = CONVERGED;
        }
    }
    control.last = total;
    control.known = 1u;
    return true;
}
