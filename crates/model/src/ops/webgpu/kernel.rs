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
    server::KernelArguments,
};
use burn::tensor::{DType, Shape};
use std::{fmt::Debug, hash::Hash};

/// How many invocations a workgroup has. Small, because one image gives few of them.
pub(super) const WORKGROUP: usize = 32;

/// A kernel's parameters, from which its source follows.
pub(super) trait Wgsl: Clone + Debug + Eq + Hash + Send + Sync + 'static {
    /// The source; its entry point is `main`, of [`WORKGROUP`] invocations. Inputs are bound in the
    /// order in which they are given to [`launch`], the output last.
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

/// Runs `kernel` on at least `invocations` × `layers` invocations; yields the output that it writes.
/// All inputs are on one device.
pub(super) fn launch<K: Wgsl>(
    kernel: K,
    inputs: &[&CubeTensor],
    output: Shape,
    invocations: usize,
    layers: usize,
) -> CubeTensor {
    let first = inputs[0];
    let bytes = output.num_elements() * size_of::<f32>();
    let handle = first.client.empty(bytes);
    let (client, device) = (first.client.clone(), first.device.clone());
    let y = CubeTensor::new_contiguous(client, device, output, handle, DType::F32);
    let mut arguments = KernelArguments::new();
    for input in inputs {
        let binding = input.handle.clone().binding();
        arguments = arguments.with_buffer_io(binding, BufferIOAttr::ReadOnly);
    }
    arguments = arguments.with_buffer_io(y.handle.clone().binding(), BufferIOAttr::WriteOnly);
    let groups = invocations.div_ceil(WORKGROUP) as u32;
    let count = CubeCount::Static(groups, 1, layers as u32);
    first
        .client
        .launch(Box::new(Kernel(kernel)), count, arguments);
    y
}
