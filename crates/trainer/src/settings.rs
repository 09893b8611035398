//! Settings by name, as JSON files hold them. They are read as the flags of the same names, so that a value,
//! and what is left out, means the same in both.

use clap::{Args, Command};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli;
use crate::run_folder::CONFIG;
use crate::usage::UsageError;

/// The flags of `T`, set by those of the settings that are among them.
///
/// # Errors
/// Where a flag would be refused with the setting's value.
pub fn parse<T: Args>(settings: &Map<String, Value>) -> Result<T, UsageError> {
    let mut command = T::augment_args(Command::new("settings").no_binary_name(true));
    command.build();
    let flag = |name: &str| {
        let mut arguments = command.get_arguments();
        arguments
            .find(|argument| argument.get_id() == name)?
            .get_long()
    };
    let line: Vec<String> = settings
        .iter()
        .filter_map(|(name, value)| Some((flag(name)?, value)))
        .flat_map(|(flag, value)| words(value).map(move |word| format!("--{flag}={word}")))
        .collect();
    let parsed = command.clone().try_get_matches_from(line);
    parsed
        .and_then(|matches| T::from_arg_matches(&matches))
        .map_err(|error| UsageError::new(cli::sentence(&error.to_string())))
}

/// A value's fields by name.
///
/// # Errors
/// Where it has none, and where a path among them is not UTF-8, which JSON cannot hold.
pub fn object(value: &impl Serialize) -> Result<Map<String, Value>, UsageError> {
    let fields = serde_json::to_value(value).and_then(serde_json::from_value);
    fields.map_err(|error| {
        UsageError::new(format!(
            "the settings do not fit into {CONFIG}: {error}; rename that file or folder"
        ))
    })
}

/// A setting's values as they are written behind its flag.
fn words(value: &Value) -> impl Iterator<Item = String> {
    let values = match value {
        Value::Null => &[],
        Value::Array(values) => &values[..],
        one => std::slice::from_ref(one),
    };
    values.iter().map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}
