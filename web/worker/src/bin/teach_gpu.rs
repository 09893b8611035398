//! The entry point of the worker that teaches on WebGPU.

fn main() {
    worker::teach::start();
}
