// Loads one of the worker programs: such as "worker.js?cpu" or "worker.js?teach-gpu".
const program = `worker-${location.search.slice(1)}`;

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
wasm_bindgen({ module_or_path: `./${program}_bg.wasm` }).catch((error) => {
  throw new Error(`${program}_bg.wasm could not be loaded (${error.message})`);
});
