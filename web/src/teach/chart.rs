//! Lines of a chart: from figures to points on a plane of 100 × 40 units, y downwards.

/// Width of the plane.
pub const WIDTH: f64 = 100.0;
/// Height of the plane.
pub const HEIGHT: f64 = 40.0;

/// The points of a line as SVG writes them. `steps` is the chart's right edge, `top` its upper one;
/// what lies beyond is brought to the edge.
pub fn line(points: impl IntoIterator<Item = (f64, f64)>, steps: f64, top: f64) -> String {
    let place = |(step, value): (f64, f64)| {
        let x = WIDTH * (step / steps.max(1.0)).clamp(0.0, 1.0);
        let y = HEIGHT * (1.0 - (value / top.max(1e-9)).clamp(0.0, 1.0));
        format!("{x:.2},{y:.2}")
    };
    points.into_iter().map(place).collect::<Vec<_>>().join(" ")
}

/// At most about 300 of the values, each with its step, counted from 1: more than a line has pixels.
pub fn thinned(values: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    let every = values.len().div_ceil(300).max(1);
    let last = values.len();
    let numbered = values
        .iter()
        .enumerate()
        .map(|(index, value)| (index + 1, *value));
    numbered
        .filter(move |(step, _)| step.is_multiple_of(every) || *step == 1 || *step == last)
        .map(|(step, value)| (step as f64, value))
}

/// Running means, so that single batches do not hide the course: each value is taken in by a share.
pub fn smoothed(values: &[f64]) -> Vec<f64> {
    const SHARE: f64 = 0.2;
    let mut mean = values.first().copied().unwrap_or(0.0);
    values
        .iter()
        .map(|value| {
            mean += SHARE * (value - mean);
            mean
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_spans_the_plane_and_stays_on_it() {
        let points = [(0.0, 0.0), (5.0, 1.0), (10.0, 3.0)];
        assert_eq!(
            line(points, 10.0, 2.0),
            "0.00,40.00 50.00,20.00 100.00,0.00"
        );
        assert_eq!(line([], 10.0, 2.0), "");
    }

    #[test]
    fn a_long_line_keeps_its_ends() {
        let values: Vec<f64> = (1..=2_000).map(f64::from).collect();
        let thin: Vec<_> = thinned(&values).collect();
        assert!(thin.len() <= 302, "{}", thin.len());
        assert_eq!(
            (thin[0], thin[thin.len() - 1]),
            ((1.0, 1.0), (2_000.0, 2_000.0))
        );
        assert_eq!(thinned(&values[..5]).count(), 5);
    }

    #[test]
    fn smoothing_begins_where_the_values_do() {
        let means = smoothed(&[2.0, 2.0, 7.0]);
        assert_eq!(means, [2.0, 2.0, 3.0]);
    }
}
