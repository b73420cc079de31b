//! The same bits in WebAssembly, in the page.
#![cfg(target_arch = "wasm32")]

mod common;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

common::shared_checks!(wasm_bindgen_test, page);
