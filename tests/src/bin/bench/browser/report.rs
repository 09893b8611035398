//! The rows, as Markdown tables or JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::agreement::TOLERANCE;
use super::field::{Field, Row};
use super::plan::Runtime;
use super::setup;
use crate::figure::{median, short};

/// What was measured on all devices.
pub(crate) struct Report {
    fields: Vec<Field>,
}

impl Report {
    pub(crate) fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    /// A table a device.
    pub(crate) fn table(&self) -> String {
        let tables: Vec<String> = self.fields.iter().map(table).collect();
        tables.join("\n")
    }

    /// Everything, in full precision.
    pub(crate) fn json(&self) -> Value {
        let row = |field: &Field, row: &Row| {
            let names = field.device.runtimes.iter().map(|runtime| runtime.name);
            let values = names
                .zip(&row.values)
                .map(|(name, v)| (name.to_owned(), json!(v)));
            json!({
                "what": row.what,
                "unit": row.unit,
                "values": serde_json::Map::from_iter(values),
                "ratio_of_medians": ratio(row),
            })
        };
        let field = |field: &Field| {
            json!({
                "device": field.device.name,
                "runtimes": field.device.runtimes.iter().map(title).collect::<Vec<_>>(),
                "compared": field.compared,
                "largest_difference": field.difference,
                "rows": field.rows.iter().map(|r| row(field, r)).collect::<Vec<_>>(),
            })
        };
        self.fields.iter().map(field).collect()
    }
}

fn table(field: &Field) -> String {
    let titles: Vec<String> = field.device.runtimes.iter().map(title).collect();
    let mut table = format!(
        "| {} | {} | ratio |\n|---|",
        field.device.name,
        titles.join(" | ")
    );
    table.push_str(&"---:|".repeat(titles.len() + 1));
    table.push('\n');
    for row in &field.rows {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{}", line(row));
    }
    let _ = writeln!(
        table,
        "\nMedians of interleaved rounds; the ratio is ours by the best peer's. Same weights; no {} \
         differs by more than {:.1e} ({TOLERANCE:.0e} would end the bench).",
        field.compared, field.difference
    );
    table
}

fn title(runtime: &Runtime) -> String {
    let version = match runtime.package {
        Some(package) => setup::version(package).unwrap_or_default(),
        None => env!("CARGO_PKG_VERSION").to_owned(),
    };
    format!("{} {version}", runtime.name)
}

fn line(row: &Row) -> String {
    let cell = |values: &Vec<f64>| match values.is_empty() {
        true => "–".to_owned(),
        false => format!("{} {}", short(median(values.clone())), row.unit)
            .trim_end()
            .to_owned(),
    };
    let cells: Vec<String> = row.values.iter().map(cell).collect();
    let ratio = ratio(row).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"));
    format!("| {} | {} | {ratio} |", row.what, cells.join(" | "))
}

/// Our median by the smallest of the peers'; nothing where we or all of them have none.
fn ratio(row: &Row) -> Option<f64> {
    let medians = row.values.iter().map(|values| median(values.clone()));
    let [ours, theirs @ ..] = &medians.collect::<Vec<f64>>()[..] else {
        return None;
    };
    let best = theirs.iter().copied().fold(f64::NAN, f64::min);
    Some(ours / best).filter(|ratio| ratio.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_peer_counts_and_who_cannot_is_left_out() {
        let row = |values: [&[f64]; 4]| Row {
            what: "work".into(),
            unit: "ms",
            values: values.map(<[f64]>::to_vec).into(),
        };
        let raced = row([&[1.0, 3.0, 2.0], &[8.0], &[4.0], &[]]);
        assert_eq!(line(&raced), "| work | 2 ms | 8 ms | 4 ms | – | 0.50 |");
        assert_eq!(ratio(&row([&[], &[8.0], &[4.0], &[]])), None);
        assert_eq!(ratio(&row([&[1.0], &[], &[], &[]])), None);
    }
}
