//! Iterations on the processor and on the graphics processor, side by side: the program of `npm run bench:device`.
//!
//! ```text
//! cargo run --release --features native-gpu --example device -- MODEL POINTS COMPONENTS MILLISECONDS
//! ```
//!
//! MODEL is `em` or `sum-of-gaussians`, with all points in one step. Prints one line of JSON: pairs (point × component) a second on
//! both, and where the device has a clock, how its time splits. In WebAssembly `device.mjs` calls [`measure`].

use gaussian_playground::dataset::{Axis, Dataset, Regression, Samples};
use gaussian_playground::experiment::{EmFit, Fit, SumOfGaussiansFit};
use gaussian_playground::gpu::{Gpu, Request, Run, now};
use gaussian_playground::numeric::random::{Purpose, Stream};
use gaussian_playground::settings::{
    EmMixtureSettings, Initialization, SumOfGaussiansDataset, SumOfGaussiansInitialization, SumOfGaussiansSettings,
};
use serde_json::{Value, json};
use wide::f32x4;

fn axes() -> Vec<Axis> {
    vec![Axis::unitless("x"), Axis::unitless("y")]
}

/// Points of as many overlapping Gaussians as there are components.
fn points(count: usize, components: usize) -> Vec<f64> {
    let mut stream = Stream::new(1, Purpose::Data);
    let centres: Vec<[f64; 2]> = (0..components).map(|_| [10.0 * stream.uniform(), 10.0 * stream.uniform()]).collect();
    (0..count)
        .flat_map(|i| {
            let [x, y] = centres[i % components];
            [x + stream.normal(), y + 0.7 * stream.normal()]
        })
        .collect()
}

/// A fit without an end.
fn open(model: &str, count: usize, components: usize) -> Result<Box<dyn Fit>, String> {
    let said = |error: gaussian_playground::error::Error| error.to_string();
    let number = u32::try_from(components).map_err(|error| error.to_string())?;
    let inputs = points(count, components);
    if model == "em" {
        let settings = EmMixtureSettings {
            components: number,
            initialization: Initialization::Points,
            tolerance: 0.0,
            max_iterations: u32::MAX,
            ..EmMixtureSettings::default()
        };
        let data = Dataset::new("Timing", axes(), inputs).map_err(said)?;
        return Ok(Box::new(EmFit::<f32x4, 2>::new(&data, &settings).map_err(said)?));
    }
    let settings = SumOfGaussiansSettings {
        dataset: SumOfGaussiansDataset::Own,
        components: number,
        initialization: SumOfGaussiansInitialization::Box,
        batch_size: u32::MAX,
        epochs: u32::MAX,
        ..SumOfGaussiansSettings::default()
    };
    let targets = inputs.chunks_exact(2).map(|point| (0.3 * point[0]).sin() * (0.2 * point[1]).cos()).collect();
    let train = Samples { inputs, targets };
    let data = Regression::new("Timing", axes(), Axis::unitless("z"), train, Samples::default()).map_err(said)?;
    Ok(Box::new(SumOfGaussiansFit::<f32x4, 2>::new(&data, &settings).map_err(said)?))
}

/// Iterations for about so long, after one that does not count; milliseconds an iteration.
fn on_processor(fit: &mut dyn Fit, milliseconds: f64) -> f64 {
    fit.step();
    let (start, mut iterations) = (now(), 0);
    loop {
        fit.step();
        iterations += 1;
        let passed = now() - start;
        if passed >= milliseconds {
            return passed / f64::from(iterations);
        }
    }
}

/// Waits until a run has nothing on its way.
async fn land(run: &mut Run) -> Result<(), String> {
    loop {
        run.poll()?;
        run.advance();
        if !run.is_busy() {
            return Ok(());
        }
        pause().await;
    }
}

/// The same on the device: milliseconds an iteration as the host sees them, then, where the device has a clock, of each kernel, and
/// between them.
async fn on_device(fit: &mut dyn Fit, gpu: &Gpu, milliseconds: f64) -> Result<(f64, Value), String> {
    let fit = fit.on_device().map_err(str::to_owned)?;
    let mut run = Run::new(gpu, fit.problem())?;
    // Long enough that the size of submissions settles.
    let mut iterations = 1;
    let each = loop {
        let start = now();
        run.want(iterations);
        run.advance();
        land(&mut run).await?;
        let passed = run.last_done() - start;
        if passed >= milliseconds {
            break passed / iterations as f64;
        }
        iterations = (iterations * 2)
            .max((iterations as f64 * 1.2 * milliseconds / passed.max(1.0)) as usize)
            .min(iterations * 16);
    };
    run.time_kernels();
    run.want((milliseconds / each).clamp(1.0, 200.0) as usize);
    run.advance();
    land(&mut run).await?;
    let split = run.times().filter(|times| times.iterations > 0).map(|times| {
        let of = |time: f64| 1e3 * time / times.iterations as f64;
        let kernels: serde_json::Map<String, Value> =
            times.kernels.iter().map(|&(name, time)| (name.to_owned(), json!(of(time)))).collect();
        json!({ "kernels": kernels, "gaps": of(times.gaps()) })
    });
    Ok((each, split.unwrap_or(Value::Null)))
}

/// Measures one model at one size on both; times of kernels and of the gaps between them in microseconds an iteration.
async fn compare(model: &str, count: usize, components: usize, milliseconds: f64) -> Result<Value, String> {
    let gpu = Gpu::request(Request::default()).await.map_err(|absence| absence.to_string())?;
    let mut fit = open(model, count, components)?;
    let pairs = (count * components) as f64;
    let cpu = on_processor(&mut *fit, milliseconds);
    let (device, split) = on_device(&mut *fit, &gpu, milliseconds).await?;
    Ok(json!({
        "adapter": gpu.name(),
        "software": gpu.is_software(),
        "subgroups": gpu.has_subgroups(),
        "cpu": 1e3 * pairs / cpu,
        "gpu": 1e3 * pairs / device,
        "microseconds": 1e3 * device,
        "split": split,
    }))
}

/// [`compare`] for a page: JSON, or a sentence as the error.
///
/// # Errors
/// Why nothing could be measured.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub async fn measure(model: String, count: usize, components: usize, milliseconds: f64) -> Result<String, String> {
    Ok(compare(&model, count, components, milliseconds).await?.to_string())
}

/// Lets the device and the browser get on.
#[cfg(target_arch = "wasm32")]
async fn pause() {
    use wasm_bindgen::{JsCast, JsValue};
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let timeout = js_sys::Reflect::get(&js_sys::global(), &"setTimeout".into()).unwrap_or_default();
        let _ = timeout.unchecked_into::<js_sys::Function>().call2(&JsValue::NULL, &resolve, &0.into());
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

#[cfg(not(target_arch = "wasm32"))]
async fn pause() {
    std::thread::sleep(std::time::Duration::from_micros(200));
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::task::{Context, Poll, Waker};
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize| arguments.get(place).and_then(|text| text.parse::<usize>().ok());
    let (Some(model), Some(count), Some(components), Some(milliseconds)) =
        (arguments.first(), number(1), number(2), number(3))
    else {
        eprintln!("usage: device MODEL POINTS COMPONENTS MILLISECONDS");
        return std::process::ExitCode::FAILURE;
    };
    let mut measuring = std::pin::pin!(compare(model, count, components, milliseconds as f64));
    let result = loop {
        if let Poll::Ready(result) = measuring.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            break result;
        }
    };
    match result {
        Ok(result) => println!("{result}"),
        Err(sentence) => {
            eprintln!("{sentence}");
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}
