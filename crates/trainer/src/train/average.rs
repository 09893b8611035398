//! The weights' running average, which generalises better than the weights themselves
//! (Polyak averaging).

use burn::module::Module;
use model::net::Model;

/// `average` moved towards `model` by the share `1 − decay`. Early on, when there is little to
/// average, by more.
pub fn update(average: Model, model: &Model, decay: f64, step: usize) -> Model {
    let decay = decay.min((1.0 + step as f64) / (10.0 + step as f64));
    average.mixed(&model.valid(), decay)
}
