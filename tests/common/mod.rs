//! Checks that run natively, in the page and in a dedicated Worker alike.
#![allow(dead_code, reason = "each test program uses the checks that concern it")]

pub mod fits;
pub mod reference;
pub mod reproducible;
pub mod sum_of_gaussians;

/// The reference vectors as they were when this was compiled.
pub fn embedded_vectors_agree() {
    let outcome = reference::run_embedded();
    assert!(outcome.failures.is_empty(), "{}", outcome.failures.join("\n"));
}

/// Makes a test of each shared check, under the given attribute; `browser` adds those that only WebAssembly runs.
macro_rules! shared_checks {
    ($attribute:meta) => {
        $crate::common::shared_checks! { @each $attribute
            fits::old_faithful_ends_where_the_literature_says
            fits::shifted_and_scaled_data_get_the_same_responsibilities
            fits::a_collapsed_component_is_held_and_marked
            fits::an_empty_component_keeps_its_place_until_it_is_moved
            fits::bad_points_and_settings_get_a_sentence_and_change_nothing
            fits::stopping_rules_act_on_the_running_fit
            fits::a_restored_snapshot_goes_on_bit_for_bit
            fits::a_restart_really_restarts
            fits::every_covariance_type_has_its_shape
            fits::own_tables_become_data
            reproducible::recipes_make_the_same_data_everywhere
            sum_of_gaussians::every_optimizer_lowers_the_loss
            sum_of_gaussians::predictions_give_the_recorded_errors
            sum_of_gaussians::a_restored_sum_goes_on_bit_for_bit
            sum_of_gaussians::foreign_snapshots_of_sums_are_refused
            sum_of_gaussians::each_epoch_takes_each_sample_once_in_a_new_order
            sum_of_gaussians::pruning_removes_the_least_for_good
            sum_of_gaussians::a_learning_rate_that_diverges_stops_at_the_last_finite_iteration
            sum_of_gaussians::rates_and_penalties_act_on_the_running_fit
            sum_of_gaussians::spread_of_one_and_of_coincident_centres_is_finite
            sum_of_gaussians::singular_factors_need_an_epsilon
            sum_of_gaussians::unusable_samples_of_sums_are_refused
            sum_of_gaussians::targets_of_zero_are_fitted_by_nothing
            sum_of_gaussians::own_data_start_where_they_are
            sum_of_gaussians::one_gaussian_is_recovered
            sum_of_gaussians::optimizers_without_gradients_are_refused_for_now
        }
    };
    ($attribute:meta, browser) => {
        $crate::common::shared_checks!($attribute);
        $crate::common::shared_checks! { @each $attribute
            reproducible::parameters_after_a_hundred_iterations_are_the_same_bits
        }

        #[$attribute]
        fn embedded_vectors_agree() {
            common::embedded_vectors_agree();
        }
    };
    (@each $attribute:meta $($module:ident::$check:ident)+) => {
        $(#[$attribute] fn $check() { common::$module::$check(); })+
    };
}
pub(crate) use shared_checks;
