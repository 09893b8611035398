//! Charts of a report and of a run's folder, as SVG text.

use anyhow::Result;
use model::calibration::Bin;
use plotters::prelude::*;

use crate::progress::EpochReport;

/// Width and height in pixels.
const SIZE: (u32, u32) = (560, 320);

/// A curve with its name.
pub struct Curve<'a> {
    /// What the legend says.
    pub name: &'a str,
    /// The points (x, y).
    pub points: Vec<(f64, f64)>,
}

/// The chart of a run's loss, and that of its accuracies, that in training on images as they are or on
/// augmented ones.
///
/// # Errors
/// If a chart cannot be drawn.
pub fn of_run(epochs: &[EpochReport], augmented: bool) -> Result<[String; 2]> {
    let curve = |name, figure: fn(&EpochReport) -> Option<f64>| Curve {
        name,
        points: epochs
            .iter()
            .filter_map(|e| Some((e.epoch as f64, figure(e)?)))
            .collect(),
    };
    let loss = [curve("training loss", |e| Some(e.loss))];
    let training = match augmented {
        true => "training, augmented",
        false => "training",
    };
    let mut accuracies = vec![
        curve(training, |e| Some(e.train_accuracy)),
        curve("validation photos", |e| Some(e.validation_accuracy)),
        curve("people's drawings", |e| Some(e.drawings?[0])),
        curve("icons", |e| Some(e.drawings?[1])),
    ];
    accuracies.retain(|curve| !curve.points.is_empty());
    Ok([curves(&loss, "nats")?, curves(&accuracies, "share")?])
}

/// Curves over the epochs of a run.
///
/// # Errors
/// If the chart cannot be drawn.
pub fn curves(curves: &[Curve<'_>], unit: &str) -> Result<String> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let last = points().map(|point| point.0).fold(2.0, f64::max);
    let heights = points().map(|point| (point.1, point.1));
    let around = heights.reduce(|(low, high), (y, _)| (low.min(y), high.max(y)));
    // Axes alone where there is no point; plotters would look for their marks for ever.
    let (low, high) = around.unwrap_or((0.0, 1.0));
    // Also of one large number alone, and of such that rounding would make one.
    let margin = (0.05 * (high - low)).max(1e-3).max(1e-6 * high.abs());
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .x_label_area_size(36)
            .y_label_area_size(52)
            .build_cartesian_2d(1.0..last, low - margin..high + margin)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc("epoch")
            .y_desc(unit)
            .draw()?;
        for (index, Curve { name, points }) in curves.iter().enumerate() {
            let colour = Palette99::pick(index).to_rgba();
            chart
                .draw_series(LineSeries::new(
                    points.iter().copied(),
                    colour.stroke_width(2),
                ))?
                .label(*name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
        }
        chart
            .configure_series_labels()
            .background_style(WHITE)
            .border_style(BLACK.mix(0.2))
            .draw()?;
        area.present()?;
    }
    Ok(svg)
}

/// Reliability diagram: accuracy over confidence, bin by bin; honest confidence lies on the diagonal.
///
/// # Errors
/// If the chart cannot be drawn.
pub fn reliability(bins: &[Bin]) -> Result<String> {
    let width = 1.0 / bins.len().max(1) as f64;
    let bar = |(index, bin): (usize, &Bin)| {
        let left = index as f64 * width;
        Rectangle::new(
            [(left, 0.0), (left + 0.9 * width, bin.accuracy)],
            BLUE.mix(0.55).filled(),
        )
    };
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(8)
            .x_label_area_size(36)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc("confidence")
            .y_desc("right")
            .draw()?;
        let filled = bins.iter().enumerate().filter(|(_, bin)| bin.count > 0);
        chart.draw_series(filled.map(bar))?;
        chart.draw_series(LineSeries::new(
            [(0.0, 0.0), (1.0, 1.0)],
            BLACK.stroke_width(1),
        ))?;
        area.present()?;
    }
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_its_names_and_as_many_bars_as_filled_bins() -> Result<()> {
        let rising = Curve {
            name: "rising",
            points: vec![(1.0, 0.5), (2.0, 0.75)],
        };
        let svg = curves(&[rising], "loss")?;
        for part in ["<svg", "rising", "epoch", "loss", "<polyline"] {
            assert!(svg.contains(part), "{part} is not in {svg}");
        }
        let mut bins = [Bin::default(); 15];
        bins[14] = Bin {
            count: 3,
            confidence: 0.97,
            accuracy: 1.0,
        };
        let bars =
            |bins: &[Bin]| Ok::<_, anyhow::Error>(reliability(bins)?.matches("<rect").count());
        assert_eq!(bars(&bins)?, bars(&[Bin::default(); 15])? + 1);
        Ok(())
    }

    #[test]
    fn a_run_of_one_epoch_can_be_drawn() -> Result<()> {
        let point = Curve {
            name: "short",
            points: vec![(1.0, 0.5)],
        };
        assert!(curves(&[point], "accuracy")?.contains("short"));
        Ok(())
    }

    #[test]
    fn a_chart_of_no_points_has_its_axes() -> Result<()> {
        for svg in of_run(&[], true)? {
            assert!(svg.contains("epoch"), "{svg}");
        }
        Ok(())
    }
}
