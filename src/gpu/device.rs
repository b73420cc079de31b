//! The device: found, opened, watched.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use super::absence::Absence;
#[cfg(target_arch = "wasm32")]
use super::browser;
use super::program::Program;
use super::source::Source;

/// What to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whether subgroups may be used where the adapter has them.
    pub subgroups: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self { subgroups: true }
    }
}

/// A device that is ready to fit. Clones are the same device.
#[derive(Clone)]
pub struct Gpu(Rc<Inner>);

struct Inner {
    device: wgpu::Device,
    queue: wgpu::Queue,
    name: String,
    software: bool,
    subgroups: bool,
    timestamps: bool,
    programs: RefCell<HashMap<Source, Rc<Program>>>,
    /// Why it can no longer be used.
    failure: Arc<Mutex<Option<String>>>,
    live_buffers: Rc<Cell<usize>>,
    dispatches: Cell<u64>,
}

impl Gpu {
    /// Finds an adapter, the faster one where there are two, and opens a device with the default limits.
    ///
    /// # Errors
    /// What is missing.
    pub async fn request(request: Request) -> Result<Self, Absence> {
        #[cfg(target_arch = "wasm32")]
        if !browser::present() {
            return Err(Absence::NoWebGpu);
        }
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::VULKAN | wgpu::Backends::BROWSER_WEBGPU;
        let instance = wgpu::Instance::new(descriptor);
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|_| Absence::NoAdapter)?;
        let info = adapter.get_info();
        let mut wanted = wgpu::Features::TIMESTAMP_QUERY;
        if request.subgroups {
            wanted |= wgpu::Features::SUBGROUP;
        }
        let features = adapter.features() & wanted;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("gaussian-playground"),
            required_features: features,
            required_limits: wgpu::Limits::default(),
            ..Default::default()
        };
        #[cfg(target_arch = "wasm32")]
        let (name, subgroups, opening) = {
            let raw = browser::Adapter::request().await.ok_or(Absence::NoAdapter)?;
            let subgroups = request.subgroups && raw.has_subgroups();
            let open = || adapter.request_device(&descriptor);
            (raw.name(), subgroups, if subgroups { raw.with_subgroups(open) } else { open() })
        };
        #[cfg(not(target_arch = "wasm32"))]
        let (name, subgroups, opening) = {
            let subgroups = features.contains(wgpu::Features::SUBGROUP);
            (info.name.clone(), subgroups, adapter.request_device(&descriptor))
        };
        let (device, queue) = opening.await.map_err(|error| Absence::Device(error.to_string()))?;
        let failure = Arc::new(Mutex::new(None));
        let note = |failure: &Arc<Mutex<Option<String>>>, message: String| {
            if let Ok(mut failure) = failure.lock() {
                failure.get_or_insert(message);
            }
        };
        let noted = failure.clone();
        device.set_device_lost_callback(move |_, message| note(&noted, format!("the device was lost: {message}")));
        let noted = failure.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| note(&noted, error.to_string())));
        Ok(Self(Rc::new(Inner {
            device,
            queue,
            name,
            software: info.device_type == wgpu::DeviceType::Cpu,
            subgroups,
            timestamps: features.contains(wgpu::Features::TIMESTAMP_QUERY),
            programs: RefCell::new(HashMap::new()),
            failure,
            live_buffers: Rc::new(Cell::new(0)),
            dispatches: Cell::new(0),
        })))
    }

    /// What the adapter calls itself; may be empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the adapter is a program that imitates a graphics processor.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.0.software
    }

    /// Whether sums over a workgroup go by subgroups.
    #[must_use]
    pub fn has_subgroups(&self) -> bool {
        self.0.subgroups
    }

    /// Whether kernels can be timed.
    #[must_use]
    pub fn has_timestamps(&self) -> bool {
        self.0.timestamps
    }

    /// Dispatches submitted so far.
    #[must_use]
    pub fn dispatches(&self) -> u64 {
        self.0.dispatches.get()
    }

    /// Buffers that are alive.
    #[must_use]
    pub fn live_buffers(&self) -> usize {
        self.0.live_buffers.get()
    }

    /// Why it can no longer be used.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.0.failure.lock().ok().and_then(|failure| failure.clone())
    }

    /// Gives the device up: all that runs on it fails from here on.
    pub fn destroy(&self) {
        self.0.device.destroy();
    }

    /// Points that one set may have.
    #[must_use]
    pub fn most_points(&self) -> usize {
        let limits = self.0.device.limits();
        (limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) / 4) as usize
    }

    pub(super) fn device(&self) -> &wgpu::Device {
        &self.0.device
    }

    pub(super) fn queue(&self) -> &wgpu::Queue {
        &self.0.queue
    }

    pub(super) fn count_dispatches(&self, count: u64) {
        self.0.dispatches.set(self.0.dispatches.get() + count);
    }

    /// The compiled program, from memory where it was compiled before.
    pub(super) fn program(&self, source: Source) -> Rc<Program> {
        let known = self.0.programs.borrow().get(&source).cloned();
        known.unwrap_or_else(|| {
            let program = Rc::new(Program::new(&self.0.device, source, self.0.subgroups));
            self.0.programs.borrow_mut().insert(source, program.clone());
            program
        })
    }

    /// Makes a buffer of `size` bytes.
    pub(super) fn buffer(&self, size: u64, usage: wgpu::BufferUsages) -> Buffer {
        let descriptor = wgpu::BufferDescriptor { label: None, size: size.max(16), usage, mapped_at_creation: false };
        self.0.live_buffers.set(self.0.live_buffers.get() + 1);
        Buffer { buffer: self.0.device.create_buffer(&descriptor), live: self.0.live_buffers.clone() }
    }

    /// Lets the device get on, where nobody else does.
    pub(super) fn poll(&self) {
        // In a browser this does nothing; a failure shows in `failure`.
        let _ = self.0.device.poll(wgpu::PollType::Poll);
    }
}

/// A buffer that is freed, and counted off, when it is dropped.
pub struct Buffer {
    buffer: wgpu::Buffer,
    live: Rc<Cell<usize>>,
}

impl std::ops::Deref for Buffer {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        &self.buffer
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.buffer.destroy();
        self.live.set(self.live.get() - 1);
    }
}
