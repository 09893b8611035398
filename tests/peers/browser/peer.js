// A peer's worker: "peer.js?RUNTIME&BACKEND", with "&train" if it is to train, loads one runtime with the net's weights and does what it
// is told, timing it.
const [runtime, backend, purpose] = location.search.slice(1).split("&");

async function load() {
  if (backend === "webgpu") await import("./count.js");
  const { load } = await import(`./${runtime}.js`);
  return load(backend, purpose);
}

const loaded = load();

// A turn that has lasted so many milliseconds is long enough: it ends after the run under way.
const TURN = 1000;

// The listener stands before anything is loaded, so that no message is lost.
addEventListener("message", async ({ data: { id, pixels, targets, runs } }) => {
  try {
    const net = await loaded;
    if (targets) {
      postMessage({ id, ...(await train(net, pixels, targets, runs)) });
      return;
    }
    const milliseconds = [];
    let values = [];
    const begun = performance.now();
    for (let run = 0; run < runs && performance.now() - begun < TURN; run++) {
      const start = performance.now();
      values = await net.infer(pixels);
      milliseconds.push(performance.now() - start);
    }
    postMessage({ id, milliseconds, values: [...values] });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
});

// So many steps of training: each one's time and loss.
async function train(net, pixels, targets, steps) {
  const step = net.trainer(pixels, targets);
  const [milliseconds, values] = [[], []];
  for (let taken = 0; taken < steps; taken++) {
    const start = performance.now();
    values.push(await step());
    milliseconds.push(performance.now() - start);
  }
  return { milliseconds, values };
}
