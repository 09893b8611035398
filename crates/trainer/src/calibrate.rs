//! `trainer calibrate`: fits what makes a net's confidence honest on the validation images, and
//! writes it into the weights' sidecar. The weights themselves stay as they are.

use std::path::PathBuf;

use anyhow::Result;
use model::calibration::{self, Answers};
use model::confidence::Rules;
use model::weights::{Sidecar, bundle};

use crate::cli::Shared;
use crate::data::{self, Labelled, MeasuredSplit, published};
use crate::drawings;
use crate::evaluate::HeldOut;
use crate::files;
use crate::nets::{Loaded, WeightsFile};
use crate::output::print_line;

/// Flags of `calibrate`.
#[derive(Debug, clap::Args)]
pub struct Calibrate {
    /// Which net to calibrate
    #[command(flatten)]
    pub weights: WeightsFile,
    /// Which training images were held out
    #[command(flatten)]
    pub held_out: MeasuredSplit,
    /// Calibrate drawings on those in this folder; without it they are treated as photos
    #[arg(long, value_name = "DIR")]
    pub drawings: Option<PathBuf>,
    /// Where to write the sidecar; beside the weights unless given. Of weights that lie in one file with their
    /// sidecar, the whole file: in place of the old one unless given
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
}

/// Fits, writes and says what was fitted.
///
/// # Errors
/// If data, drawings or weights cannot be loaded, the device fails, or the sidecar is there already.
pub fn run(flags: &Calibrate, shared: &Shared) -> Result<()> {
    let is_bundle = flags.weights.is_bundle()?;
    let output = flags.output.clone().unwrap_or_else(|| match is_bundle {
        true => flags.weights.weights.clone(),
        false => flags.weights.sidecar_path(),
    });
    files::check_absent(&output, flags.force)?;
    let held_out = flags.drawings.as_deref().map(drawings::load).transpose()?;
    let net = flags.weights.load(shared.device)?;
    let split = flags.held_out.of(&flags.weights.weights, net.sidecar())?;
    let photos = data::load(&published::find(shared.data.as_deref())?, split)?.validation;
    let drawn = match held_out {
        Some(drawings) => answers(&net, &HeldOut::new(&drawings)?.all())?,
        None => Answers::default(),
    };
    let (temperature, confidence) = calibration::fit(&answers(&net, &photos)?, &drawn);
    let sidecar = Sidecar {
        temperature,
        confidence: Some(confidence),
        ..net.sidecar().clone()
    };
    if is_bundle {
        let (weights, _) = flags.weights.read()?;
        let bytes = bundle(&weights, &serde_json::to_string(&sidecar)?);
        files::write_atomic(&output, &bytes)?;
    } else {
        files::write_json(&output, &sidecar)?;
    }
    print_line!(
        "photos:   {}",
        sentence(temperature.photo, &confidence.photo)
    )?;
    print_line!(
        "drawings: {}",
        sentence(temperature.drawing, &confidence.drawing)
    )?;
    print_line!("written to {}", output.display())?;
    Ok(())
}

fn answers(net: &Loaded, images: &Labelled) -> Result<Answers> {
    Ok(Answers {
        logits: net.logits(&images.images)?,
        labels: images.labels.clone(),
    })
}

fn sentence(temperature: f32, rules: &Rules) -> String {
    let Rules {
        coverage,
        set_from,
        sure_lead,
        familiar_from,
    } = rules;
    format!(
        "temperature {temperature:.3}; at a coverage of {coverage:.2} a set has the classes from a probability of \
         {set_from:.3}, and an answer is sure from a lead of {sure_lead:.3}; familiar from {familiar_from:.2}"
    )
}
