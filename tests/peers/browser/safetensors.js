// Reads the weights that the trainer exported: names to { shape, values }.
export async function tensors() {
  const bytes = await (await fetch("../bench-safetensors")).arrayBuffer();
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
  delete header.__metadata__;
  const read = ([name, { shape, data_offsets: [start, end] }]) => {
    const values = new Float32Array(bytes, 8 + length + start, (end - start) / 4);
    return [name, { shape, values }];
  };
  return Object.fromEntries(Object.entries(header).map(read));
}
