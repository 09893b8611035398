//! What follows a convolution before its values are stored.
//!
//! # Safety
//!
//! [`Epilogue::apply`] reads through raw pointers; [`Epilogue::check`] proves the lengths, once a call.
#![allow(unsafe_code)]

use super::Shape;
use crate::simd::Lanes;

/// What follows the convolution before a value is stored: `relu(y + bias + residual)`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epilogue<'a> {
    /// One value an output channel.
    pub bias: Option<&'a [f32]>,
    /// As large as the output.
    pub residual: Option<&'a [f32]>,
    /// Whether negative values become zero. NaN stays NaN.
    pub relu: bool,
}

impl<'a> Epilogue<'a> {
    /// Asserts that everything fits an output.
    pub(super) fn check(&self, shape: Shape) {
        if let Some(bias) = self.bias {
            assert_eq!(bias.len(), shape.outputs, "length of the bias");
        }
        if let Some(residual) = self.residual {
            assert_eq!(residual.len(), shape.output_len(), "length of the residual");
        }
    }

    /// The same for a part of the output.
    pub(super) fn part(self, first: usize, length: usize) -> Self {
        Self {
            residual: self.residual.map(|r| &r[first..][..length]),
            ..self
        }
    }

    /// Finishes the vector at `offset` of the output, whose first channel is `channel`.
    ///
    /// # Safety
    /// A vector of the output must begin at `offset`, one of the bias at `channel`.
    #[inline(always)]
    pub(super) unsafe fn apply<V: Lanes>(&self, value: V, offset: usize, channel: usize) -> V {
        let mut value = value;
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(bias) = self.bias {
                value = value.add(V::load(bias.as_ptr().add(channel)));
            }
            if let Some(residual) = self.residual {
                value = value.add(V::load(residual.as_ptr().add(offset)));
            }
        }
        if self.relu {
            value = value.max(V::splat(0.0));
        }
        value
    }
}
