// onnxruntime-web on the exported ONNX file.
export async function load(backend) {
  const folder = "./packages/onnxruntime-web/dist/";
  const ort = await import(`${folder}ort.${backend}.bundle.min.mjs`);
  ort.env.wasm.wasmPaths = new URL(folder, import.meta.url).href;
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create("../bench-onnx", {
    executionProviders: [backend],
    graphOptimizationLevel: "all",
  });
  return {
    async infer(pixels) {
      const image = new ort.Tensor("float32", pixels, [pixels.length / 784, 1, 28, 28]);
      const { logits } = await session.run({ image });
      return logits.getData();
    },
  };
}
