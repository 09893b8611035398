//! Recipes: the settings by which Fashion-MNIST is usually trained, and that of the shipped weights.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::nets::SHIPPED;

/// Settings under a name, which is the architecture and what is special about its training, or stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipe {
    /// Dense 784-128-10, Adam
    Mlp,
    /// Dense 784-128-10, SGD with momentum, learning rate in steps
    MlpSgd,
    /// Dense 784-128-10, Adam, dropout, L2 penalty
    MlpRegularised,
    /// Two convolutions with pooling, dense 128, Adam
    SmallCnn,
    /// The small CNN with batch normalisation, dropout, flips and shifts, one cycle of AdamW
    SmallCnnRegularised,
    /// Three convolutions of 64, dense 128, Adam
    DeepCnn,
    /// The deep CNN with batch normalisation, dropout, flips, shifts and erasing, one cycle of AdamW
    DeepCnnRegularised,
    /// The shipped net with all convolutions frozen and a new last layer, Adam
    Transfer,
    /// The residual net that is shipped, on photos alone, Muon
    Residual,
    /// What made the shipped weights, with --drawings
    Shipped,
}

impl Recipe {
    /// What it sets, by the names that settings have in `config.json`.
    pub fn settings(self) -> Map<String, Value> {
        let own = match self {
            Self::Mlp => json!({"architecture": "mlp", "batch_size": 32}),
            Self::MlpSgd => json!({
                "architecture": "mlp", "batch_size": 32, "optimiser": "sgd", "learning_rate": 0.01,
                "schedule": "step", "step_epochs": 4,
            }),
            Self::MlpRegularised => json!({
                "architecture": "mlp", "batch_size": 32, "dropout": 0.2, "weight_decay": 1e-5,
            }),
            Self::SmallCnn => json!({"architecture": "small-cnn"}),
            Self::SmallCnnRegularised => json!({
                "architecture": "small-cnn", "batch_norm": true, "dropout": 0.3,
                "flip": 0.5, "shift": 2, "optimiser": "adamw", "schedule": "one-cycle", "epochs": 15,
            }),
            Self::DeepCnn => json!({"architecture": "deep-cnn", "epochs": 20}),
            Self::DeepCnnRegularised => json!({
                "architecture": "deep-cnn", "batch_norm": true, "dropout": 0.3, "epochs": 20,
                "flip": 0.5, "shift": 2, "erase": 0.4, "optimiser": "adamw", "schedule": "one-cycle",
            }),
            Self::Transfer => json!({
                "architecture": "compact", "from": SHIPPED, "fresh": ["head"],
                "freeze": ["stem", "early", "middle", "late"], "epochs": 3,
            }),
            Self::Residual => {
                let photos_alone = ["human_share", "doodle_share", "trace_share", "sketch_share"];
                let mut settings = all(photos_alone, 0.0);
                settings.insert("epochs".into(), 15.into());
                return settings;
            }
            Self::Shipped => return Map::new(),
        };
        let mut settings = plain();
        if let Value::Object(own) = own {
            settings.extend(own);
        }
        settings
    }

    /// What it is, in a line.
    pub fn summary(self) -> String {
        let value = self.to_possible_value();
        let help = value.and_then(|value| value.get_help().map(ToString::to_string));
        help.unwrap_or_default()
    }
}

/// What the usual notebook does: Adam at a constant rate for ten epochs, on the photos as they are.
fn plain() -> Map<String, Value> {
    let off = [
        "label_smoothing",
        "self_teaching",
        "average_decay",
        "flip",
        "erase",
        "human_share",
        "doodle_share",
        "trace_share",
        "sketch_share",
    ];
    let mut settings = all(off, 0.0);
    for (name, value) in [
        ("optimiser", json!("adam")),
        ("schedule", json!("constant")),
        ("shift", json!(0)),
        ("batch_size", json!(64)),
        ("epochs", json!(10)),
    ] {
        settings.insert(name.into(), value);
    }
    settings
}

fn all<const N: usize>(names: [&str; N], value: f64) -> Map<String, Value> {
    names
        .into_iter()
        .map(|name| (name.into(), value.into()))
        .collect()
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_possible_value() {
            Some(value) => f.write_str(value.get_name()),
            None => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;
    use crate::train::config::TrainConfig;
    use model::net::Architecture;

    #[test]
    fn every_recipe_is_sound_and_unlike_the_others() -> anyhow::Result<()> {
        let mut seen: Vec<TrainConfig> = Vec::new();
        for recipe in Recipe::value_variants() {
            let own = recipe.settings();
            let config: TrainConfig = settings::parse(&own)?;
            assert_eq!(config.check(), Ok(()), "{recipe}");
            let known = settings::object(&config)?;
            assert!(own.keys().all(|name| known.contains_key(name)), "{recipe}");
            assert!(
                !seen.contains(&config) && !recipe.summary().is_empty(),
                "{recipe}"
            );
            seen.push(config);
        }
        Ok(())
    }

    #[test]
    fn a_recipe_named_after_an_architecture_trains_that_one() -> anyhow::Result<()> {
        for recipe in Recipe::value_variants() {
            let name = recipe.to_string();
            let trained = settings::parse::<TrainConfig>(&recipe.settings())?.architecture;
            let named = Architecture::ALL
                .into_iter()
                .find(|architecture| name.starts_with(architecture.name()));
            assert_eq!(named.unwrap_or(Architecture::Compact), trained, "{name}");
        }
        Ok(())
    }
}
