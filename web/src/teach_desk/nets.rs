//! The nets of finished trainings: which one answers, and their way into files and back.

use super::{RUNS, Tab, TeachDesk};
use crate::browser::download;
use crate::gallery::NetId;
use crate::session::{Origin, OtherNet, Session};
use crate::teach::{Run, Runs};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::export;
use model::weights::{Sidecar, bundle};
use serde_bytes::ByteBuf;

/// The name of the stored net of a run.
pub(super) fn net_key(id: u32) -> String {
    format!("teach.net.{id}")
}

/// A net as it is stored: the weights file, and the text of its sidecar.
pub(super) type StoredNet = (ByteBuf, String);

/// Formats that a net can be saved in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own: weights and sidecar in one file.
    Own,
    /// safetensors.
    Safetensors,
    /// ONNX.
    Onnx,
}

impl TeachDesk {
    pub(super) fn answer_with(self, origin: Origin, weights: Vec<u8>, sidecar: String) {
        // A model that was chosen before and is still being fetched is not wanted any more.
        let _ = self.choices.next();
        let net = OtherNet {
            origin,
            weights,
            sidecar,
        };
        let id = self.net_id(&net);
        // The session first: what the gallery asks about then is this net's to answer.
        self.desk.tell(|session| session.answer_with(net));
        // What the net before said of the data set is not this one's.
        self.desk.gallery(|gallery| gallery.answer_with(id));
    }

    fn net_id(self, net: &OtherNet) -> NetId {
        let is_shipped = self.desk.is_pretrained(&net.weights);
        // A sidecar that cannot be read is refused by the worker; until then it is another net.
        let sum = Sidecar::parse(&net.sidecar).map_or(0, |sidecar| sidecar.crc32);
        NetId((!is_shipped).then_some(sum))
    }

    /// Lets the shipped net answer.
    pub fn answer_shipped(self) {
        if let Some(shipped) = self.desk.shipped() {
            self.answer_with(Origin::Pretrained, shipped.weights, shipped.sidecar);
            self.lesson_answers.set(false);
        }
        if self.runs.with_untracked(|runs| runs.in_use.is_some()) {
            self.change_runs(|runs| runs.in_use = None);
        }
    }

    /// Lets the net answer that did before the lesson.
    pub(super) fn answer_as_before(self) {
        match self.runs.with_untracked(|runs| runs.in_use) {
            Some(id) => self.use_run(id),
            None => self.answer_shipped(),
        }
    }

    /// Lets the net of a run answer.
    pub fn use_run(self, id: u32) {
        spawn_local(async move {
            if self.answer_with_run(id).await {
                self.change_runs(|runs| runs.in_use = Some(id));
            }
        });
    }

    /// Whether it answers now: not where there is no such model, or something else has been chosen since.
    pub(super) async fn answer_with_run(self, id: u32) -> bool {
        let is_last = self.choices.next();
        let net = self.net_of(id).await;
        let is_there = || self.runs.with_untracked(|runs| runs.get(id).is_some());
        match net.filter(|_| is_last() && is_there()) {
            Some((weights, sidecar)) => {
                self.answer_with(Origin::Run(id), weights.into_vec(), sidecar);
                self.lesson_answers.set(false);
                true
            }
            None => false,
        }
    }

    /// The model that was to answer was refused: what is said of the models follows the one that does.
    pub(super) fn follow_refusal(self) {
        let (origin, net) = self.desk.session.with_untracked(Session::answering);
        let id = net.map_or(NetId(None), |net| self.net_id(&net));
        self.desk.gallery(|gallery| gallery.answer_with(id));
        self.lesson_answers.set(origin == Origin::Training);
        match origin {
            Origin::Training => {}
            Origin::Pretrained => self.change_runs(|runs| runs.in_use = None),
            Origin::Run(id) => self.change_runs(|runs| runs.in_use = Some(id)),
        }
    }

    /// Whether the model of this training answers after a reload too.
    pub fn outlives_reload(self, id: u32) -> bool {
        let is_stored = self
            .unstored
            .with(|nets| nets.iter().all(|(run, _)| *run != id));
        self.tab.get() == Tab::Ours && self.runs_are_stored.get() && is_stored
    }

    /// The net of a run; where there is none, the person is told why.
    pub(super) async fn net_of(self, id: u32) -> Option<StoredNet> {
        let unstored = self
            .unstored
            .with_untracked(|nets| nets.iter().find(|(run, _)| *run == id).cloned());
        if let Some((_, net)) = unstored {
            return Some(net);
        }
        match keep::get(&net_key(id)).await {
            Ok(None) => {
                let sentence = format!("The network of training {id} is not kept here any more.");
                self.desk.report(sentence);
                None
            }
            Ok(net) => net,
            Err(sentence) => {
                self.note_kept(Err(sentence));
                None
            }
        }
    }

    /// Adds a run to the list, and lets its model answer.
    pub(super) fn record(self, run: Run, net: StoredNet) {
        let Some((id, gone)) = self.runs.try_update(|runs| runs.add(run)) else {
            return;
        };
        self.answer_with(Origin::Run(id), net.0.to_vec(), net.1.clone());
        self.lesson_answers.set(false);
        let encoded = keep::encode(&net);
        // Until it is stored it can be used, and saved as files, from here.
        self.unstored.update(|nets| nets.push((id, net)));
        spawn_local(async move {
            // The net first: a run without its net would be of no use.
            let stored = match encoded {
                Ok(net) => keep::put(&net_key(id), &net).await,
                Err(sentence) => Err(sentence),
            };
            let failed = stored.is_err();
            self.note_kept(stored);
            if failed {
                return;
            }
            self.forget_unstored(id);
            // The list as it is by now: it may have been changed while the net was being stored.
            self.store_runs();
            for id in gone {
                // Only a nuisance if it stays.
                let _ = keep::remove(&net_key(id)).await;
            }
        });
    }

    /// Removes a run and its net.
    pub fn remove_run(self, id: u32) {
        self.when_ours(move || self.remove_now(id));
    }

    fn remove_now(self, id: u32) {
        if self.runs.with_untracked(|runs| runs.in_use == Some(id)) {
            self.answer_shipped();
        }
        self.change_runs(|runs| runs.remove(id));
        self.forget_unstored(id);
        spawn_local(async move { self.note_kept(keep::remove(&net_key(id)).await) });
    }

    pub(super) fn change_runs(self, change: impl FnOnce(&mut Runs)) {
        self.runs.update(change);
        self.store_runs();
    }

    fn store_runs(self) {
        if self.tab.get_untracked() != Tab::Ours {
            return;
        }
        let encoded = self.runs.with_untracked(keep::encode);
        spawn_local(async move {
            let stored = match encoded {
                Ok(runs) => keep::put(RUNS, &runs).await,
                Err(sentence) => Err(sentence),
            };
            self.runs_are_stored.set(stored.is_ok());
            self.note_kept(stored);
        });
    }

    fn forget_unstored(self, id: u32) {
        self.unstored
            .update(|nets| nets.retain(|(run, _)| *run != id));
    }

    /// Takes in a model that has been checked.
    pub fn import_net(self, weights: Vec<u8>, sidecar: String) {
        self.when_ours(move || self.record(Run::from_file(), (ByteBuf::from(weights), sidecar)));
    }

    /// Saves the net of a run as a file.
    pub fn export_net(self, id: u32, format: Format) {
        spawn_local(async move {
            if let Some((weights, sidecar)) = self.net_of(id).await {
                self.say_if_refused(save_net(&weights, &sidecar, format));
            }
        });
    }
}

fn save_net(weights: &[u8], sidecar: &str, format: Format) -> Result<(), String> {
    let parsed = Sidecar::parse(sidecar).map_err(|error| error.to_string())?;
    let stem = format!("wardrobe-{}", parsed.architecture);
    match format {
        Format::Own => download::save(&format!("{stem}.weights"), &bundle(weights, sidecar)),
        Format::Safetensors => {
            let bytes = export::safetensors(weights, &parsed).map_err(|error| error.to_string())?;
            download::save(&format!("{stem}.safetensors"), &bytes)
        }
        Format::Onnx => {
            let bytes = export::onnx(weights, &parsed).map_err(|error| error.to_string())?;
            download::save(&format!("{stem}.onnx"), &bytes)
        }
    }
}
