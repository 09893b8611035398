//! The CPU worker's entry point.

fn main() {
    worker::start();
}
