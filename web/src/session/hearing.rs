//! What the workers' messages mean.

use super::seat::Asked;
use super::{Act, Answer, Batch, Device, Ready, Session};
use protocol::{Message, Response};

impl Session {
    /// A worker's message has arrived.
    pub fn receive(&mut self, device: Device, message: Message<Response>) -> Vec<Act> {
        let asked = self.seat_mut(device).hear(message.id);
        let mut acts = match message.body {
            Response::Started | Response::Pong => {
                self.seat_mut(device).started();
                Vec::new()
            }
            Response::Died { sentence } => self.died(device, &sentence),
            body => match asked {
                Some(asked) => self.answered(device, asked, body),
                // Stale: this request was given up, or belongs to a worker that has been replaced.
                None => Vec::new(),
            },
        };
        acts.extend(self.next_acts());
        acts
    }

    /// The worker has done, or could not do, what it was asked.
    fn answered(&mut self, device: Device, asked: Asked, body: Response) -> Vec<Act> {
        match body {
            Response::Failed { sentence } => return self.failed(device, asked.task, &sentence),
            Response::Loaded {
                parameters,
                self_test_difference,
            } => self.seat_mut(device).loaded(Ready {
                parameters,
                self_test_difference,
                median: None,
            }),
            Response::Replaced => self.replaced(device, asked.task),
            Response::Measured { milliseconds } => self.seat_mut(device).measured(milliseconds),
            Response::Classified { .. } | Response::Predicted { .. } => {
                self.seat_mut(device).deaths = 0;
                if !asked.abandoned {
                    return self.read(device, body);
                }
            }
            // `receive` has dealt with them.
            Response::Started | Response::Pong | Response::Died { .. } => {}
        }
        Vec::new()
    }

    /// The worker has read what is on the paper, or photos, and somebody still wants to know. What another
    /// model said than the one that is to answer is asked again: it is not this one's answer.
    fn read(&mut self, device: Device, body: Response) -> Vec<Act> {
        let current = self.answering.number;
        match body {
            Response::Classified { model, .. } if model != current => {
                self.seat_mut(device).net = model;
                self.batch = self.batch.take().map(Batch::unsent);
                Vec::new()
            }
            Response::Predicted { model, .. } if model != current => {
                self.seat_mut(device).net = model;
                self.unsent = self.image.is_some();
                Vec::new()
            }
            Response::Classified {
                images,
                milliseconds,
                ..
            } => self.batch.take().map_or_else(Vec::new, |_| {
                vec![Act::Classified {
                    images,
                    milliseconds,
                    device,
                }]
            }),
            Response::Predicted {
                prediction,
                judgement,
                evidence,
                milliseconds,
                ..
            } => {
                self.answer = Some(Answer {
                    prediction,
                    judgement,
                    evidence,
                    milliseconds,
                    device,
                });
                Vec::new()
            }
            // `answered` has dealt with all others.
            _ => Vec::new(),
        }
    }
}
