//! Milliseconds.

/// Milliseconds on a clock that only goes forward.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn now() -> f64 {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance, js_name = now)]
        fn performance_now() -> f64;
    }
    performance_now()
}

/// Milliseconds on a clock that only goes forward.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn now() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}
