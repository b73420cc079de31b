//! The shared checks and the reference vectors in WebAssembly, in the page.
#![cfg(target_arch = "wasm32")]

mod common;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

common::shared_checks!(wasm_bindgen_test);

#[wasm_bindgen_test]
fn fits_agree_with_the_reference_vectors() {
    let outcome = common::reference::run(common::embedded_reference);
    assert_eq!(outcome.files, common::reference::FILES.len());
    assert!(outcome.failures.is_empty(), "{}", outcome.failures.join("\n"));
}

#[wasm_bindgen_test]
fn parameters_after_a_hundred_iterations_are_the_same_bits() {
    common::reproducible::parameters_after_a_hundred_iterations_are_the_same_bits();
}
