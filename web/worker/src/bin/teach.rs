//! The entry point of the worker that teaches.

fn main() {
    worker::teach::start();
}
