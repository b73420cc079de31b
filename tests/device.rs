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
    experiment::reports_say_what_runs_and_why,
    experiment::a_fit_goes_on_here_when_the_device_is_lost,
    experiment::links_change_settings_on_time_and_moments_can_be_gone_back_to,
    experiment::changes_leak_no_buffers,
    experiment::the_machine_is_measured,
    experiment::too_many_points_are_refused_with_a_sentence,
    sum_of_gaussians::sums_by_residual_agree,
    sum_of_gaussians::sums_of_gaussians_agree,
    sum_of_gaussians::sums_of_gaussians_heed_every_rule,
    sum_of_gaussians::pruning_leaves_the_same_components,
    sum_of_gaussians::pruning_may_begin_while_iterations_are_on_their_way,
    sum_of_gaussians::settings_act_on_sums_on_the_device,
    sum_of_gaussians::a_sum_goes_on_on_the_processor,
    sum_of_gaussians::divergent_sums_fail_on_the_device_as_on_the_processor,
    sparse_mixture::sparse_mixture_agrees_in_every_dimension_and_number_of_components,
    sparse_mixture::sparse_mixture_agrees_for_every_optimizer,
    sparse_mixture::sparse_mixture_heeds_weights,
    sparse_mixture::sparse_mixture_fits_the_spiral_as_it_comes,
    sparse_mixture::sparse_mixture_takes_over_settings_while_it_runs,
    sparse_mixture::sparse_mixture_goes_on_from_a_snapshot_of_the_device,
    sparse_mixture::sparse_mixture_that_diverges_says_so,
    sparse_mixture::sparse_mixture_says_what_keeps_it_from_the_device,
}
