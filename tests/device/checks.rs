//! What the checks of all models share.

pub mod bump;
pub mod em_mixture;
pub mod experiment;
pub mod sparse_mixture;
pub mod sum_of_gaussians;

use std::cell::RefCell;

use gaussian_playground::experiment::{Backend, Fit, Place};
use gaussian_playground::gpu::{Gpu, Request};
use gaussian_playground::settings::BackendChoice;

thread_local! {
    /// Opened devices, without and with subgroups: their programs take a second each to compile in software.
    static DEVICES: RefCell<[Option<&'static Gpu>; 2]> = const { RefCell::new([None, None]) };
}

/// A device, with or without subgroups; without one there is no test.
pub async fn device(subgroups: bool) -> Gpu {
    let open = DEVICES.with_borrow(|devices| devices[usize::from(subgroups)]);
    if let Some(gpu) = open.filter(|gpu| gpu.failure().is_none()) {
        return gpu.clone();
    }
    let gpu = Gpu::request(Request { subgroups }).await.expect("these tests need a device");
    assert_eq!(gpu.has_subgroups(), subgroups, "the device must have subgroups, so that both sums are tested");
    // Never given back: a driver may be gone when the thread ends.
    DEVICES.with_borrow_mut(|devices| devices[usize::from(subgroups)] = Some(Box::leak(Box::new(gpu.clone()))));
    gpu
}

/// Does `iterations` on the device, and makes sure that it did.
pub async fn iterate(fit: &mut dyn Fit, gpu: &Gpu, iterations: usize) {
    let mut backend = Backend::new(Some(BackendChoice::Gpu));
    backend.connect(gpu.clone());
    iterate_with(&mut backend, fit, gpu, iterations).await;
}

/// Does `iterations` on the device by a backend that stays, and makes sure that it did.
pub async fn iterate_with(backend: &mut Backend, fit: &mut dyn Fit, gpu: &Gpu, iterations: usize) {
    let (before, dispatches) = (fit.iteration(), gpu.dispatches());
    assert!(matches!(backend.place(fit), Place::Gpu(_)), "{:?}", backend.place(fit));
    finish(backend, fit, iterations).await;
    assert_eq!(backend.take_notice(), "");
    assert!(matches!(backend.place(fit), Place::Gpu(_)), "fell back: {:?}", backend.place(fit));
    assert!(fit.iteration() > before && gpu.dispatches() > dispatches, "nothing was dispatched");
    assert_eq!(gpu.failure(), None);
}

/// Asks for `iterations` and waits for them, wherever they run.
pub async fn finish(backend: &mut Backend, fit: &mut dyn Fit, iterations: usize) {
    backend.ask(iterations);
    while backend.is_busy(fit) {
        backend.poll(fit);
        pause().await;
    }
}

/// Does `iterations` on the processor.
pub fn iterate_here(fit: &mut dyn Fit, iterations: usize) {
    for _ in 0..iterations {
        fit.step();
    }
}

/// Whether all numbers are within `tolerance` of each other, relative where they are above 1.
#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let distance = (found - expected).abs() / expected.abs().max(1.0);
        assert!(distance <= tolerance, "{what}: number {place} is {found} instead of {expected}");
    }
}

/// Lets the device and the browser get on.
#[cfg(target_arch = "wasm32")]
pub async fn pause() {
    use wasm_bindgen::JsCast;
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let timeout = js_sys::Reflect::get(&js_sys::global(), &"setTimeout".into()).expect("Workers have timers");
        let timeout: js_sys::Function = timeout.unchecked_into();
        timeout.call2(&wasm_bindgen::JsValue::NULL, &resolve, &0.into()).expect("timers start");
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.expect("timers end");
}

#[cfg(not(target_arch = "wasm32"))]
pub async fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(1));
}

/// Waits for a future natively, where nothing sleeps for long.
#[cfg(not(target_arch = "wasm32"))]
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}
