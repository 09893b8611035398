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

// Our worker that teaches: orders are files of the bench as well, its reports are for the bench to read.
class Teacher {
  constructor(address) {
    this.worker = new Worker(address);
    this.started = heard(this.worker, () => true);
  }

  // Posts an order and gives all reports up to the first of one of these kinds, the third byte.
  async order(path, ends) {
    const message = new Uint8Array(await bytes(path));
    const reports = [];
    const last = heard(this.worker, (report) => {
      // Nets are of no use to the bench.
      if (report.length < 100_000) reports.push([...report]);
      return ends.includes(report[2]);
    });
    this.worker.postMessage(message, [message.buffer]);
    await last;
    return reports;
  }

  async train(steps, ends) {
    await this.started;
    const begun = await this.order(`bench-begin-${steps}`, ends);
    return { reports: [...begun, ...(await this.order("bench-run", ends))] };
  }
}

// A peer's worker.
class Peer {
  constructor(address) {
    this.worker = new Worker(address, { type: "module" });
    this.id = 0;
  }

  // Its first word, once its runtime has been loaded: nothing is counted before.
  get started() {
    return this.infer(1, 1);
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

  async train(steps) {
    const id = ++this.id;
    const answer = heard(this.worker, (answer) => answer.id === id);
    const targets = new Float32Array(await bytes("bench-targets"));
    const pixels = (await images).slice(0, (targets.length / 10) * 784);
    this.worker.postMessage({ id, pixels, targets, runs: steps });
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

  // Makes a worker that trains, if there is none.
  async begin_training({ address }) {
    if (seats.has(address)) return;
    const seat = address.startsWith("worker.js") ? new Teacher(address) : new Peer(address);
    seats.set(address, seat);
    await seat.started;
  },

  // So many steps of training, from the shipped net on.
  async train({ address, steps, ends }) {
    await bench.begin_training({ address });
    return seats.get(address).train(steps, ends);
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
