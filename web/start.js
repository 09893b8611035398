// Starts Wardrobe. A file of its own, because the page's policy forbids inline scripts.

try {
  // The CPU worker loads beside the page's own module, not after it; the page takes it over.
  const worker = new Worker("worker.js?cpu");
  worker.onerror = () => delete globalThis.wardrobeWorker;
  globalThis.wardrobeWorker = worker;
} catch {
  // The page tries once more, and says what is wrong.
}

try {
  // trunk writes the names, which change with the contents, into this script's address.
  const names = new URL(import.meta.url).searchParams;
  const { default: start } = await import(`./${names.get("js")}`);
  const wasm = names.get("wasm");
  await start({ module_or_path: wasm }).catch((error) => {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    // The browser's cache may hold a damaged copy.
    return start({ module_or_path: fetch(wasm, { cache: "reload" }) });
  });
} catch (error) {
  // fallback.js says why, as soon as it is here.
  globalThis.wardrobeError = error;
  globalThis.wardrobeTrouble?.();
  throw error;
}
