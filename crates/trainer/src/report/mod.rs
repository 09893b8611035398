//! `trainer report`: one HTML file about data, net and figures that needs nothing from elsewhere.

mod data;
mod figures;
mod page;
mod provenance;
mod runs;

use std::path::PathBuf;

use anyhow::Result;
use model::weights::ValidationSet;

use crate::cli::Shared;
use crate::data::{MeasuredSplit, Split, published};
use crate::evaluate::{self, Evaluate, Part};
use crate::files;
use crate::nets::{Loaded, WeightsFile};
use crate::numbers::whole;
use crate::output::print_line;
use page::Page;
use provenance::Provenance;

/// Tiles in a row of a picture.
const COLUMNS: usize = 10;

/// Flags of `report`.
#[derive(Debug, clap::Args)]
pub struct Reporting {
    /// Which net the report is about
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Which training images were held out
    #[command(flatten)]
    pub held_out: MeasuredSplit,
    /// Use only the first test images
    #[arg(long, value_parser = whole::<usize>(1..), value_name = "IMAGES")]
    pub limit: Option<usize>,
    /// Also report on the drawings in this folder
    #[arg(long, value_name = "DIR")]
    pub drawings: Option<PathBuf>,
    /// Folder of all run folders; each gets a line in the table, and the weights' own its curves
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Folder in which `recipes` left its table, which goes into the report
    #[arg(long, value_name = "DIR", default_value = "recipes")]
    pub recipes: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub output: PathBuf,
    /// Write over a report that is there
    #[arg(long)]
    pub force: bool,
}

/// Writes the report.
///
/// # Errors
/// If data, drawings or weights cannot be loaded, the device fails, or the file is there already.
pub fn run(flags: &Reporting, shared: &Shared) -> Result<()> {
    files::check_absent(&flags.output, flags.force)?;
    files::check_apart(&[&flags.output], &[&flags.weights.weights])?;
    let evaluate = flags.evaluate();
    let net = flags.weights.load(shared.device)?;
    let split = flags.split(&net)?;
    let images = evaluate::images(&evaluate, None, shared)?;
    let data = crate::data::load(&published::find(shared.data.as_deref())?, split)?;
    let report = evaluate::report(&evaluate, &net, &images)?;
    let mut page = Page::new("Wardrobe: data, net and figures");
    let provenance = Provenance::of(&flags.weights.weights, net.sidecar())?;
    data::write(&mut page, &data, provenance.other_split(split))?;
    figures::about_net(&mut page, &net, &report);
    runs::write(&mut page, flags, &provenance)?;
    figures::about_figures(&mut page, &report)?;
    figures::about_examples(&mut page, &net, &images, &report)?;
    figures::about_challenges(&mut page, &report, &provenance);
    files::write_atomic(&flags.output, page.finish().as_bytes())?;
    print_line!("the report is in {}", flags.output.display())?;
    Ok(())
}

impl Reporting {
    /// The split that the section about the data shows.
    fn split(&self, net: &Loaded) -> Result<Split> {
        match net.sidecar().validation {
            Some(ValidationSet::Fold { .. } | ValidationSet::Empty)
                if !self.held_out.is_given() =>
            {
                Ok(Split::default())
            }
            _ => self.held_out.of(&self.weights.weights, net.sidecar()),
        }
    }

    fn evaluate(&self) -> Evaluate {
        Evaluate {
            weights: self.weights.clone(),
            split: Part::Test,
            held_out: MeasuredSplit::default(),
            limit: self.limit,
            drawings: self.drawings.clone(),
            duplicates: crate::duplicates::SHIPPED.into(),
            mistakes: 10,
            picture: None,
            force: false,
            compare: None,
            json: false,
        }
    }
}

/// A share as a person reads it.
fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
