//! Checks that run natively, in the page and in a dedicated Worker alike.
#![allow(dead_code, reason = "each test program uses the checks that concern it")]

pub mod fits;
pub mod peaks;
pub mod recovery;
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
            peaks::points_are_those_of_numpy
            peaks::one_problem_is_recovered
            peaks::poor_samples_end_without_harm
            peaks::poor_starts_descend_without_harm
            peaks::parameters_go_there_and_back
            peaks::a_restored_fit_of_peaks_goes_on_bit_for_bit
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
