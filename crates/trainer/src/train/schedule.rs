//! How the learning rate changes over a run.

use crate::numbers::{MOST_EPOCHS, fraction, real, whole};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::{f64::consts::PI, ops::Bound};

/// What the one-cycle schedule's first learning rate is to its highest (Smith and Topin 2019).
const ONE_CYCLE_START: f64 = 1.0 / 25.0;
/// What its last one is to its first.
const ONE_CYCLE_END: f64 = 1e-4;
/// The smallest factor of the schedules that fall towards zero.
const FLOOR: f64 = 1e-3;

/// The course of the learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// A linear rise (--warmup), then half a cosine down to nearly zero
    Cosine,
    /// The same throughout
    Constant,
    /// Multiplied by --step-factor every --step-epochs
    Step,
    /// From a 25th up and down again to nearly zero, both along half a cosine
    OneCycle,
}

/// Flags about the learning rate's course.
#[derive(Clone, Debug, PartialEq, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Learning rate")]
pub struct Schedule {
    /// Course of the learning rates over the run
    #[arg(long, value_enum, default_value_t = Course::Cosine)]
    pub schedule: Course,
    /// Share of the steps in which the learning rate rises [0 for constant and step]
    #[arg(
        long,
        value_parser = fraction(),
        default_value_t = 0.15,
        default_value_ifs = [("schedule", "constant", "0"), ("schedule", "step", "0")]
    )]
    pub warmup: f64,
    /// With --schedule step: epochs between two falls
    #[arg(long, value_parser = whole::<usize>(1..=MOST_EPOCHS), value_name = "EPOCHS", default_value_t = 10)]
    pub step_epochs: usize,
    /// With --schedule step: what the learning rate is multiplied by
    #[arg(long, value_parser = real::<f64>((Bound::Excluded(0.0), Bound::Included(1.0))), value_name = "FACTOR", default_value_t = 0.1)]
    pub step_factor: f64,
}

impl Schedule {
    /// The factor on the learning rates at `step` of `steps`, of which an epoch has `an_epoch`.
    pub fn factor(&self, step: usize, steps: usize, an_epoch: usize) -> f64 {
        let progress = step as f64 / steps.max(1) as f64;
        let rising = progress / self.warmup;
        let falling = (progress - self.warmup) / (1.0 - self.warmup).max(f64::EPSILON);
        let falls = half_cosine(falling.min(1.0));
        let is_rising = progress < self.warmup;
        match self.schedule {
            Course::OneCycle if is_rising => 1.0 - (1.0 - ONE_CYCLE_START) * half_cosine(rising),
            _ if is_rising => rising.max(FLOOR),
            Course::Cosine => falls.max(FLOOR),
            Course::Constant => 1.0,
            Course::Step => {
                let drops = step / (self.step_epochs * an_epoch).max(1);
                self.step_factor.powi(drops.min(1000) as i32)
            }
            Course::OneCycle => {
                let last = ONE_CYCLE_START * ONE_CYCLE_END;
                last + (1.0 - last) * falls
            }
        }
    }
}

/// From 1 down to 0 while `progress` goes from 0 to 1.
fn half_cosine(progress: f64) -> f64 {
    0.5 * (1.0 + (PI * progress).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: Course, warmup: f64, step: usize) -> f64 {
        let schedule = Schedule {
            schedule,
            warmup,
            step_epochs: 3,
            step_factor: 0.5,
        };
        schedule.factor(step, 100, 10)
    }

    #[test]
    fn the_cosine_rises_and_falls() {
        let at = |step| at(Course::Cosine, 0.2, step);
        assert!(at(0) < at(10) && at(10) < at(20) && at(20) > at(60) && at(60) > at(99));
        assert!((at(20) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_cycle_starts_at_a_25th_and_ends_near_zero() {
        let at = |step| at(Course::OneCycle, 0.3, step);
        assert!((at(0) - 0.04).abs() < 1e-9 && (at(30) - 1.0).abs() < 1e-9);
        assert!(at(15) > at(5) && at(15) > at(80) && at(100) < 1e-5);
    }

    #[test]
    fn steps_fall_every_few_epochs_and_constant_stays() {
        let factors = [0, 29, 30, 60].map(|step| at(Course::Step, 0.0, step));
        assert_eq!(factors, [1.0, 1.0, 0.5, 0.25]);
        assert_eq!(
            [0, 50, 99].map(|step| at(Course::Constant, 0.0, step)),
            [1.0; 3]
        );
    }
}
