// Counts what a worker asks of the GPU, and tells whoever asks on the channel of the worker's own name.
const counts = { dispatches: 0, submits: 0, maps: 0, pipelines: 0, bytes: 0 };

function count(owner, method, name) {
  const original = owner.prototype[method];
  owner.prototype[method] = function (...words) {
    counts[name] += 1;
    return original.apply(this, words);
  };
}

count(GPUComputePassEncoder, "dispatchWorkgroups", "dispatches");
count(GPUComputePassEncoder, "dispatchWorkgroupsIndirect", "dispatches");
count(GPUQueue, "submit", "submits");
count(GPUBuffer, "mapAsync", "maps");
count(GPUDevice, "createComputePipeline", "pipelines");
count(GPUDevice, "createComputePipelineAsync", "pipelines");

// Bytes of the buffers that have not been destroyed.
const { createBuffer } = GPUDevice.prototype;
GPUDevice.prototype.createBuffer = function (descriptor) {
  counts.bytes += descriptor.size;
  return createBuffer.call(this, descriptor);
};
const { destroy } = GPUBuffer.prototype;
const destroyed = new WeakSet();
GPUBuffer.prototype.destroy = function () {
  if (!destroyed.has(this)) counts.bytes -= this.size;
  destroyed.add(this);
  return destroy.call(this);
};

const channel = new BroadcastChannel(`counts${location.search}`);
channel.onmessage = () => channel.postMessage(counts);
