//! What a worker answered: times and logits.

use anyhow::{Context, Result, bail, ensure};
use model::class::CLASS_COUNT;
use model::prediction::Prediction;
use protocol::{Message, Response};
use serde_json::Value;

/// The logits of one image, less the largest of them: our worker answers with probabilities, which
/// leave it open.
pub(crate) type Row = [f64; CLASS_COUNT];

/// What came of one or more runs.
#[derive(Default)]
pub(crate) struct Answer {
    /// How long each run took within the worker, reading the result back included.
    pub(crate) milliseconds: Vec<f64>,
    /// The last run's logits.
    pub(crate) rows: Vec<Row>,
}

impl Answer {
    /// Reads what the page's script returned. `temperature` is what our probabilities are of.
    ///
    /// # Errors
    /// When it is no answer, or our worker's says that it failed.
    pub(crate) fn read(outcome: &Value, temperature: f32) -> Result<Self> {
        match &outcome["answers"] {
            Value::Null => Self::of_peer(outcome),
            answers => Self::of_wardrobe(answers, f64::from(temperature)),
        }
    }

    fn of_peer(outcome: &Value) -> Result<Self> {
        let numbers = |name: &str| -> Result<Vec<f64>> {
            serde_json::from_value(outcome[name].clone()).with_context(|| format!("no {name}"))
        };
        let values = numbers("values")?;
        let (rows, _) = values.as_chunks();
        Ok(Self {
            milliseconds: numbers("milliseconds")?,
            rows: rows.iter().copied().map(less_largest).collect(),
        })
    }

    fn of_wardrobe(answers: &Value, temperature: f64) -> Result<Self> {
        let mut answer = Self::default();
        for bytes in answers.as_array().context("no answers")? {
            let bytes: Vec<u8> = serde_json::from_value(bytes.clone())?;
            let predictions = match Message::decode(&bytes)?.body {
                Response::Loaded { .. } => continue,
                Response::Predicted {
                    prediction,
                    milliseconds,
                    ..
                } => {
                    answer.milliseconds.push(milliseconds);
                    vec![prediction]
                }
                Response::Classified {
                    images,
                    milliseconds,
                    ..
                } => {
                    answer.milliseconds.push(milliseconds);
                    images.into_iter().map(|image| image.prediction).collect()
                }
                Response::Failed { sentence } => bail!("our worker failed: {sentence}"),
                other => bail!("our worker answered {other:?}"),
            };
            let row = |prediction: &Prediction| {
                let logit = |p: f32| f64::from(p).ln() * temperature;
                less_largest(prediction.probabilities.map(logit))
            };
            answer.rows = predictions.iter().map(row).collect();
        }
        Ok(answer)
    }

    /// The mean time of a run.
    pub(crate) fn mean(&self) -> Result<f64> {
        ensure!(!self.milliseconds.is_empty(), "no run was timed");
        Ok(self.milliseconds.iter().sum::<f64>() / self.milliseconds.len() as f64)
    }
}

fn less_largest(row: Row) -> Row {
    let largest = row.into_iter().fold(f64::NEG_INFINITY, f64::max);
    row.map(|logit| logit - largest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::confidence::Judgement;
    use model::prediction::softmax;
    use protocol::RequestId;
    use serde_json::json;

    #[test]
    fn our_probabilities_and_a_peer_s_logits_are_the_same_rows() -> Result<()> {
        let logits: [f32; CLASS_COUNT] = std::array::from_fn(|class| 2.0 * class as f32 - 7.0);
        let body = Response::Predicted {
            model: 0,
            prediction: Prediction {
                probabilities: softmax(&logits, 0.65),
            },
            judgement: Judgement {
                sure: true,
                set_size: 1,
                coverage: 0.0,
                familiar: true,
            },
            evidence: None,
            milliseconds: 3.0,
        };
        let id = RequestId(2);
        let ours = Answer::read(
            &json!({ "answers": [Message { id, body }.encode()?] }),
            0.65,
        )?;
        let theirs = Answer::read(
            &json!({ "milliseconds": [2.0, 4.0], "values": logits }),
            0.65,
        )?;
        assert_eq!((ours.mean()?, theirs.mean()?), (3.0, 3.0));
        for (ours, theirs) in ours.rows[0].iter().zip(theirs.rows[0]) {
            assert!((ours - theirs).abs() < 1e-5, "{ours} {theirs}");
        }
        Ok(())
    }
}
