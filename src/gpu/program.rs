//! A compiled program: one pipeline a kernel.

use super::source::{Entry, Source, binding};

/// Pipelines by their kernels' names.
pub struct Program {
    source: Source,
    pipelines: Vec<(&'static Entry, wgpu::ComputePipeline)>,
}

impl Program {
    pub fn new(device: &wgpu::Device, source: Source, subgroups: bool) -> Self {
        let text = source.text(subgroups, cfg!(target_arch = "wasm32"));
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("fit"),
            source: wgpu::ShaderSource::Wgsl(text.into()),
        });
        let pipelines = source
            .entries()
            .iter()
            .map(|entry| {
                let entries: Vec<_> = source.bindings(entry).into_iter().map(layout_entry).collect();
                let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                    label: Some(entry.name),
                    entries: &entries,
                });
                let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                    label: Some(entry.name),
                    bind_group_layouts: &[Some(&layout)],
                    immediate_size: 0,
                });
                let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                    label: Some(entry.name),
                    layout: Some(&layout),
                    module: &module,
                    entry_point: Some(entry.name),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    cache: None,
                });
                (entry, pipeline)
            })
            .collect();
        Self { source, pipelines }
    }

    /// The index of a kernel.
    pub fn index(&self, name: &str) -> usize {
        self.pipelines
            .iter()
            .position(|(entry, _)| entry.name == name)
            .expect("schedules name kernels of their program")
    }

    pub fn name(&self, index: usize) -> &'static str {
        self.pipelines[index].0.name
    }

    pub fn pipeline(&self, index: usize) -> &wgpu::ComputePipeline {
        &self.pipelines[index].1
    }

    /// What a kernel binds.
    pub fn bindings(&self, index: usize) -> Vec<u32> {
        self.source.bindings(self.pipelines[index].0)
    }

    /// Whether a kernel takes the place where it begins.
    pub fn takes_piece(&self, index: usize) -> bool {
        self.pipelines[index].0.bindings.contains(&binding::PIECE)
    }
}

fn layout_entry(number: u32) -> wgpu::BindGroupLayoutEntry {
    let ty = match number {
        binding::SETTINGS | binding::PIECE => wgpu::BufferBindingType::Uniform,
        binding::COLUMNS.. => wgpu::BufferBindingType::Storage { read_only: true },
        _ => wgpu::BufferBindingType::Storage { read_only: false },
    };
    wgpu::BindGroupLayoutEntry {
        binding: number,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: number == binding::PIECE, min_binding_size: None },
        count: None,
    }
}
