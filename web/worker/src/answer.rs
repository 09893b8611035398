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
    #[error("{}", problem(.0))]
    Weights(#[from] WeightsError),
    #[error("the model's files arrive damaged from the server ({0}); try again later")]
    Files(String),
    #[error(transparent)]
    Device(#[from] device::Error),
    #[error(transparent)]
    SelfTest(#[from] GoldenError),
    #[error("the network has not been loaded yet")]
    NotLoaded,
    #[error("the network gave no number for this picture; change it a little")]
    NotANumber,
}

/// The model with its number, once it has been loaded.
#[derive(Default)]
pub(crate) struct Desk {
    net: RefCell<Option<(u32, Rc<Net>)>>,
}

impl Desk {
    /// The response to a request; what cannot be met is said in words.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let response = match request {
            Request::Load(load) => self.load(&load).await,
            Request::Predict { image, kind } => self.predict(*image, kind).await,
            Request::Classify { images } => self.classify(&images).await,
            Request::Measure { runs } => self.measure(runs).await,
            Request::Replace {
                model,
                weights,
                sidecar,
            } => self.replace(model, &weights, &sidecar),
            Request::Ping => Ok(Response::Pong),
        };
        response.unwrap_or_else(|failure| Response::Failed {
            sentence: failure.to_string(),
        })
    }

    async fn load(&self, load: &Load) -> Result<Response, Failure> {
        let sidecar = Sidecar::parse(&load.sidecar).map_err(of_files)?;
        let golden: GoldenLogits = serde_json::from_str(&load.golden)
            .map_err(|error| Failure::Files(format!("the self-test's file: {error}")))?;
        let net = device::load(&load.weights, &sidecar)
            .await
            .map_err(of_files)?;
        let logits = device::logits(&net, &golden::images()).await?;
        let self_test_difference = golden::check(&logits, &golden)?;
        self.net.replace(Some((0, Rc::new(net))));
        let parameters = u32::try_from(sidecar.parameters).unwrap_or(u32::MAX);
        Ok(Response::Loaded {
            parameters,
            self_test_difference,
        })
    }

    fn replace(&self, model: u32, weights: &[u8], sidecar: &str) -> Result<Response, Failure> {
        let (_, former) = self.net()?;
        let net = device::replace(&former, weights, &Sidecar::parse(sidecar)?)?;
        self.net.replace(Some((model, Rc::new(net))));
        Ok(Response::Replaced)
    }

    async fn predict(&self, image: Image, kind: Kind) -> Result<Response, Failure> {
        let (model, net) = self.net()?;
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
            model,
            prediction,
            evidence,
            judgement: rules.judge(&logits, &prediction),
            milliseconds,
        })
    }

    async fn classify(&self, images: &[Image]) -> Result<Response, Failure> {
        let (model, net) = self.net()?;
        let started = scope::now();
        let readings = device::readings(&net, images).await?;
        let milliseconds = scope::now() - started;
        let temperature = net.sidecar().temperature.photo;
        let images: Option<Vec<Classified>> = readings
            .iter()
            .map(|reading| classified(reading, temperature))
            .collect();
        Ok(Response::Classified {
            model,
            images: images.ok_or(Failure::NotANumber)?,
            milliseconds,
        })
    }

    async fn measure(&self, runs: u32) -> Result<Response, Failure> {
        let (_, net) = self.net()?;
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

    fn net(&self) -> Result<(u32, Rc<Net>), Failure> {
        self.net.borrow().clone().ok_or(Failure::NotLoaded)
    }
}

/// A failure of the files that the page fetched.
fn of_files(error: impl Into<Failure>) -> Failure {
    match error.into() {
        Failure::Weights(error) => Failure::Files(problem(&error)),
        other => other,
    }
}

/// What is wrong, without the advice behind the last colon: that is for whoever made the files.
fn problem(error: &WeightsError) -> String {
    let text = error.to_string();
    let problem = text
        .rsplit_once(": ")
        .map(|(problem, _)| problem.to_owned());
    problem.unwrap_or(text)
}

/// Nothing where the net gave no numbers.
fn classified(reading: &Reading, temperature: f32) -> Option<Classified> {
    let finite = reading.logits.iter().all(|logit| logit.is_finite());
    finite.then(|| Classified {
        prediction: Prediction::from_logits(&reading.logits, temperature),
        features: likeness::quantise(&reading.features),
    })
}
