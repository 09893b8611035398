//! The net as an ONNX model.
//!
//! Source: <https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto>, whose field numbers stand here
//! beside their names.

use super::protobuf::Message;
use super::{INPUT, metadata};
use crate::class::CLASS_COUNT;
use crate::folded::{self, Affine, Layer};
use crate::image::SIDE;
use crate::weights::{Sidecar, WeightsError};

/// Version of the file format; any runtime since 2021 reads it.
const IR_VERSION: u64 = 8;
/// Version of the operators' definitions, of the same age.
const OPERATOR_SET: u64 = 17;

/// `TensorProto.DataType.FLOAT`
const FLOAT: u64 = 1;
/// `AttributeProto.AttributeType.INTS`
const INTEGERS: u64 = 7;

/// The graph's input and output.
const IMAGE: &str = "image";
const LOGITS: &str = "logits";

/// The net as an ONNX model: input `image` of shape `[N, 1, 28, 28]`, normalised pixels; output
/// `logits` of shape `[N, 10]`. Weights are turned to channels first, so that no transposition is left.
///
/// # Errors
/// Where the weights are damaged, disagree with the sidecar, or are not a folded net of ours.
pub fn onnx(weights: &[u8], sidecar: &Sidecar) -> Result<Vec<u8>, WeightsError> {
    let mut graph = Graph::default();
    for layer in folded::layers(weights, sidecar)? {
        graph.add(&layer);
    }
    let properties = metadata(sidecar).into_iter();
    let properties = properties.map(|(key, value)| Message::default().text(1, key).text(2, &value));
    let operators = Message::default().text(1, "").integer(2, OPERATOR_SET);
    let model = Message::default()
        .integer(1, IR_VERSION)
        .text(2, "wardrobe") // producer_name
        .text(3, env!("CARGO_PKG_VERSION")) // producer_version
        .messages(7, [graph.finish(&sidecar.architecture)])
        .messages(8, [operators]) // opset_import
        .messages(14, properties); // metadata_props
    Ok(model.into_bytes())
}

/// The graph as far as it has been built.
#[derive(Default)]
struct Graph {
    nodes: Vec<Message>,
    initializers: Vec<Message>,
    /// Name of the last layer's output; nothing before the first.
    last: Option<String>,
}

impl Graph {
    fn add(&mut self, layer: &Layer) {
        match layer {
            Layer::Conv {
                name,
                affine,
                residual,
                ..
            } => self.conv(name, affine, *residual),
            Layer::MaxPool { .. } => {
                let window = [
                    integers("kernel_shape", &[2, 2]),
                    integers("strides", &[2, 2]),
                ];
                let name = format!("{}.pooled", self.last());
                self.node("MaxPool", &[], window, name);
            }
            Layer::GlobalAverage { .. } => {
                self.node("GlobalAveragePool", &[], [], "average".into());
            }
            Layer::Dense {
                name,
                pixels,
                affine,
                relu,
            } => self.dense(name, *pixels, affine, *relu),
        }
    }

    fn conv(&mut self, name: &str, affine: &Affine, residual: Option<&str>) {
        let (inputs, outputs) = (affine.inputs, affine.outputs());
        // From [3, 3, inputs, outputs] to [outputs, inputs, 3, 3].
        let turned = permuted(&affine.weights, [9, inputs, outputs], [2, 1, 0]);
        let weights =
            self.initializer(format!("{name}.weights"), &[outputs, inputs, 3, 3], &turned);
        let bias = self.initializer(format!("{name}.bias"), &[outputs], &affine.bias);
        let window = [
            integers("kernel_shape", &[3, 3]),
            integers("pads", &[1, 1, 1, 1]),
        ];
        self.node("Conv", &[&weights, &bias], window, format!("{name}.sum"));
        if let Some(other) = residual {
            self.node("Add", &[other], [], format!("{name}.residual"));
        }
        self.node("Relu", &[], [], name.into());
    }

    fn dense(&mut self, name: &str, pixels: usize, affine: &Affine, relu: bool) {
        let (channels, outputs) = (affine.inputs, affine.outputs());
        // Ours flattens [height, width, channels], ONNX [channels, height, width].
        let turned = permuted(&affine.weights, [pixels, channels, outputs], [1, 0, 2]);
        let shape = [channels * pixels, outputs];
        let weights = self.initializer(format!("{name}.weights"), &shape, &turned);
        let bias = self.initializer(format!("{name}.bias"), &[outputs], &affine.bias);
        self.node("Flatten", &[], [], format!("{name}.flat"));
        // What no ReLU follows is the last layer.
        let sum = if relu {
            format!("{name}.sum")
        } else {
            LOGITS.into()
        };
        self.node("Gemm", &[&weights, &bias], [], sum);
        if relu {
            self.node("Relu", &[], [], name.into());
        }
    }

    fn last(&self) -> &str {
        self.last.as_deref().unwrap_or(IMAGE)
    }

    /// Adds an operator on the last layer's output and these others; its output is the last then.
    fn node(
        &mut self,
        operator: &str,
        others: &[&str],
        attributes: impl IntoIterator<Item = Message>,
        output: String,
    ) {
        let inputs = [self.last()].into_iter().chain(others.iter().copied());
        let node = inputs.fold(Message::default(), |node, input| node.text(1, input));
        let node = node
            .text(2, &output)
            .text(3, &output) // name
            .text(4, operator)
            .messages(5, attributes);
        self.nodes.push(node);
        self.last = Some(output);
    }

    /// Adds constant values and gives their name back.
    fn initializer(&mut self, name: String, shape: &[usize], values: &[f32]) -> String {
        let raw: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let dims = shape.iter();
        let tensor = dims.fold(Message::default(), |tensor, &size| {
            tensor.integer(1, size as u64)
        });
        let tensor = tensor.integer(2, FLOAT).text(8, &name).bytes(9, &raw);
        self.initializers.push(tensor);
        name
    }

    /// The graph, once all layers are in it.
    fn finish(self, name: &str) -> Message {
        let image = value(IMAGE, &[1, SIDE, SIDE]).text(3, INPUT);
        Message::default()
            .messages(1, self.nodes)
            .text(2, name)
            .messages(5, self.initializers)
            .messages(11, [image])
            .messages(12, [value(LOGITS, &[CLASS_COUNT])])
    }
}

/// A `ValueInfoProto`: an input or output of the shape `[N, …]`.
fn value(name: &str, shape: &[usize]) -> Message {
    let batch = Message::default().text(2, "N"); // dim_param
    let sizes = shape.iter();
    let sizes = sizes.map(|&size| Message::default().integer(1, size as u64)); // dim_value
    let shape = Message::default().messages(1, [batch].into_iter().chain(sizes));
    let tensor = Message::default().integer(1, FLOAT).messages(2, [shape]);
    let kind = Message::default().messages(1, [tensor]); // tensor_type
    Message::default().text(1, name).messages(2, [kind])
}

/// An `AttributeProto`: a list of integers.
fn integers(name: &str, values: &[u64]) -> Message {
    let attribute = Message::default().text(1, name).integer(20, INTEGERS);
    values
        .iter()
        .fold(attribute, |attribute, &value| attribute.integer(8, value))
}

/// The values of a tensor with its axes in another order: axis `n` of the result is axis `order[n]`.
fn permuted(values: &[f32], shape: [usize; 3], order: [usize; 3]) -> Vec<f32> {
    let strides = [shape[1] * shape[2], shape[2], 1];
    let sizes = order.map(|axis| shape[axis]);
    let strides = order.map(|axis| strides[axis]);
    let mut result = Vec::with_capacity(values.len());
    for i in 0..sizes[0] {
        for j in 0..sizes[1] {
            let start = i * strides[0] + j * strides[1];
            result.extend((0..sizes[2]).map(|k| values[start + k * strides[2]]));
        }
    }
    result
}
