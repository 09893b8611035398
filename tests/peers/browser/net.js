// The shipped net's layers, for the peers that are told layer by layer. See crates/model/src/net/compact.rs.

// In order: name, the convolution whose output is added, whether a later one adds this output, whether
// a pooling follows. The average over all pixels and a dense layer come last.
export const CONVOLUTIONS = [
  { name: "stem" },
  { name: "early", pooled: true },
  { name: "middle.widen", keep: true },
  { name: "middle.first" },
  { name: "middle.second", residual: "middle.widen", pooled: true },
  { name: "late.widen", keep: true },
  { name: "late.first" },
  { name: "late.second", residual: "late.widen" },
];
