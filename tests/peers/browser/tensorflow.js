// TensorFlow.js on the exported tensors, whose layout is its own: channels last.
import { CONVOLUTIONS } from "./net.js";
import { tensors } from "./safetensors.js";

let tf;

async function start(backend, purpose) {
  const packages = "./packages/@tensorflow";
  // Gradients come with the whole library only, and so does the plain backend.
  const library = purpose === "train" ? "tfjs/dist/tf.min.js" : "tfjs-core/dist/tf-core.min.js";
  await import(`${packages}/${library}`);
  tf = globalThis.tf;
  const folder = `${packages}/tfjs-backend-${backend}/dist/`;
  if (backend !== "cpu") await import(`${folder}tf-backend-${backend}.min.js`);
  if (backend === "wasm") tf.wasm.setWasmPaths(new URL(folder, import.meta.url).href);
  await tf.setBackend(backend);
  await tf.ready();
}

export async function load(backend, purpose) {
  await start(backend, purpose);
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
    trainer: (pixels, targets) => trainer(weights, pixels, targets),
  };
}

// Takes a step with the batch each time it is called; gives the loss before it. The optimiser is Adam with
// the numbers of our AdamW, which TensorFlow.js does not have: it leaves the decay of weights out.
function trainer(weights, pixels, targets) {
  const variables = {};
  for (const [name, tensor] of Object.entries(weights)) variables[name] = tf.variable(tensor);
  const [x, labels] = [images(pixels), tf.tensor(targets, [targets.length / 10, 10])];
  const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-5);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, forward(variables, x));
  return async () => {
    const value = optimizer.minimize(loss, true);
    // The step is done once its last variable can be read.
    const [[number]] = await Promise.all([value.data(), variables["stem.bias"].data()]);
    value.dispose();
    return number;
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
  if (filter instanceof tf.Variable) {
    // The fused operation has no gradient of its ReLU.
    const sum = tf.add(tf.conv2d(x, filter, 1, "same"), bias);
    return tf.relu(residual ? tf.add(sum, residual) : sum);
  }
  const fused = { x, filter, bias, strides: 1, pad: "same" };
  if (!residual) return tf.fused.conv2d({ ...fused, activation: "relu" });
  return tf.relu(tf.add(tf.fused.conv2d(fused), residual));
}
