//! Checks that run natively, in the page and in a dedicated Worker alike.
#![allow(dead_code, reason = "each test program uses the checks that concern it")]

pub mod bayesian;
pub mod bump;
pub mod em_mixture;
pub mod fits;
pub mod links;
pub mod peaks;
pub mod placing;
pub mod recovery;
pub mod reference;
pub mod reproducible;
pub mod rewind;
pub mod sparse_mixture;
pub mod sum_of_gaussians;
pub mod trouble;

/// The reference vectors as they were when this was compiled.
pub fn embedded_vectors_agree() {
    let outcome = reference::run_embedded();
    assert!(outcome.failures.is_empty(), "{}", outcome.failures.join("\n"));
}

/// Makes a test of each shared check, under the given attribute. In a Worker, where the playground runs, WebAssembly adds checks of
/// its own; the page takes those alone, because the module and its lanes are the same in both.
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
            bayesian::restored_bayesian_mixtures_go_on_bit_for_bit
            bayesian::foreign_snapshots_are_refused
            bayesian::the_bound_never_falls
            bayesian::more_components_than_points_rest_at_their_prior
            bayesian::one_component_and_tight_points_stay_finite
            bayesian::starts_and_priors_are_in_the_units_of_the_data
            bayesian::standardized_mixtures_are_those_of_scaled_data
            bayesian::a_standardized_bound_is_that_of_scaled_priors
            bayesian::constant_columns_and_wide_data_can_be_standardized
            bayesian::unusable_parameters_get_a_sentence
            bayesian::a_learning_rate_that_diverges_stops_the_fit
            bayesian::settings_act_on_the_running_bayesian_mixture
            bayesian::the_parts_add_up
            bayesian::labels_can_be_swapped
            bayesian::different_priors_tell_labels_apart
            bayesian::an_order_is_kept
            bayesian::a_swap_is_an_edit_that_can_be_gone_back_behind
            bayesian::weight_can_be_shared_otherwise
            bayesian::lists_of_priors_are_settings
            bump::sigma_is_learned_from_a_start_below_a_tenth
            bump::the_form_as_asked_never_moves
            bump::one_where_ends_in_nan_and_the_others_go_on
            bump::beyond_one_two_where_overflow_and_the_safe_form_learns
            bump::least_squares_finds_sigma_in_a_few_steps
            bump::each_feature_learns_its_own_sigma
            bump::a_restored_bump_fit_goes_on_bit_for_bit
            bump::a_restored_sweep_goes_on_bit_for_bit
            bump::foreign_bump_snapshots_are_refused
            bump::settings_act_on_the_running_bump_fit
            bump::sigma_driven_to_zero_stays_there
            bump::a_diverging_bump_keeps_the_last_finite_parameters
            bump::bad_bump_samples_get_a_sentence
            bump::targets_that_nobody_filters_stop_every_form
            bump::bumps_are_fitted_to_targets_that_are_all_zero
            bump::a_sweep_over_few_points_goes_through
            em_mixture::weights_repeat_points_or_leave_them_out
            em_mixture::the_sources_blobs_are_recovered
            em_mixture::the_sources_iteration_recovers_from_nearly_every_start
            em_mixture::restarts_really_re_seed_and_keep_the_best
            em_mixture::information_criteria_find_the_number_of_components
            em_mixture::unusable_weights_get_a_sentence
            peaks::points_are_those_of_numpy
            peaks::one_problem_is_recovered
            peaks::poor_samples_end_without_harm
            peaks::poor_starts_descend_without_harm
            peaks::parameters_go_there_and_back
            peaks::a_restored_fit_of_peaks_goes_on_bit_for_bit
            sparse_mixture::the_spirals_cost_falls_as_in_the_tutorial
            sparse_mixture::a_sparse_snapshot_goes_on_bit_for_bit
            sparse_mixture::sparse_settings_act_on_the_running_fit
            sparse_mixture::standardizing_is_fitting_scaled_data
            sparse_mixture::weights_of_the_sparse_mixture_repeat_points
            sparse_mixture::gradients_that_are_never_cleared_diverge
            sparse_mixture::a_sparse_fit_that_diverges_stops
            sparse_mixture::bad_input_of_the_sparse_mixture_gets_its_answer
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
            sum_of_gaussians::residual_peaks_find_every_gaussian
            sum_of_gaussians::least_squares_end_at_the_minimum
            sum_of_gaussians::restored_least_squares_go_on_bit_for_bit
            sum_of_gaussians::least_squares_take_bad_input
            sum_of_gaussians::amplitudes_of_least_squares_may_turn_negative
            sum_of_gaussians::covariances_trained_themselves_are_lost_on_the_way
            sum_of_gaussians::a_start_without_covariances_fails_and_harms_nothing
            sum_of_gaussians::glorot_widths_are_those_of_keras
            sum_of_gaussians::covariances_trained_themselves_can_be_placed
            reproducible::recipes_make_the_same_data_everywhere
            links::a_link_with_changes_goes_the_same_way
            links::scheduled_changes_survive_a_reset
            links::a_link_that_cannot_be_opens_what_can
            placing::half_steps_make_the_same_iterations
            placing::the_next_components_are_those_of_the_next_step
            placing::fits_placed_where_another_is_are_as_good
            placing::one_placed_component_is_where_it_was_put
            placing::what_cannot_be_placed_changes_nothing
            placing::components_move_to_where_the_fit_is_worst
            trouble::usual_fits_have_no_troubles
            trouble::a_fit_that_failed_goes_back_and_on
            trouble::targets_that_stop_every_bump_are_filtered
            trouble::a_fit_without_covariances_gets_factors
            trouble::a_fit_that_diverges_goes_back_to_where_it_was_best
            trouble::a_collapsed_component_is_moved
            trouble::an_empty_component_is_moved
            trouble::a_lost_component_is_moved
            trouble::one_of_two_components_at_one_place_is_moved
            trouble::a_learning_rate_that_moves_nothing_is_raised
            trouble::drawn_points_are_those_of_the_fit
            trouble::tables_tell_all
            rewind::every_fit_plays_backwards_and_on_in_the_same_bits
            rewind::a_seek_goes_on_in_slices
            rewind::settings_and_edits_in_between_are_heeded
            rewind::what_stops_a_fit_comes_back_with_the_moment
            rewind::a_failed_fit_can_be_looked_into
            rewind::moments_of_ten_thousand_iterations_are_few
        }
    };
    ($attribute:meta, worker) => {
        $crate::common::shared_checks!($attribute);
        $crate::common::shared_checks!($attribute, page);

        #[$attribute]
        fn embedded_vectors_agree() {
            common::embedded_vectors_agree();
        }
    };
    ($attribute:meta, page) => {
        $crate::common::shared_checks! { @each $attribute
            reproducible::parameters_after_a_hundred_iterations_are_the_same_bits
            reproducible::every_experiment_plays_in_the_same_bits
        }
    };
    (@each $attribute:meta $($module:ident::$check:ident)+) => {
        $(#[$attribute] fn $check() { common::$module::$check(); })+
    };
}
pub(crate) use shared_checks;
