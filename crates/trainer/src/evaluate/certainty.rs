//! What a net says beyond its top class: sets of classes, and whether it is sure.

use serde::Serialize;

use crate::nets::Reading;

/// Sets of classes.
#[derive(Serialize)]
pub struct Sets {
    /// The share of sets that ought to hold the right class; 0 if the weights state none.
    pub stated_coverage: f32,
    /// The share that does.
    pub coverage: f64,
    /// How many classes a set has on average.
    pub mean_size: f64,
}

/// Sure answers and the others.
#[derive(Serialize)]
pub struct Sure {
    /// Those the net is sure of.
    pub sure: Part,
    /// Those where the top two are near.
    pub not_sure: Part,
}

/// A part of the images.
#[derive(Serialize)]
pub struct Part {
    /// Its share of all.
    pub share: f64,
    /// The share of it that is read right; 0 if there is none.
    pub accuracy: f64,
}

impl Sets {
    /// How the sets of these readings do.
    pub fn new(readings: &[Reading], labels: &[u8]) -> Sets {
        let all = readings.len().max(1) as f64;
        let holds = |(reading, label): &(&Reading, &u8)| {
            let size = usize::from(reading.judgement.set_size);
            let ranked = reading.prediction.ranked();
            ranked[..size]
                .iter()
                .any(|&(class, _)| class == usize::from(**label))
        };
        let sizes = readings
            .iter()
            .map(|reading| f64::from(reading.judgement.set_size));
        Sets {
            stated_coverage: readings
                .first()
                .map_or(0.0, |reading| reading.judgement.coverage),
            coverage: readings.iter().zip(labels).filter(holds).count() as f64 / all,
            mean_size: sizes.sum::<f64>() / all,
        }
    }
}

impl Part {
    /// How those of the readings do that are `chosen`.
    pub fn new(readings: &[Reading], labels: &[u8], chosen: fn(&Reading) -> bool) -> Part {
        let part: Vec<bool> = readings
            .iter()
            .zip(labels)
            .filter(|(reading, _)| chosen(reading))
            .map(|(reading, &label)| reading.is_right(label))
            .collect();
        let right = part.iter().filter(|&&right| right).count();
        Part {
            share: part.len() as f64 / readings.len().max(1) as f64,
            accuracy: right as f64 / part.len().max(1) as f64,
        }
    }
}
