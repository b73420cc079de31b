//! Checks that run natively, in the page and in a dedicated Worker alike.
#![allow(dead_code, reason = "each test program uses the checks that concern it")]

pub mod bayesian;
pub mod fits;
pub mod reference;
pub mod reproducible;

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
            bayesian::restored_bayesian_mixtures_go_on_bit_for_bit
            bayesian::foreign_snapshots_are_refused
            bayesian::the_bound_never_falls
            bayesian::more_components_than_points_rest_at_their_prior
            bayesian::one_component_and_tight_points_stay_finite
            bayesian::starts_and_priors_are_in_the_units_of_the_data
            bayesian::unusable_parameters_get_a_sentence
            bayesian::a_learning_rate_that_diverges_stops_the_fit
            bayesian::settings_act_on_the_running_bayesian_mixture
            reproducible::recipes_make_the_same_data_everywhere
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
