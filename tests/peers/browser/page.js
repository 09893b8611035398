// Starts workers, ours and the peers', and passes on what they are asked and what they answer. A seat
// is a worker by its address.
const seats = new Map();

// The next message that passes the test.
function heard(target, test) {
  return new Promise((resolve, reject) => {
    const listeners = new AbortController();
    const { signal } = listeners;
    const hear = ({ data }) => {
      if (!test(data)) return;
      listeners.abort();
      resolve(data);
    };
    const fail = ({ message }) => {
      listeners.abort();
      reject(new Error(message || "a worker could not be loaded"));
    };
    target.addEventListener("message", hear, { signal });
    target.addEventListener("error", fail, { signal });
  });
}

async function bytes(path) {
  return (await fetch(path)).arrayBuffer();
}

// Our worker: its requests are files that the bench has written, its answers are for the bench to read.
// A message's second byte is its request's id; 0 is no answer.
class Wardrobe {
  constructor(address) {
    this.worker = new Worker(address);
    this.started = heard(this.worker, (message) => message[1] === 0);
    this.files = {};
  }

  async request(path) {
    this.files[path] ??= bytes(path);
    const message = new Uint8Array((await this.files[path]).slice());
    const id = message[1]; // posting empties the message
    const answer = heard(this.worker, (answer) => answer[1] === id);
    this.worker.postMessage(message, [message.buffer]);
    return [...(await answer)];
  }

  async first() {
    this.files["bench-load"] = bytes("bench-load");
    await this.started;
    const loaded = await this.request("bench-load");
    return { answers: [loaded, await this.request("bench-infer-1")] };
  }

  async infer(batch, runs) {
    const answers = [];
    for (let run = 0; run < runs; run++) answers.push(await this.request(`bench-infer-${batch}`));
    return { answers };
  }
}

// A peer's worker.
class Peer {
  constructor(address) {
    this.worker = new Worker(address, { type: "module" });
    this.id = 0;
  }

  first() {
    return this.infer(1, 1);
  }

  async infer(batch, runs) {
    const id = ++this.id;
    const answer = heard(this.worker, (answer) => answer.id === id);
    const pixels = (await images).slice(0, batch * 784);
    this.worker.postMessage({ id, pixels, runs });
    return answer;
  }
}

const images = bytes("bench-images").then((bytes) => new Float32Array(bytes));

const bench = {
  // A new worker's first prediction and the milliseconds until it was there.
  async start({ address }) {
    await images;
    bench.stop({ address });
    const start = performance.now();
    const seat = address.startsWith("worker.js") ? new Wardrobe(address) : new Peer(address);
    seats.set(address, seat);
    const answer = await seat.first();
    return { ...answer, first: performance.now() - start };
  },

  infer({ address, batch, runs }) {
    return seats.get(address).infer(batch, runs);
  },

  // What the worker has asked of the GPU so far.
  counts({ address }) {
    const channel = new BroadcastChannel(`counts?${address.split("?")[1]}`);
    const counts = heard(channel, () => true);
    channel.postMessage("count");
    return counts.finally(() => channel.close());
  },

  stop({ address }) {
    seats.get(address)?.worker.terminate();
    seats.delete(address);
  },
};

let pending;

// Begins; what takes minutes outlasts a single question of the driver.
globalThis.begin = (method, words) => {
  pending = Promise.resolve(bench[method](words)).catch((error) => ({ error: String(error) }));
};

// The outcome, or null when there is none after a while.
globalThis.outcome = (patience) => {
  const later = new Promise((resolve) => setTimeout(resolve, patience, null));
  return Promise.race([pending.then((outcome) => outcome ?? {}), later]);
};
