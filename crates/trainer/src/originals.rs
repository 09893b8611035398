//! `trainer originals`: the file of images that keep a net from forgetting while it is taught.

use std::path::PathBuf;

use anyhow::Result;
use model::class::CLASS_COUNT;
use model::teach;

use crate::cli::Shared;
use crate::data::{self, Labelled, Split, published};
use crate::files;
use crate::finetune::ORIGINALS;
use crate::numbers::whole;
use crate::output::print_line;

/// Flags of `originals`.
#[derive(Debug, clap::Args)]
pub struct Originals {
    /// Training images to mix in, as many of each class
    #[arg(long, value_parser = whole::<usize>(CLASS_COUNT..), value_name = "IMAGES", default_value_t = 500)]
    pub replay: usize,
    /// Validation images to measure forgetting on, as many of each class
    #[arg(long, value_parser = whole::<usize>(CLASS_COUNT..), value_name = "IMAGES", default_value_t = 300)]
    pub held_out: usize,
    /// Where the file goes
    #[arg(long, value_name = "FILE", default_value = ORIGINALS)]
    pub output: PathBuf,
    /// Write over a file that is there already
    #[arg(long)]
    pub force: bool,
}

/// Writes the file.
///
/// # Errors
/// If the data cannot be read, or the file not be written or is there already.
pub fn run(flags: &Originals, shared: &Shared) -> Result<()> {
    files::check_absent(&flags.output, flags.force)?;
    let data = data::load(&published::find(shared.data.as_deref())?, Split::default())?;
    let originals = teach::Originals {
        replay: first_of_each_class(&data.train, flags.replay / CLASS_COUNT),
        held_out: first_of_each_class(&data.validation, flags.held_out / CLASS_COUNT),
    };
    files::write_atomic(&flags.output, &originals.encode())?;
    print_line!("{}", flags.output.display())?;
    Ok(())
}

/// The images lie in the published order, in which the classes are mixed: the first ones are as good as
/// any.
fn first_of_each_class(images: &Labelled, count: usize) -> teach::Labelled {
    let of_class = |class: usize| {
        let all = images.images.iter().zip(&images.labels);
        all.filter(move |(_, label)| usize::from(**label) == class)
            .take(count)
    };
    (0..CLASS_COUNT)
        .flat_map(of_class)
        .map(|(image, &label)| (image.clone(), label))
        .collect()
}
