//! The entry point of the worker that trains.

fn main() {
    worker::start();
}
