// A peer's worker: "peer.js?RUNTIME&BACKEND" loads one runtime with the net's weights and does what it
// is told, timing it.
const [runtime, backend] = location.search.slice(1).split("&");

async function load() {
  if (backend === "webgpu") await import("./count.js");
  const { load } = await import(`./${runtime}.js`);
  return load(backend);
}

const loaded = load();

// A turn that has lasted so many milliseconds is long enough: it ends after the run under way.
const TURN = 1000;

// The listener stands before anything is loaded, so that no message is lost.
addEventListener("message", async ({ data: { id, pixels, runs } }) => {
  try {
    const net = await loaded;
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
