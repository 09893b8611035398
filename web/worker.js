// Loads one of the two worker programs: "worker.js?cpu" or "worker.js?gpu".
const program = `worker-${location.search.slice(1)}`;

// A rejected promise stays within the worker, an exception reaches the page: it restarts the worker.
self.addEventListener("unhandledrejection", (event) => {
  throw event.reason;
});

importScripts(`./${program}.js`);
wasm_bindgen({ module_or_path: `./${program}_bg.wasm` });
