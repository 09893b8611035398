//! `originals` on the real data.

use std::fs;

use anyhow::Result;
use model::teach::Originals;

use crate::support::{Playground, data_folder};

#[test]
fn as_many_of_each_class_are_written_and_nothing_is_written_over() -> Result<()> {
    let playground = Playground::new()?;
    let data = data_folder()?;
    let data = data.to_string_lossy();
    let call = [
        "originals",
        "--replay",
        "40",
        "--held-out",
        "20",
        "--data",
        &data,
    ];
    let call = [&call[..], &["--output", "few.originals"]].concat();
    let answer = playground.trainer(&call)?;
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    let originals = Originals::decode(&fs::read(playground.file("few.originals"))?)?;
    for (set, each) in [(&originals.replay, 4), (&originals.held_out, 2)] {
        assert!(
            (0..10)
                .all(|class| set.labels().iter().filter(|label| **label == class).count() == each)
        );
    }
    let again = playground.trainer(&call)?;
    again.is_usage_error("few.originals is there already");
    let forced = playground.trainer(&[&call[..], &["--force"]].concat())?;
    assert_eq!(forced.status, Some(0));
    Ok(())
}
