//! Who does what, how often.

use tests::browser::WebGpu;

/// The runtimes on one device, and what they do there.
pub(crate) struct Device {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// Whether the browser offers WebGPU.
    pub(crate) webgpu: WebGpu,
    /// Ours first.
    pub(crate) runtimes: &'static [Runtime],
    /// In the order of the table; training is not among them.
    pub(crate) works: &'static [Work],
}

/// A runtime: a column of the table.
pub(crate) struct Runtime {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// Its package, whose version stands in the table; none for our own.
    pub(crate) package: Option<&'static str>,
    /// Address of its worker.
    pub(crate) worker: &'static str,
    /// Images that it can be given at once without taking minutes.
    pub(crate) largest: usize,
}

/// A piece of work: a row of the table.
pub(crate) struct Work {
    /// What it is.
    pub(crate) kind: Kind,
    /// Images in it.
    pub(crate) batch: usize,
    /// How often a runtime does it in a turn.
    pub(crate) runs: usize,
    /// How often the runtimes take turns.
    pub(crate) rounds: usize,
}

/// Kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From the start of a worker to its first prediction; without caches, the weights from the server.
    First,
    /// Inference.
    Infer,
}

impl Work {
    /// What the table says of it.
    pub(crate) fn what(&self) -> String {
        match (self.kind, self.batch) {
            (Kind::First, _) => "start of the worker to the first prediction".into(),
            (Kind::Infer, 1) => "one image".into(),
            (Kind::Infer, batch) => format!("{batch} images"),
        }
    }
}

const fn work(kind: Kind, batch: usize, runs: usize, rounds: usize) -> Work {
    Work {
        kind,
        batch,
        runs,
        rounds,
    }
}

/// The CPU without a GPU, and WebGPU computed by SwiftShader.
pub(crate) const DEVICES: [Device; 2] = [
    Device {
        name: "CPU: wasm, SIMD, one thread",
        webgpu: WebGpu::None,
        runtimes: &[
            Runtime {
                name: "Wardrobe",
                package: None,
                worker: "worker.js?cpu",
                largest: 256,
            },
            Runtime {
                name: "onnxruntime-web",
                package: Some("onnxruntime-web"),
                worker: "peers/peer.js?onnxruntime&wasm",
                largest: 256,
            },
            Runtime {
                name: "TensorFlow.js",
                package: Some("@tensorflow/tfjs-core"),
                worker: "peers/peer.js?tensorflow&wasm",
                largest: 256,
            },
            Runtime {
                name: "jax-js",
                package: Some("@jax-js/jax"),
                worker: "peers/peer.js?jax&wasm",
                // It takes a fifth of a second for one.
                largest: 1,
            },
        ],
        works: &[
            work(Kind::First, 1, 1, 3),
            work(Kind::Infer, 1, 5, 20),
            work(Kind::Infer, 32, 1, 5),
            work(Kind::Infer, 256, 1, 3),
        ],
    },
    Device {
        name: "WebGPU (SwiftShader)",
        webgpu: WebGpu::Software,
        runtimes: &[
            Runtime {
                name: "Wardrobe",
                package: None,
                worker: "worker.js?gpu",
                largest: 256,
            },
            Runtime {
                name: "onnxruntime-web",
                package: Some("onnxruntime-web"),
                worker: "peers/peer.js?onnxruntime&webgpu",
                largest: 256,
            },
            Runtime {
                name: "TensorFlow.js",
                package: Some("@tensorflow/tfjs-core"),
                worker: "peers/peer.js?tensorflow&webgpu",
                largest: 256,
            },
            Runtime {
                name: "jax-js",
                package: Some("@jax-js/jax"),
                worker: "peers/peer.js?jax&webgpu",
                largest: 256,
            },
        ],
        works: &[
            work(Kind::First, 1, 1, 3),
            work(Kind::Infer, 1, 2, 5),
            work(Kind::Infer, 32, 1, 2),
        ],
    },
];

const fn trainees(worker: &'static str, peer: &'static str) -> [Runtime; 2] {
    [
        Runtime {
            name: "Wardrobe",
            package: None,
            worker,
            largest: 32,
        },
        Runtime {
            name: "TensorFlow.js",
            package: Some("@tensorflow/tfjs-core"),
            worker: peer,
            largest: 32,
        },
    ]
}

/// Who can train. TensorFlow.js's wasm backend has no gradients of a convolution; its plain one has.
pub(crate) const TRAINING: [Device; 2] = [
    Device {
        name: "Training, CPU: one thread",
        webgpu: WebGpu::None,
        runtimes: &trainees("worker.js?teach", "peers/peer.js?tensorflow&cpu&train"),
        works: &[],
    },
    Device {
        name: "Training, WebGPU (SwiftShader)",
        webgpu: WebGpu::Software,
        runtimes: &trainees(
            "worker.js?teach-gpu",
            "peers/peer.js?tensorflow&webgpu&train",
        ),
        works: &[],
    },
];
