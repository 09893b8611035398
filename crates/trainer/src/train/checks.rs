//! Settings that make no sense together, each with the sentence that says so. What a number may be by itself
//! stands at its flag.

use super::config::TrainConfig;
use crate::data::Split;
use crate::nets::WeightsFile;
use crate::usage::UsageError;
use anyhow::Result;
use model::net::Architecture;
use std::path::Path;

/// Flags that only mean something with a certain value of another.
const NEEDS: [(&str, &str, &str); 5] = [
    ("adamw_learning_rate", "optimiser", "muon"),
    ("adamw_weight_decay", "optimiser", "muon"),
    ("momentum", "optimiser", "sgd"),
    ("step_epochs", "schedule", "step"),
    ("step_factor", "schedule", "step"),
];

/// Flags that only mean something where another is given at all.
const NEEDS_ANY: [(&str, &str); 3] = [
    ("teacher_share", "teacher"),
    ("opinion_share", "opinions"),
    ("token_file", "remote"),
];

impl TrainConfig {
    /// Weights that other weights are made from.
    fn given_weights(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let given = [("from", &self.transfer.from), ("teacher", &self.teacher)];
        given
            .into_iter()
            .filter_map(|(flag, path)| Some((flag, path.as_deref()?)))
    }

    /// # Errors
    /// A usage error where weights to begin with, or to learn from, learned from images that are to be
    /// held out; also if they cannot be read.
    pub fn check_unseen(&self, split: Split) -> Result<()> {
        for (_, path) in self.given_weights() {
            let file = WeightsFile::new(path);
            split.check_unseen(path, &file.read()?.1, "hold out those")?;
        }
        Ok(())
    }

    /// # Errors
    /// A usage error where there are weights that may have learned from any image.
    pub fn check_ignorant(&self) -> Result<()> {
        match self.given_weights().next() {
            None => Ok(()),
            Some((flag, _)) => {
                let sentence = format!(
                    "leave out --{flag}: its weights may have learned from what is to be judged"
                );
                Err(UsageError::new(sentence).into())
            }
        }
    }

    /// The first thing that makes no sense, as a sentence.
    ///
    /// # Errors
    /// Where a value is out of its range, or values contradict each other.
    pub fn check(&self) -> Result<(), String> {
        let checks = [
            self.net_checks(),
            self.share_checks(),
            self.parallel.checks(),
        ];
        match checks.into_iter().flatten().find(|(holds, _)| !holds) {
            Some((_, sentence)) => Err(sentence.into()),
            None => Ok(()),
        }
    }

    fn net_checks(&self) -> Vec<(bool, &'static str)> {
        let normalised = self.batch_norm == Some(true);
        vec![
            (
                !(normalised && self.architecture == Architecture::Mlp),
                "--batch-norm true needs convolutions, of which mlp has none: choose another --architecture",
            ),
            (
                !(normalised && self.transfer.from.is_some()),
                "the weights of --from have their normalisation folded in: leave out --batch-norm true",
            ),
        ]
    }

    fn share_checks(&self) -> Vec<(bool, &'static str)> {
        let shares = [
            self.human_share,
            self.doodle_share,
            self.trace_share,
            self.sketch_share,
        ];
        vec![(
            shares.iter().sum::<f64>() <= 1.0,
            "the shares of drawings add up to more than 1",
        )]
    }

    /// The first of the flags `given` that would do nothing with these settings, with or without
    /// drawings, as a sentence.
    ///
    /// # Errors
    /// Where there is one.
    pub fn check_given(&self, given: &[String], drawings: bool) -> Result<()> {
        let all = serde_json::to_value(self)?;
        let is_given = |flag: &str| given.iter().any(|name| name == flag);
        let valued = NEEDS.into_iter().map(|(flag, other, value)| {
            let sentence = format!("--{other} {value}");
            (flag, all[other] == value, sentence)
        });
        let any = NEEDS_ANY.into_iter().map(|(flag, other)| {
            let is_there = all[other].is_string() || all[other][0].is_string();
            (flag, is_there, format!("--{}", other.replace('_', "-")))
        });
        // A share of nothing says what is meant: photos alone.
        let human_fits = drawings || self.human_share == 0.0;
        let human = [("human_share", human_fits, "--drawings".to_owned())];
        let mut needs = valued.chain(any).chain(human);
        match needs.find(|(flag, is_met, _)| is_given(flag) && !is_met) {
            Some((flag, _, other)) => {
                let flag = flag.replace('_', "-");
                let sentence = format!("--{flag} does nothing without {other}");
                Err(UsageError::new(sentence).into())
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::train::config::tests::{parse, refusal};

    #[test]
    fn nonsense_is_named() {
        let sentence = |flags: &[&str]| refusal(flags).expect("nonsense");
        assert!(sentence(&["--epochs", "0"]).contains("--epochs"));
        let shares = ["--doodle-share=1", "--trace-share=0", "--sketch-share=0"];
        assert!(sentence(&shares).contains("more than 1"));
        assert_eq!(parse(&shares).without_drawings().check(), Ok(()));
        assert!(sentence(&["--learning-rate", "nan"]).contains("--learning-rate"));
        assert!(sentence(&["--shift", "15"]).contains("--shift"));
        assert!(sentence(&["--warmup", "2"]).contains("--warmup"));
        let normalised = ["--architecture", "mlp", "--batch-norm", "true"];
        assert!(sentence(&normalised).contains("mlp has none"));
        let folded = ["--from", "a.weights", "--batch-norm", "true"];
        assert!(sentence(&folded).contains("folded in"));
    }

    #[test]
    fn flags_that_would_do_nothing_are_named() {
        let refusal = |flags: &[&str], drawings: bool| {
            let given = flags.iter().filter_map(|flag| flag.strip_prefix("--"));
            let given: Vec<String> = given.map(|name| name.replace('-', "_")).collect();
            let error = parse(flags).check_given(&given, drawings).err();
            error.map(|error| error.to_string())
        };
        for (flags, other) in [
            (["--momentum", "0.5"], "--optimiser sgd"),
            (["--teacher-share", "0.5"], "--teacher"),
            (["--opinion-share", "0.5"], "--opinions"),
            (["--token-file", "token"], "--remote"),
            (["--human-share", "0.2"], "--drawings"),
        ] {
            let sentence = format!("{} does nothing without {other}", flags[0]);
            assert_eq!(refusal(&flags, false), Some(sentence));
        }
        assert_eq!(refusal(&["--human-share", "0.2"], true), None);
        assert_eq!(refusal(&["--human-share", "0"], false), None);
        let remote = ["--token-file", "token", "--remote", "ws://127.0.0.1:3000"];
        assert_eq!(refusal(&remote, false), None);
        let taught = ["--teacher-share", "0.5", "--teacher", "a.weights"];
        assert_eq!(refusal(&taught, false), None);
    }
}
