//! `embed` on the first images of the real data.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use crate::support::{Playground, data_folder};

#[test]
fn a_map_has_a_place_for_each_image_and_the_seed_decides_it() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let map = |folder: &str, seed: &str| -> Result<Vec<u8>> {
        let call = [
            "embed",
            "--weights",
            "net.weights",
            "--limit",
            "300",
            "--rounds",
            "40",
        ];
        let flags = ["--data", &data, "--output", folder, "--seed", seed];
        let answer = playground.trainer(&[&call[..], &flags].concat())?;
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
        Ok(fs::read(playground.file(folder).join("map.bin"))?)
    };
    let first = map("a", "1")?;
    assert_eq!(first.len(), 600 * 3);
    assert!(first == map("b", "1")? && first != map("c", "2")?);
    let info: Value = serde_json::from_slice(&fs::read(playground.file("a/map.json"))?)?;
    assert_eq!((&info["count"], &info["seed"]), (&600.into(), &1.into()));
    Ok(())
}
