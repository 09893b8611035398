//! The archive's entry point.

fn main() {
    archive::start();
}
