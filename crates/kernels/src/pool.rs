//! 2×2 max pooling of stride 2 over channels-last images, and its gradient.

use crate::{
    parallel,
    simd::{Lanes, Task, dispatch},
};

/// Sizes of one pooling. An odd last row or column is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Images in the batch.
    pub batch: usize,
    /// Rows of an input image.
    pub height: usize,
    /// Columns of an input image.
    pub width: usize,
    /// Channels.
    pub channels: usize,
}

impl Shape {
    /// Values in the whole input.
    pub fn input_len(&self) -> usize {
        self.batch * self.height * self.width * self.channels
    }

    /// Values in the whole output.
    pub fn output_len(&self) -> usize {
        self.batch * (self.height / 2) * (self.width / 2) * self.channels
    }

    /// Offset in an input image of the first of the four pixels that make output pixel `index`.
    fn corner(&self, index: usize) -> usize {
        let columns = self.width / 2;
        (2 * (index / columns) * self.width + 2 * (index % columns)) * self.channels
    }

    /// The four pixels' offsets from the first.
    fn steps(&self) -> [usize; 4] {
        [
            0,
            self.channels,
            self.width * self.channels,
            (self.width + 1) * self.channels,
        ]
    }
}

/// The largest of each four pixels of `x`; NaN where one of them is.
///
/// # Panics
/// Where a slice's length disagrees with the shape.
pub fn forward(shape: Shape, x: &[f32]) -> Vec<f32> {
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    let length = shape.output_len();
    let (input, output) = (x.len() / shape.batch, length / shape.batch);
    parallel::make(length, output, |index, y| {
        dispatch(Forward {
            shape,
            x: &x[index * input..][..input],
            y,
        });
    })
}

/// The gradient with respect to the input: `dy` goes to the first of the four that was largest. Where `y`
/// is NaN, so is the last of the four.
///
/// # Panics
/// Where a slice's length disagrees with the shape.
pub fn backward(shape: Shape, x: &[f32], y: &[f32], dy: &[f32]) -> Vec<f32> {
    assert_eq!(x.len(), shape.input_len(), "length of the input");
    assert_eq!(y.len(), shape.output_len(), "length of the output");
    assert_eq!(
        dy.len(),
        shape.output_len(),
        "length of the output's gradient"
    );
    let (input, output) = (x.len() / shape.batch, y.len() / shape.batch);
    parallel::make(shape.input_len(), input, |index, dx| {
        let (x, at) = (
            &x[index * input..][..input],
            index * output..(index + 1) * output,
        );
        dispatch(Backward {
            shape,
            x,
            y: &y[at.clone()],
            dy: &dy[at],
            dx,
        });
    })
}

struct Forward<'a> {
    shape: Shape,
    x: &'a [f32],
    y: &'a mut [f32],
}

impl Task for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let channels = self.shape.channels;
        for (index, y) in self.y.chunks_exact_mut(channels).enumerate() {
            let corner = self.shape.corner(index);
            let [a, b, c, d] = self
                .shape
                .steps()
                .map(|step| &self.x[corner + step..][..channels]);
            for i in 0..channels {
                y[i] = larger(larger(a[i], b[i]), larger(c[i], d[i]));
            }
        }
    }
}

/// The larger of the two; NaN where either is, which `f32::max` would pass over.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b || a.is_nan() { a } else { b }
}

struct Backward<'a> {
    shape: Shape,
    x: &'a [f32],
    y: &'a [f32],
    dy: &'a [f32],
    dx: &'a mut [f32],
}

impl Task for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes>(self) {
        let channels = self.shape.channels;
        let outputs = self
            .y
            .chunks_exact(channels)
            .zip(self.dy.chunks_exact(channels));
        for (index, (y, dy)) in outputs.enumerate() {
            let corner = self.shape.corner(index);
            let [a, b, c, d] = self.shape.steps().map(|step| corner + step);
            for i in 0..channels {
                // Selections rather than branches, so that the loop becomes vectors.
                let mut rest = if y[i].is_nan() { y[i] } else { dy[i] };
                for at in [a, b, c] {
                    let largest = self.x[at + i] == y[i];
                    self.dx[at + i] = if largest { rest } else { 0.0 };
                    rest = if largest { 0.0 } else { rest };
                }
                self.dx[d + i] = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_goes_to_the_first_largest() {
        let shape = Shape {
            batch: 1,
            height: 2,
            width: 4,
            channels: 1,
        };
        let x = [1.0, 3.0, 2.0, 2.0, 3.0, 0.0, 1.0, 2.0];
        let y = forward(shape, &x);
        assert_eq!(y, [3.0, 2.0]);
        let dx = backward(shape, &x, &y, &[5.0, 7.0]);
        assert_eq!(dx, [0.0, 5.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn an_odd_last_row_is_left_out() {
        let shape = Shape {
            batch: 2,
            height: 3,
            width: 2,
            channels: 2,
        };
        let x: Vec<f32> = (0..24).map(|v| v as f32).collect();
        let y = forward(shape, &x);
        assert_eq!(y, [6.0, 7.0, 18.0, 19.0]);
    }
}
