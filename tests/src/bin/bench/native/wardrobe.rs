//! Our side: the net `compact` by burn and our kernels, as the trainer runs it.

use std::time::Instant;

use anyhow::{Result, anyhow};
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax, read_sync};
use model::class::CLASS_COUNT;
use model::image::{Image, PIXELS, SIDE};
use model::net::{Architecture, Model, batch_tensor, cpu_device};
use model::weights::NamedTensor;

use super::Work;

/// The optimiser's and the loss's settings, for both sides.
pub(crate) const LEARNING_RATE: f64 = 1e-3;
pub(crate) const EPSILON: f32 = 1e-5;
pub(crate) const WEIGHT_DECAY: f32 = 1e-4;
pub(crate) const LABEL_SMOOTHING: f32 = 0.1;

/// The largest batch.
const IMAGES: usize = 256;

/// Images that the folded net's statistics are of.
const STATISTICS: usize = 128;

const SEED: u64 = 0;

/// The nets and what they work on.
pub(crate) struct Wardrobe {
    device: Device,
    images: Vec<Image>,
    trained: Model,
    folded: Model,
    optimiser: ModuleOptimizer,
}

impl Wardrobe {
    /// A net with random weights, for training and folded for inference.
    pub(crate) fn new() -> Self {
        let device = cpu_device();
        let images: Vec<Image> = (0..IMAGES).map(image).collect();
        let fresh = Architecture::Compact.config().init(SEED, &device);
        let (_, statistics) = fresh.forward(batch_tensor(&images[..STATISTICS], &device));
        Self {
            folded: fresh.fold(&statistics),
            trained: fresh.train(),
            optimiser: AdamWConfig::new()
                .with_epsilon(EPSILON)
                .with_weight_decay(WEIGHT_DECAY)
                .init(),
            images,
            device,
        }
    }

    /// All that PyTorch's side needs: both nets' tensors, the images and their labels.
    pub(crate) fn tensors(&self) -> Result<Vec<NamedTensor>> {
        let mut tensors = Vec::new();
        for (prefix, net) in [("trained", &self.trained), ("folded", &self.folded)] {
            let own = read_sync(net.to_tensors())
                .map_err(|why| anyhow!("the weights cannot be read back: {why}"))?;
            tensors.extend(own.into_iter().map(|tensor| NamedTensor {
                name: format!("{prefix}.{}", tensor.name),
                ..tensor
            }));
        }
        tensors.push(NamedTensor {
            name: "images".into(),
            shape: vec![IMAGES, PIXELS],
            values: self.images.iter().flat_map(Image::normalised).collect(),
        });
        tensors.push(NamedTensor {
            name: "labels".into(),
            shape: vec![IMAGES],
            values: (0..IMAGES).map(|index| label(index) as f32).collect(),
        });
        Ok(tensors)
    }

    /// The logits of the net in training, one row of ten an image.
    pub(crate) fn trained_logits(&self, batch: usize) -> Vec<f32> {
        values(self.trained.forward(self.input(batch).autodiff()).0)
    }

    /// The folded net's logits.
    pub(crate) fn folded_logits(&self, batch: usize) -> Vec<f32> {
        values(self.folded.forward(self.input(batch)).0)
    }

    /// The losses of some training steps, in nats.
    pub(crate) fn losses(&mut self, batch: usize, steps: usize) -> Vec<f64> {
        let input = self.input(batch).autodiff();
        let targets = targets(batch, &self.device).autodiff();
        (0..steps)
            .map(|_| self.step(input.clone(), targets.clone()))
            .collect()
    }

    /// The mean seconds of some runs, after one that warms up what the other side's turn has cooled
    /// down.
    pub(crate) fn seconds(&mut self, work: &Work, runs: usize) -> f64 {
        if work.name == "train" {
            let input = self.input(work.batch).autodiff();
            let targets = targets(work.batch, &self.device).autodiff();
            return mean_seconds(runs, || self.step(input.clone(), targets.clone()));
        }
        let input = self.input(work.batch);
        mean_seconds(runs, || values(self.folded.forward(input.clone()).0))
    }

    fn step(&mut self, input: Tensor<4>, targets: Tensor<2>) -> f64 {
        let batch = input.dims()[0] as f64;
        let (logits, _) = self.trained.forward(input);
        let loss = (log_softmax(logits, 1) * targets).sum() / -batch;
        let gradients = GradientsParams::from_grads(loss.backward(), &self.trained);
        self.trained = self
            .optimiser
            .step(LEARNING_RATE, self.trained.clone(), gradients);
        loss.inner().into_scalar::<f64>()
    }

    fn input(&self, batch: usize) -> Tensor<4> {
        batch_tensor(&self.images[..batch], &self.device)
    }
}

fn mean_seconds<T>(runs: usize, mut work: impl FnMut() -> T) -> f64 {
    work();
    let start = Instant::now();
    for _ in 0..runs {
        work();
    }
    start.elapsed().as_secs_f64() / runs as f64
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// A garment's worth of patches of any brightness: what is on it does not change how long it takes.
fn image(index: usize) -> Image {
    Image(std::array::from_fn(|pixel| {
        let patch = (pixel / SIDE / 4) * 7 + pixel % SIDE / 4;
        ((index * 49 + patch) as u32)
            .wrapping_mul(2_654_435_761)
            .to_be_bytes()[0]
    }))
}

fn label(index: usize) -> usize {
    index % CLASS_COUNT
}

/// The classes as probabilities, some of it spread evenly: `[batch, 10]`.
fn targets(batch: usize, device: &Device) -> Tensor<2> {
    let spread = LABEL_SMOOTHING / CLASS_COUNT as f32;
    let values: Vec<f32> = (0..batch * CLASS_COUNT)
        .map(
            |place| match place % CLASS_COUNT == label(place / CLASS_COUNT) {
                true => 1.0 - LABEL_SMOOTHING + spread,
                false => spread,
            },
        )
        .collect();
    Tensor::from_data(TensorData::new(values, [batch, CLASS_COUNT]), device)
}
