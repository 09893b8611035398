//! The WebGPU worker's entry point.

fn main() {
    worker::start();
}
