//! Prints what each kernel reaches on the convolutions of `compact`, in GFLOP/s.
//! `cargo run -p kernels --features threads --example throughput`

use kernels::conv::{self, Epilogue, Shape};
use std::time::Instant;

/// Images in a batch.
const BATCH: usize = 128;

/// Height and width, input and output channels, and how often `compact` has it.
const LAYERS: [(usize, usize, usize, usize); 6] = [
    (28, 1, 32, 1),
    (28, 32, 32, 1),
    (14, 32, 64, 1),
    (14, 64, 64, 2),
    (7, 64, 128, 1),
    (7, 128, 128, 2),
];

fn main() {
    let mut totals = [0.0; 3];
    for (side, inputs, outputs, count) in LAYERS {
        let shape = Shape {
            batch: BATCH,
            height: side,
            width: side,
            inputs,
            outputs,
        };
        let (x, w) = (vec![0.5; shape.input_len()], vec![0.1; shape.weights_len()]);
        let y = vec![0.5; shape.output_len()];
        let gflop = 2.0 * 9.0 * (BATCH * side * side * inputs * outputs) as f64 / 1e9;
        let forward = median(|| conv::forward(shape, &x, &w, Epilogue::default()));
        let input = match inputs {
            1 => 0.0,
            _ => median(|| conv::input_gradient(shape, &w, &y)),
        };
        let weights = median(|| conv::weight_gradient(shape, &x, &y));
        print!("{side:>2}×{side:<2} {inputs:>3} → {outputs:<3}");
        for (total, (name, seconds)) in
            totals
                .iter_mut()
                .zip([("forward", forward), ("dX", input), ("dW", weights)])
        {
            *total += seconds * count as f64;
            print!(
                "  {name} {:6.2} ms {:6.1} GFLOP/s",
                seconds * 1e3,
                gflop / seconds
            );
        }
        println!();
    }
    let step: f64 = totals.iter().sum();
    println!(
        "all of compact: {:.1?} ms, {:.0} images/s in training",
        totals.map(|t| t * 1e3),
        BATCH as f64 / step
    );
}

/// Median of some runs, in seconds.
fn median(work: impl Fn() -> Vec<f32>) -> f64 {
    let mut seconds: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
