//! What of WebGPU the browser has to be asked without wgpu, which does not know of it.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    property(object, name).dyn_into::<Function>().ok()?.call1(object, argument).ok()
}

/// `navigator.gpu`; `None` where the browser has no WebGPU.
fn navigator_gpu() -> Option<JsValue> {
    let navigator = property(&js_sys::global(), "navigator");
    (!navigator.is_undefined()).then(|| property(&navigator, "gpu")).filter(|gpu| !gpu.is_undefined())
}

/// Whether the browser has WebGPU at all.
pub fn present() -> bool {
    navigator_gpu().is_some()
}

/// The adapter that wgpu is given, as the browser has it.
pub struct Adapter(JsValue);

impl Adapter {
    /// The faster one where there are two.
    pub async fn request() -> Option<Self> {
        let options = js_sys::Object::new();
        Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).ok()?;
        let promise = call(&navigator_gpu()?, "requestAdapter", &options)?.dyn_into::<Promise>().ok()?;
        let adapter = JsFuture::from(promise).await.ok()?;
        (!adapter.is_null() && !adapter.is_undefined()).then_some(Self(adapter))
    }

    /// What it says of itself: maker and architecture, or a description.
    pub fn name(&self) -> String {
        let info = property(&self.0, "info");
        let text = |name: &str| property(&info, name).as_string().unwrap_or_default();
        match text("description") {
            name if !name.is_empty() => name,
            _ => format!("{} {}", text("vendor"), text("architecture")).trim().to_owned(),
        }
    }

    pub fn has_subgroups(&self) -> bool {
        call(&property(&self.0, "features"), "has", &"subgroups".into()).is_some_and(|has| has.is_truthy())
    }

    /// Calls `request`, which is to ask an adapter for a device at once; the device is then this adapter's, with subgroups.
    pub fn with_subgroups<T>(&self, request: impl FnOnce() -> T) -> T {
        let prototype = property(&property(&js_sys::global(), "GPUAdapter"), "prototype");
        let name = JsValue::from("requestDevice");
        let Ok(original) = property(&prototype, "requestDevice").dyn_into::<Function>() else { return request() };
        let (adapter, plain) = (self.0.clone(), original.clone());
        let asking = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |descriptor: JsValue| {
            let features = property(&descriptor, "requiredFeatures");
            let features = if features.is_undefined() { Array::new() } else { Array::from(&features) };
            features.push(&"subgroups".into());
            let _ = Reflect::set(&descriptor, &"requiredFeatures".into(), &features);
            plain.call1(&adapter, &descriptor).unwrap_or_else(|error| Promise::reject(&error).into())
        });
        // Nothing else runs until the property is what it was.
        let _ = Reflect::set(&prototype, &name, asking.as_ref());
        let result = request();
        let _ = Reflect::set(&prototype, &name, &original);
        result
    }
}
