//! The shared checks and the reference vectors in WebAssembly, in a dedicated Worker, where the playground runs them.
#![cfg(target_arch = "wasm32")]

mod common;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

common::shared_checks!(wasm_bindgen_test, worker);
