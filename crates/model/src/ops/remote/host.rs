//! The lender's side: the operations by the kernels of the device that is lent.

use super::{call::Call, name};
use crate::ops::{Gradients, SavedNorm, Wanted};
use burn::backend::ir::BackendIr;
use burn::server::CustomOpRegistry;

/// What burn's server has to know to run our operations on a device of backend `B`.
pub fn operations<B: Gradients + BackendIr>() -> CustomOpRegistry<B> {
    let mut registry = CustomOpRegistry::new();
    let mut add = |name: &str, run: fn(Call<B>)| {
        registry.register(name, move |handles, operation, _| {
            run(Call::new(handles, operation));
        });
    };
    add(name::CONV_BLOCK, conv_block);
    add(name::CONV_GRADIENTS, conv_gradients);
    add(name::BATCH_NORM_RELU, batch_norm_relu);
    add(name::BATCH_NORM_RELU_GRADIENTS, batch_norm_relu_gradients);
    add(name::MAX_POOL, |mut call| {
        let y = B::max_pool(call.take());
        call.answer([y]);
    });
    add(name::MAX_POOL_GRADIENT, |mut call| {
        let (x, y, dy) = (call.take(), call.take(), call.take());
        call.answer([B::max_pool_gradient(x, y, dy)]);
    });
    registry
}

fn conv_block<B: Gradients + BackendIr>(mut call: Call<B>) {
    let (x, weights) = (call.take(), call.take());
    let (bias, residual) = (call.take_if(0), call.take_if(1));
    let y = B::conv_block(x, weights, bias.into(), residual.into(), call.flag(2));
    call.answer([y]);
}

fn conv_gradients<B: Gradients + BackendIr>(mut call: Call<B>) {
    let (x, weights, dy) = (call.take(), call.take(), call.take());
    let wanted = Wanted {
        input: call.flag(0),
        weights: call.flag(1),
        bias: false,
    };
    let (dx, dw) = B::conv_gradients(x, weights, dy, wanted);
    call.answer(dx.into_iter().chain(dw));
}

fn batch_norm_relu<B: Gradients + BackendIr>(mut call: Call<B>) {
    let (x, gamma, beta) = (call.take(), call.take(), call.take());
    let residual = call.take_if(0);
    let (y, mean, variance) = B::batch_norm_relu(x, gamma, beta, residual.into());
    call.answer([y, mean, variance]);
}

fn batch_norm_relu_gradients<B: Gradients + BackendIr>(mut call: Call<B>) {
    let saved = SavedNorm {
        x: call.take(),
        y: call.take(),
        gamma: call.take(),
        mean: call.take(),
        variance: call.take(),
    };
    let dy = call.take();
    let gradients = B::batch_norm_relu_gradients(saved, dy);
    call.answer([
        gradients.x,
        gradients.gamma,
        gradients.beta,
        gradients.residual,
    ]);
}
