//! `explore` on the real data.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{Playground, data_folder};

#[test]
fn sizes_balance_and_statistics_are_the_published_ones() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = ["explore", "--json", "--pictures", "looks", "--data", &data];
    let answer = playground.trainer(&call)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let survey: Value = serde_json::from_str(&answer.stdout)?;
    let images: Vec<&Value> = (0..3)
        .map(|part| &survey["parts"][part]["images"])
        .collect();
    assert_eq!(images, [&json!(55_000), &json!(5_000), &json!(10_000)]);
    assert_eq!(survey["parts"][2]["classes"], json!(vec![1000; 10]));
    // All 60,000 training images have 0.2860 and 0.3530.
    let near = |name: &str, expected: f64| {
        let found = survey[name].as_f64().unwrap_or_default();
        assert!((found - expected).abs() < 1e-3, "{name} {found}");
    };
    near("mean", 0.2860);
    near("standard_deviation", 0.3530);
    for name in ["means.png", "examples.png"] {
        assert!(image::open(playground.file("looks").join(name))?.width() > 300);
    }
    let again = playground.trainer(&call)?;
    again.is_usage_error("looks/means.png is there already");
    let text = playground.trainer(&["explore", "--data", &data])?.stdout;
    assert!(
        text.contains("Ankle boot") && text.contains("together"),
        "{text}"
    );
    Ok(())
}
