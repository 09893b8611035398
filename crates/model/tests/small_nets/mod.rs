//! Small nets of every architecture, for the tests of what reads folded nets.

use model::net::{Architecture, Config, Net, cpu_device};
use model::weights::{self, FORMAT_VERSION, Sidecar, Temperature};
use model::{class::CLASS_NAMES, image};

/// A small net of random weights, its biases too, as files and loaded.
pub fn files(architecture: Architecture) -> (Vec<u8>, Sidecar, Net) {
    let config = match architecture {
        Architecture::Mlp => Config::Mlp { hidden: 8 },
        Architecture::DeepCnn => Config::DeepCnn {
            filters: 32,
            hidden: 8,
            batch_norm: false,
        },
        Architecture::SmallCnn => Config::SmallCnn {
            filters: [32, 64],
            hidden: 8,
            batch_norm: false,
        },
        Architecture::Compact => Config::Compact {
            channels: [32, 64, 96],
            batch_norm: false,
        },
    };
    let model = config.init(5, &cpu_device());
    let mut tensors = burn::tensor::read_sync(model.to_tensors()).expect("the CPU's own memory");
    for tensor in tensors.iter_mut().filter(|t| t.name.ends_with("bias")) {
        for (index, value) in tensor.values.iter_mut().enumerate() {
            *value = 0.1 - 0.01 * index as f32;
        }
    }
    let bytes = weights::encode(&tensors);
    let sidecar = Sidecar {
        format_version: FORMAT_VERSION,
        architecture: config.architecture().to_string(),
        config: serde_json::to_value(config).expect("JSON"),
        folded: true,
        mean: image::MEAN,
        std: image::STD,
        class_names: CLASS_NAMES.map(String::from).to_vec(),
        temperature: Temperature {
            photo: 1.5,
            drawing: 0.5,
        },
        confidence: None,
        metrics: [("validation_accuracy".to_owned(), 0.5)].into(),
        data_hash: "hash".into(),
        validation: None,
        seed: 5,
        crc32: weights::crc32(&bytes),
        parameters: 0,
    };
    let net = Net::from_weights(&bytes, &sidecar, &cpu_device()).expect("a net");
    (bytes, sidecar, net)
}
