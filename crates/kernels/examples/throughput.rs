//! Prints what each kernel reaches on the convolutions of `compact`, in GFLOP/s of the definition,
//! beside what the processor reaches at most.
//! `cargo run -p kernels --features threads --example throughput`

use kernels::conv::{self, Epilogue, Shape};
use kernels::simd::{Lanes, Task, dispatch};
use std::hint::black_box;
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

/// Vectors of sums that are under way together: enough to hide the latency of an addition.
const SUMS: usize = 12;

/// Multiplies and adds in registers, and does nothing else: the processor's limit.
struct Limit {
    rounds: usize,
}

impl Task for Limit {
    /// Multiply-adds done.
    type Output = f64;

    #[inline(always)]
    fn run<V: Lanes>(self) -> f64 {
        let factor = black_box(V::splat(0.5));
        let mut sums = [V::splat(1.0); SUMS];
        for _ in 0..self.rounds {
            for sum in &mut sums {
                *sum = sum.add_product(*sum, factor);
            }
        }
        black_box(sums);
        (self.rounds * SUMS * V::LANES) as f64
    }
}

/// What all cores together reach at most, in GFLOP/s.
fn limit() -> f64 {
    let rounds = 20_000_000;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let start = Instant::now();
    let done: f64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|_| scope.spawn(move || dispatch(Limit { rounds })))
            .collect();
        threads.into_iter().filter_map(|t| t.join().ok()).sum()
    });
    2.0 * done / start.elapsed().as_secs_f64() / 1e9
}

fn main() {
    println!("the processor's limit: {:.0} GFLOP/s", limit());
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
            black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
