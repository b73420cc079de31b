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
    bump::bumps_agree_for_every_optimizer,
    bump::bumps_agree_with_features_and_large_batches,
    bump::bumps_are_recorded_where_the_processor_records,
    bump::bumps_break_where_the_processors_break,
    bump::bumps_vanish_where_the_processors_vanish,
    bump::bumps_go_on_from_a_snapshot,
    bump::bumps_heed_the_learning_rate_while_they_run,
    bump::bumps_that_need_more_digits_stay,
    em_mixture::em_agrees_in_every_dimension_and_number_of_components,
    em_mixture::em_agrees_for_every_covariance,
    em_mixture::em_heeds_weights,
    em_mixture::em_stops_where_the_processor_stops,
}
