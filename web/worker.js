// Loads one of the worker programs: such as "worker.js?cpu" or "worker.js?teach-gpu".
const program = `worker-${location.search.slice(1)}`;
const wasm = `./${program}_bg.wasm`;

// A rejected promise stays within the worker, an exception reaches the page: it says so in words, and
// starts the worker again or does without it.
self.addEventListener("unhandledrejection", (event) => {
  throw event.reason;
});

try {
  importScripts(`./${program}.js`);
} catch {
  throw new Error(`${program}.js could not be loaded`);
}

const start = (module) => wasm_bindgen({ module_or_path: module });
start(wasm).catch((error) => {
  if (!(error instanceof WebAssembly.CompileError)) throw error;
  // The browser's cache may hold a damaged copy.
  return start(fetch(wasm, { cache: "reload" }));
}).catch((error) => {
  throw new Error(`${program}_bg.wasm could not be loaded (${error.message})`);
});
