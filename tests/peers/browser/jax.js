// jax-js on the exported tensors, turned to its layout: channels first. Every use of an array but the
// last takes a reference, as its memory model wants.
import { defaultDevice, init, jit, lax, nn, numpy as np, tree } from "./packages/@jax-js/jax/dist/index.js";
import { CONVOLUTIONS } from "./net.js";
import { tensors } from "./safetensors.js";

export async function load(backend) {
  const available = await init(backend);
  if (!available.includes(backend)) throw new Error(`jax-js has no ${backend} here`);
  defaultDevice(backend);
  const weights = {};
  for (const [name, { shape, values }] of Object.entries(await tensors())) {
    const array = np.array(values.slice());
    const isFilter = name.endsWith(".weights") && !name.startsWith("head");
    const [rows, outputs] = shape;
    weights[name] = isFilter
      ? np.transpose(array.reshape([3, 3, rows / 9, outputs]), [3, 2, 0, 1])
      : array.reshape(shape);
  }
  const run = jit(forward);
  return {
    async infer(pixels) {
      return run(tree.ref(weights), images(pixels)).data();
    },
  };
}

function images(pixels) {
  return np.array(pixels.slice()).reshape([pixels.length / 784, 1, 28, 28]);
}

function forward(weights, x) {
  const outputs = {};
  for (const { name, residual, keep, pooled } of CONVOLUTIONS) {
    x = convolution(weights, name, x, outputs[residual]);
    if (keep) outputs[name] = x.ref;
    if (pooled) x = lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
  }
  return np.dot(np.mean(x, [2, 3]), weights["head.weights"]).add(weights["head.bias"]);
}

function convolution(weights, name, x, residual) {
  const sum = lax.conv(x, weights[`${name}.weights`], [1, 1], "SAME");
  const biased = sum.add(weights[`${name}.bias`].reshape([1, -1, 1, 1]));
  return nn.relu(residual ? biased.add(residual) : biased);
}
