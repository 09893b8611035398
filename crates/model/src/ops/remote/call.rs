//! How an operation is put to a lender, and read there.

use burn::backend::{
    Remote, TensorMetadata,
    ir::{BackendIr, ScalarIr, TensorIr},
    tensor::FloatTensor,
};
use burn::remote::CustomOpClient;
use burn::server::{CustomOpIr, HandleContainer};
use burn::tensor::Shape;

type Tensor = FloatTensor<Remote>;

/// Asks the lender for the operation's outputs, which have these shapes. The flags say which optional
/// inputs there are, and what else the operation has to know.
#[allow(clippy::expect_used, reason = "burn gives a tensor for each output")]
pub(super) fn ask<const INPUTS: usize, const OUTPUTS: usize>(
    name: &'static str,
    inputs: [Option<Tensor>; INPUTS],
    flags: &[bool],
    outputs: [Shape; OUTPUTS],
) -> [Tensor; OUTPUTS] {
    let outputs = ask_for(name, inputs, flags, outputs.into());
    outputs.try_into().expect("a tensor for each output")
}

/// [`ask`], for outputs whose number depends on the flags.
pub(super) fn ask_for<const INPUTS: usize>(
    name: &'static str,
    inputs: [Option<Tensor>; INPUTS],
    flags: &[bool],
    outputs: Vec<Shape>,
) -> Vec<Tensor> {
    let inputs: Vec<Tensor> = inputs.into_iter().flatten().collect();
    let (device, dtype) = (inputs[0].device(), inputs[0].dtype());
    let client = CustomOpClient::new(&device);
    let output = |shape| TensorIr::uninit(client.create_empty_handle(), shape, dtype);
    let outputs: Vec<TensorIr> = outputs.into_iter().map(output).collect();
    let inputs: Vec<TensorIr> = inputs.into_iter().map(|tensor| tensor.into_ir()).collect();
    let flags = flags.iter().copied().map(ScalarIr::Bool).collect();
    client.register(CustomOpIr::with_scalars(name, &inputs, &outputs, flags))
}

/// An operation as it reaches a lender whose device is of backend `B`.
pub(super) struct Call<'a, B: BackendIr> {
    handles: &'a mut HandleContainer<B::Handle>,
    operation: &'a CustomOpIr,
    taken: usize,
}

impl<'a, B: BackendIr> Call<'a, B> {
    pub(super) fn new(
        handles: &'a mut HandleContainer<B::Handle>,
        operation: &'a CustomOpIr,
    ) -> Self {
        Self {
            handles,
            operation,
            taken: 0,
        }
    }

    /// The next input. Each has to be taken, as the borrower takes it for consumed. Fails, which ends the
    /// borrower's session, where there is none.
    pub(super) fn take(&mut self) -> FloatTensor<B> {
        let input = &self.operation.inputs[self.taken];
        self.taken += 1;
        self.handles.get_float_tensor::<B>(input)
    }

    /// The next input, if this flag says that it is there.
    pub(super) fn take_if(&mut self, flag: usize) -> Option<FloatTensor<B>> {
        self.flag(flag).then(|| self.take())
    }

    pub(super) fn flag(&self, index: usize) -> bool {
        self.operation.scalars.get(index) == Some(&ScalarIr::Bool(true))
    }

    /// Answers with the outputs, in the order in which the borrower expects them.
    pub(super) fn answer(self, outputs: impl IntoIterator<Item = FloatTensor<B>>) {
        for (output, tensor) in self.operation.outputs.iter().zip(outputs) {
            self.handles.register_float_tensor::<B>(&output.id, tensor);
        }
    }
}
