// Starts Wardrobe. A file of its own, because the page's policy forbids inline scripts.

// The CPU worker loads beside the page's own module, not after it; the page takes it over.
const worker = new Worker("worker.js?cpu");
worker.onerror = () => delete globalThis.wardrobeWorker;
globalThis.wardrobeWorker = worker;

try {
  // trunk writes the names, which change with the contents, into this script's address.
  const names = new URL(import.meta.url).searchParams;
  const { default: start } = await import(`./${names.get("js")}`);
  await start({ module_or_path: names.get("wasm") });
} catch (error) {
  const boot = document.getElementById("boot");
  if (boot) {
    boot.textContent = `Wardrobe could not start (${error.message}). A current version of Chrome, Edge, Firefox or Safari is needed; if this is one, check the connection and reload the page.`;
  }
  throw error;
}
