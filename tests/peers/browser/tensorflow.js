// TensorFlow.js on the exported tensors, whose layout is its own: channels last.
import { CONVOLUTIONS } from "./net.js";
import { tensors } from "./safetensors.js";

let tf;

async function start(backend) {
  const packages = "./packages/@tensorflow";
  await import(`${packages}/tfjs-core/dist/tf-core.min.js`);
  tf = globalThis.tf;
  const folder = `${packages}/tfjs-backend-${backend}/dist/`;
  await import(`${folder}tf-backend-${backend}.min.js`);
  if (backend === "wasm") tf.wasm.setWasmPaths(new URL(folder, import.meta.url).href);
  await tf.setBackend(backend);
  await tf.ready();
}

export async function load(backend) {
  await start(backend);
  const weights = {};
  for (const [name, { shape, values }] of Object.entries(await tensors())) {
    const isFilter = name.endsWith(".weights") && !name.startsWith("head");
    const [rows, outputs] = shape;
    weights[name] = tf.tensor(values, isFilter ? [3, 3, rows / 9, outputs] : shape);
  }
  return {
    async infer(pixels) {
      const logits = tf.tidy(() => forward(weights, images(pixels)));
      const values = await logits.data();
      logits.dispose();
      return values;
    },
  };
}

function images(pixels) {
  return tf.tensor(pixels, [pixels.length / 784, 28, 28, 1]);
}

function forward(weights, x) {
  const outputs = {};
  for (const { name, residual, keep, pooled } of CONVOLUTIONS) {
    x = convolution(weights, name, x, outputs[residual]);
    if (keep) outputs[name] = x;
    if (pooled) x = tf.maxPool(x, 2, 2, "valid");
  }
  const average = tf.mean(x, [1, 2]);
  return tf.add(tf.matMul(average, weights["head.weights"]), weights["head.bias"]);
}

function convolution(weights, name, x, residual) {
  const [filter, bias] = [weights[`${name}.weights`], weights[`${name}.bias`]];
  const fused = { x, filter, bias, strides: 1, pad: "same" };
  if (!residual) return tf.fused.conv2d({ ...fused, activation: "relu" });
  return tf.relu(tf.add(tf.fused.conv2d(fused), residual));
}
