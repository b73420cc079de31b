//! Fits on the graphics processor against the same fits on the processor. In a browser, in a Worker, these run on WebGPU; natively on
//! Vulkan, where the feature `native-gpu` is on. A device that is missing fails them: none is ever skipped.

#![cfg(any(target_arch = "wasm32", feature = "native-gpu"))]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Declares tests that wait: each is an `async fn` of the module that is named.
macro_rules! device_tests {
    ($($module:ident::$test:ident,)+) => {
        $(
            #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
            #[cfg(target_arch = "wasm32")]
            async fn $test() {
                checks::$module::$test().await;
            }

            #[cfg(not(target_arch = "wasm32"))]
            #[test]
            fn $test() {
                checks::block_on(checks::$module::$test());
            }
        )+
    };
}

#[path = "device/checks.rs"]
mod checks;

device_tests! {
    em_mixture::em_agrees_in_every_dimension_and_number_of_components,
    em_mixture::em_agrees_for_every_covariance,
    em_mixture::em_heeds_weights,
    em_mixture::em_stops_where_the_processor_stops,
    sparse_mixture::sparse_mixture_agrees_in_every_dimension_and_number_of_components,
    sparse_mixture::sparse_mixture_agrees_for_every_optimizer,
    sparse_mixture::sparse_mixture_heeds_weights,
    sparse_mixture::sparse_mixture_fits_the_spiral_as_it_comes,
    sparse_mixture::sparse_mixture_takes_over_settings_while_it_runs,
    sparse_mixture::sparse_mixture_goes_on_from_a_snapshot_of_the_device,
    sparse_mixture::sparse_mixture_that_diverges_says_so,
    sparse_mixture::sparse_mixture_says_what_keeps_it_from_the_device,
}
