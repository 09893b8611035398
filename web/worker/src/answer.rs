//! Answers to requests.

use crate::device::{self, Net};
use crate::scope;
use model::golden::{self, GoldenError, GoldenLogits};
use model::image::Image;
use model::likeness;
use model::prediction::Prediction;
use model::reading::{Look, Reading};
use model::weights::{Sidecar, WeightsError};
use protocol::{Classified, Kind, Load, Request, Response};
use std::cell::RefCell;
use std::rc::Rc;
use thiserror::Error;

/// Why a request could not be met; the page shows these words.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Device(#[from] device::Error),
    #[error(transparent)]
    SelfTest(#[from] GoldenError),
    #[error(
        "the file of the self-test is damaged ({0}); reload the page, past the cache if need be"
    )]
    GoldenFile(#[from] serde_json::Error),
    #[error("the network has not been loaded yet")]
    NotLoaded,
    #[error("the network gave no number for this picture; change it a little")]
    NotANumber,
}

/// The net, once it has been loaded.
#[derive(Default)]
pub(crate) struct Desk {
    net: RefCell<Option<Rc<Net>>>,
}

impl Desk {
    /// The response to a request; what cannot be met is said in words.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let response = match request {
            Request::Load(load) => self.load(&load).await,
            Request::Predict { image, kind } => self.predict(*image, kind).await,
            Request::Classify { images } => self.classify(&images).await,
            Request::Measure { runs } => self.measure(runs).await,
            Request::Replace { weights, sidecar } => self.replace(&weights, &sidecar),
            Request::Ping => Ok(Response::Pong),
        };
        response.unwrap_or_else(|failure| Response::Failed {
            sentence: failure.to_string(),
        })
    }

    async fn load(&self, load: &Load) -> Result<Response, Failure> {
        let sidecar = Sidecar::parse(&load.sidecar)?;
        let golden: GoldenLogits = serde_json::from_str(&load.golden)?;
        let net = device::load(&load.weights, &sidecar).await?;
        let logits = device::logits(&net, &golden::images()).await?;
        let self_test_difference = golden::check(&logits, &golden)?;
        self.net.replace(Some(Rc::new(net)));
        let parameters = u32::try_from(sidecar.parameters).unwrap_or(u32::MAX);
        Ok(Response::Loaded {
            parameters,
            self_test_difference,
        })
    }

    fn replace(&self, weights: &[u8], sidecar: &str) -> Result<Response, Failure> {
        let former = self.net()?;
        let net = device::replace(&former, weights, &Sidecar::parse(sidecar)?)?;
        self.net.replace(Some(Rc::new(net)));
        Ok(Response::Replaced)
    }

    async fn predict(&self, image: Image, kind: Kind) -> Result<Response, Failure> {
        let net = self.net()?;
        let started = scope::now();
        let Look { logits, evidence } = device::look(&net, &image).await?;
        let milliseconds = scope::now() - started;
        if !logits.iter().all(|logit| logit.is_finite()) {
            return Err(Failure::NotANumber);
        }
        let temperature = net.sidecar().temperature;
        let confidence = net.sidecar().confidence.unwrap_or_default();
        let (temperature, rules) = match kind {
            Kind::Drawing => (temperature.drawing, confidence.drawing),
            Kind::Photo => (temperature.photo, confidence.photo),
        };
        let prediction = Prediction::from_logits(&logits, temperature);
        Ok(Response::Predicted {
            prediction,
            evidence,
            judgement: rules.judge(&logits, &prediction),
            milliseconds,
        })
    }

    async fn classify(&self, images: &[Image]) -> Result<Response, Failure> {
        let net = self.net()?;
        let started = scope::now();
        let readings = device::readings(&net, images).await?;
        let milliseconds = scope::now() - started;
        let temperature = net.sidecar().temperature.photo;
        let images: Option<Vec<Classified>> = readings
            .iter()
            .map(|reading| classified(reading, temperature))
            .collect();
        Ok(Response::Classified {
            images: images.ok_or(Failure::NotANumber)?,
            milliseconds,
        })
    }

    async fn measure(&self, runs: u32) -> Result<Response, Failure> {
        let net = self.net()?;
        let image = &golden::images()[0];
        // The first run of a shape prepares it: on the GPU, it compiles.
        device::look(&net, image).await?;
        let mut times = Vec::new();
        for _ in 0..runs.max(1) {
            let started = scope::now();
            device::look(&net, image).await?;
            times.push(scope::now() - started);
        }
        times.sort_by(f64::total_cmp);
        Ok(Response::Measured {
            milliseconds: times[times.len() / 2],
        })
    }

    fn net(&self) -> Result<Rc<Net>, Failure> {
        self.net.borrow().clone().ok_or(Failure::NotLoaded)
    }
}

/// Nothing where the net gave no numbers.
fn classified(reading: &Reading, temperature: f32) -> Option<Classified> {
    let finite = reading.logits.iter().all(|logit| logit.is_finite());
    finite.then(|| Classified {
        prediction: Prediction::from_logits(&reading.logits, temperature),
        features: likeness::quantise(&reading.features),
    })
}
