//! A kernel written in WGSL, as burn's GPU backend runs it.
//!
//! All that a kernel needs to know but the batch is written into its source, so that nothing beside
//! the tensors is uploaded for a run: a whole forward pass stays one submission.

use burn::backend::wgpu::CubeTensor;
use burn::cubecl::{
    CubeCount, CubeDim, CubeKernel, PrecompiledSource,
    ir::{ElemType, UIntKind, attributes::BufferIOAttr, metadata::Info},
    prelude::{
        AddressType, ExecutionMode, KernelDefinition, KernelId, KernelMetadata, KernelSettings,
        Scope,
    },
    server::{KernelArguments, MetadataBindingInfo},
};
use burn::tensor::{DType, Shape};
use std::{fmt::Debug, hash::Hash};

/// How many invocations a workgroup has. Small, because one image gives few of them.
pub(super) const WORKGROUP: usize = 32;

/// A kernel's parameters, from which its source follows.
pub(super) trait Wgsl: Clone + Debug + Eq + Hash + Send + Sync + 'static {
    /// The source; its entry point is `main`, of [`WORKGROUP`] invocations. Inputs are bound in the
    /// order in which they are given to [`launch`], then the outputs.
    fn source(&self) -> String;
}

struct Kernel<K>(K);

impl<K: Wgsl> KernelMetadata for Kernel<K> {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.0.clone())
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl<K: Wgsl> CubeKernel for Kernel<K> {
    /// Empty: the source stands in for it.
    fn define(&self) -> KernelDefinition {
        let dimensions = CubeDim::new_1d(WORKGROUP as u32);
        let settings = KernelSettings::new(*dimensions, ExecutionMode::Checked, AddressType::U32);
        KernelDefinition {
            body: Scope::root(settings.clone()),
            settings,
            info: Info::default(),
        }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource {
            source: self.0.source(),
            entrypoint_name: "main".to_owned(),
            lang: "wgsl",
        })
    }
}

/// How many invocations a kernel is run on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    /// At least so many in a layer.
    pub(super) invocations: usize,
    /// The same once more for each layer.
    pub(super) layers: usize,
}

/// How many values a layer of [`Grid::of_values`] takes: a dispatch has at most 65,535 workgroups a side.
pub(super) const ROW: usize = 1 << 16;

impl Grid {
    /// One layer.
    pub(super) fn flat(invocations: usize) -> Self {
        Self {
            invocations,
            layers: 1,
        }
    }

    /// As many as there are values, however many; see [`super::source::each_value`].
    pub(super) fn of_values(values: usize) -> Self {
        Self {
            invocations: values.min(ROW),
            layers: values.div_ceil(ROW),
        }
    }
}

/// Runs `kernel`; yields the outputs that it writes. All inputs are on one device.
pub(super) fn launch<K: Wgsl, const N: usize>(
    kernel: K,
    inputs: &[&CubeTensor],
    outputs: [Shape; N],
    grid: Grid,
) -> [CubeTensor; N] {
    launch_with(kernel, inputs, outputs, grid, None)
}

/// The same, with four numbers that change from run to run: the kernel finds them as a uniform `vec4f`,
/// bound after the outputs. They go up with the run's submission, once for all kernels with the same.
pub(super) fn launch_with<K: Wgsl, const N: usize>(
    kernel: K,
    inputs: &[&CubeTensor],
    outputs: [Shape; N],
    grid: Grid,
    numbers: Option<[f32; 4]>,
) -> [CubeTensor; N] {
    let first = inputs[0];
    let outputs = outputs.map(|shape| empty(first, shape));
    let mut arguments = KernelArguments::new();
    for input in inputs {
        let binding = input.handle.clone().binding();
        arguments = arguments.with_buffer_io(binding, BufferIOAttr::ReadOnly);
    }
    for output in &outputs {
        let binding = output.handle.clone().binding();
        arguments = arguments.with_buffer_io(binding, BufferIOAttr::WriteOnly);
    }
    if let Some([x, y, z, w]) = numbers {
        let pair = |low: f32, high: f32| u64::from(high.to_bits()) << 32 | u64::from(low.to_bits());
        let words = vec![pair(x, y), pair(z, w)];
        arguments = arguments.with_info(MetadataBindingInfo::custom(words));
    }
    let groups = grid.invocations.div_ceil(WORKGROUP) as u32;
    let count = CubeCount::Static(groups, 1, grid.layers as u32);
    first
        .client
        .launch(Box::new(Kernel(kernel)), count, arguments);
    outputs
}

/// Room for a tensor where `like` is.
fn empty(like: &CubeTensor, shape: Shape) -> CubeTensor {
    let (client, device) = (like.client.clone(), like.device.clone());
    let handle = client.empty(shape.num_elements() * size_of::<f32>());
    CubeTensor::new_contiguous(client, device, shape, handle, DType::F32)
}
