//! Holds the fits to the reference vectors in the folder that `REFERENCE_DIR` names, by default `tests/reference/`.
//!
//! A program of its own, because it prints what it ran and ends with a line that sums up.

#[cfg(not(target_arch = "wasm32"))]
#[path = "common/reference/mod.rs"]
#[allow(dead_code, reason = "the embedded run is for browsers")]
mod reference;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::path::PathBuf;
    use std::process::ExitCode;

    let folder = std::env::var_os("REFERENCE_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference"), PathBuf::from);
    let outcome = reference::run(|name| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    });
    print!("{}", outcome.lines);
    for failure in &outcome.failures {
        println!("FAILED {failure}");
    }
    println!("reference: {} files, {} cases, {} skipped", outcome.files, outcome.cases, outcome.skipped);
    if outcome.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// In WebAssembly `worker.rs` runs the vectors.
#[cfg(target_arch = "wasm32")]
fn main() {}
