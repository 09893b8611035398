//! A request or response with its id, and its way into bytes and back.

use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

/// The version of the messages, the first byte of each. Raise it when [`crate::Request`] or
/// [`crate::Response`] change: page and worker are files of their own, and a browser may hold an old
/// copy of one of them.
pub const VERSION: u8 = 6;

/// Ties a response to its request. The page counts up from 1; 0 is a worker's unasked
/// [`crate::Response::Started`] or [`crate::Response::Died`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u32);

/// One request or response under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Message<T> {
    /// The request's id, the same on the answer.
    pub id: RequestId,
    /// The request or response itself.
    pub body: T,
}

/// Why bytes are no message.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ProtocolError {
    /// Page and worker come from different builds.
    #[error(
        "this page and its worker are of different versions ({theirs} and {VERSION}); reload the page, past the cache if need be"
    )]
    OtherVersion {
        /// The version byte that was received.
        theirs: u8,
    },
    /// The bytes end early or hold no such value.
    #[error("a message between the page and its worker could not be read: {0}")]
    Unreadable(postcard::Error),
}

impl<T: Serialize> Message<T> {
    /// The message as bytes.
    ///
    /// # Errors
    /// When the body cannot be written as postcard, which no body of this crate causes.
    pub fn encode(&self) -> Result<Vec<u8>, ProtocolError> {
        let head = postcard::to_extend(&(VERSION, self.id.0), Vec::new());
        head.and_then(|bytes| postcard::to_extend(&self.body, bytes))
            .map_err(ProtocolError::Unreadable)
    }
}

impl<T: DeserializeOwned> Message<T> {
    /// Reads what [`Message::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes come from another version, end early or hold no such message.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProtocolError> {
        // The version is looked at first: the rest of another version's message may mean anything.
        match bytes.first() {
            Some(&VERSION) => {}
            Some(&theirs) => return Err(ProtocolError::OtherVersion { theirs }),
            None => {
                let empty = postcard::Error::DeserializeUnexpectedEnd;
                return Err(ProtocolError::Unreadable(empty));
            }
        }
        let (id, body) = postcard::from_bytes(&bytes[1..]).map_err(ProtocolError::Unreadable)?;
        let id = RequestId(id);
        Ok(Self { id, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive;
    use crate::teach::{Lesson, Mark, Order, Report, Taught};
    use crate::{Classified, Kind, Load, Request, Response};
    use model::confidence::Rules;
    use model::evidence::{Evidence, PLACES};
    use model::image::{Image, PIXELS};
    use model::prediction::Prediction;

    fn check_way_back<T: Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug>(
        body: &T,
    ) {
        let message = Message {
            id: RequestId(70_000),
            body: body.clone(),
        };
        let bytes = message.encode().unwrap();
        assert_eq!(Message::<T>::decode(&bytes), Ok(message));
        for length in 0..bytes.len() {
            assert!(
                Message::<T>::decode(&bytes[..length]).is_err(),
                "cut at {length}"
            );
        }
    }

    #[test]
    fn every_request_comes_back_and_a_cut_one_is_refused() {
        let mut pixels = [0; PIXELS];
        pixels[3] = 255;
        let image = Box::new(Image(pixels));
        check_way_back(&Request::Predict {
            image,
            kind: Kind::Photo,
        });
        let load = Load {
            weights: vec![1, 2, 3],
            sidecar: "{}".to_owned(),
            golden: "[]".to_owned(),
        };
        check_way_back(&Request::Load(load));
        let images = vec![Image::blank(), Image([7; PIXELS])];
        check_way_back(&Request::Classify { images });
        check_way_back(&Request::Measure { runs: 5 });
        check_way_back(&Request::Replace {
            model: 300,
            weights: vec![9],
            sidecar: "{}".to_owned(),
        });
        check_way_back(&Request::Ping);
    }

    #[test]
    fn searches_and_what_they_find_come_back_and_cut_ones_are_refused() {
        check_way_back(&archive::Order::Keep {
            net: 3,
            images: vec![0, 69_999],
            features: vec![vec![-127, 5], vec![0, 1]],
        });
        for of in [
            archive::Of::Image(70_001),
            archive::Of::Features(vec![-1, 2]),
        ] {
            check_way_back(&archive::Order::Find(archive::Search {
                net: 1,
                of,
                count: 100,
                wanted: vec![0, 255, 3],
            }));
        }
        check_way_back(&archive::Parcel::Alike {
            images: vec![(60_000, 0.5)],
            milliseconds: 3.5,
        });
    }

    #[test]
    fn every_order_and_report_comes_back_and_a_cut_one_is_refused() {
        let settings = model::teach::Settings::default();
        check_way_back(&Order::Begin(Box::new(Lesson {
            id: 1 << 40,
            weights: vec![1, 2],
            sidecar: "{}".to_owned(),
            originals: vec![3],
            examples: Vec::new(),
            settings,
        })));
        check_way_back(&Order::Run);
        check_way_back(&Order::Evaluate {
            weights: vec![9],
            sidecar: "{}".to_owned(),
        });
        let mark = Mark {
            step: 300,
            held_out: [[7; 10]; 10],
            right: 3,
            seen: 4,
            memory_bytes: 1 << 20,
        };
        check_way_back(&Report::Begun {
            before: [[300; 10]; 10],
            history: Vec::new(),
            marks: vec![mark.clone()],
        });
        check_way_back(&Report::Measured(mark));
        check_way_back(&Report::Saved(Taught {
            step: 3,
            weights: vec![2],
            sidecar: "{}".to_owned(),
            not_stored: Some("No.".to_owned()),
        }));
        check_way_back(&Report::Waiting);
    }

    #[test]
    fn every_response_comes_back_and_a_cut_one_is_refused() {
        let probabilities = [0.1, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let evidence = Evidence::new(&[0.5; PLACES], &probabilities);
        assert!(evidence.is_some());
        check_way_back(&Response::Started);
        check_way_back(&Response::Loaded {
            parameters: 472_778,
            self_test_difference: 1e-6,
        });
        check_way_back(&Response::Predicted {
            model: 300,
            prediction: Prediction { probabilities },
            judgement: Rules::default().judge(&probabilities, &Prediction { probabilities }),
            evidence,
            milliseconds: 3.25,
        });
        let classified = Classified {
            prediction: Prediction { probabilities },
            features: vec![-127, 0, 5],
        };
        check_way_back(&Response::Classified {
            model: 1,
            images: vec![classified; 2],
            milliseconds: 4.5,
        });
        check_way_back(&Response::Measured { milliseconds: 2.5 });
        check_way_back(&Response::Replaced);
        check_way_back(&Response::Pong);
        check_way_back(&Response::Failed {
            sentence: "No.".to_owned(),
        });
        check_way_back(&Response::Died {
            sentence: "No.".to_owned(),
        });
    }

    #[test]
    fn another_version_is_named_in_words() {
        let mut bytes = Message {
            id: RequestId(1),
            body: Request::Ping,
        }
        .encode()
        .unwrap();
        bytes[0] = 77;
        let error = Message::<Request>::decode(&bytes).unwrap_err();
        assert_eq!(error, ProtocolError::OtherVersion { theirs: 77 });
        assert!(error.to_string().contains("reload the page"));
    }
}
