//! A model for inference alone.

use super::{Model, layers::Dense};
use burn::tensor::Tensor;

/// A model whose weights are laid out as its device wants them for inference, made by
/// [`Model::prepared`]. It can neither be trained nor prepared again: the layout is another one than that
/// of the weights file.
#[derive(Clone, Debug)]
pub struct Prepared(pub(super) Model);

impl Prepared {
    /// Logits.
    ///
    /// # Shapes
    /// - x: `[batch, 28, 28, 1]`, normalised
    /// - output: `[batch, 10]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        self.0.forward(x).0
    }

    /// What the head sees, `[batch, features]`.
    pub fn features(&self, x: Tensor<4>) -> Tensor<2> {
        self.0.features(x).0
    }

    /// The layer from the features to the logits.
    pub fn head(&self) -> &Dense {
        self.0.head()
    }

    /// The last stage before it is averaged, `[batch, 7, 7, channels]`, where the architecture averages.
    pub(super) fn last_stage(&self, x: Tensor<4>) -> Option<Tensor<4>> {
        match &self.0 {
            Model::Compact(net) => Some(net.last_stage(x).0),
            _ => None,
        }
    }
}
