//! What the person looks at, and what has arrived for it.

use super::{Act, Faults, Gallery, ImageId, Like, Map, Query, Stock, View};
use model::image::Image;
use model::published::Split;
use protocol::archive::Parcel;

impl Gallery {
    /// The room is entered, or its address changed: shows what the address asks for. The test images
    /// are fetched at once, the training images only when somebody asks for them.
    pub fn visit(&mut self, address: &str, drawing: Option<&Image>) -> Vec<Act> {
        let query = Query::parse(address);
        let mut acts = Vec::new();
        if query != self.query {
            self.query = query;
            self.refresh();
        }
        if *self.collection.stock(Split::Test) == Stock::Absent {
            acts.extend(self.bring(Split::Test));
        }
        acts.extend(self.prepare(drawing));
        acts
    }

    /// The person changes what is looked at. `step`: the way back leads to what was there before.
    pub fn look(
        &mut self,
        step: bool,
        drawing: Option<&Image>,
        change: impl FnOnce(&mut Query),
    ) -> Vec<Act> {
        let before = self.query.clone();
        change(&mut self.query);
        if self.query == before {
            return Vec::new();
        }
        if before.choice() != self.query.choice() {
            self.refresh();
        }
        let mut acts = vec![Act::Address(self.query.to_string(), step)];
        acts.extend(self.prepare(drawing));
        acts
    }

    /// What the query needs beside the images: lists, the map, the drawing's features, what is alike.
    fn prepare(&mut self, drawing: Option<&Image>) -> Vec<Act> {
        let mut acts = Vec::new();
        let wants_faults = self.query.fault.is_some() || self.query.view == View::Explore;
        if wants_faults && self.faults.ask() {
            acts.push(Act::FetchFaults);
        }
        let shows_map = self.query.view == View::Map;
        if (shows_map || self.query.region.is_some()) && self.map.ask() {
            acts.push(Act::FetchMap);
        }
        if shows_map || self.query.like == Some(Like::Drawing) {
            self.drawing.look_at(drawing);
            acts.extend(self.ask_next());
        }
        acts.extend(self.search());
        acts
    }

    /// The person asks for a part of the data set, perhaps once more after a failure.
    pub fn bring(&mut self, split: Split) -> Vec<Act> {
        match self.collection.stock(split) {
            Stock::Absent | Stock::Failed(_) => {
                self.collection.ask(split);
                vec![Act::Bring(split)]
            }
            _ => Vec::new(),
        }
    }

    /// The archive has sent something of a part.
    pub fn receive(&mut self, split: Split, parcel: Parcel) -> Vec<Act> {
        let brings_labels = matches!(parcel, Parcel::Labels(_));
        self.collection.take(split, parcel);
        let is_over = matches!(self.collection.stock(split), Stock::Here | Stock::Failed(_));
        if brings_labels || is_over {
            self.refresh();
        }
        if is_over {
            vec![Act::Release(split)]
        } else {
            Vec::new()
        }
    }

    /// The lists of faults have arrived, or cannot be had; then the next look at them asks again.
    /// `left_out` says in words what of them could not be read.
    pub fn faults_fetched(
        &mut self,
        outcome: Result<Faults, String>,
        left_out: Option<String>,
    ) -> Vec<Act> {
        self.trouble = self.faults.receive(outcome).or(left_out);
        self.refresh();
        Vec::new()
    }

    /// The map has arrived, or cannot be had; then the next look at it asks again.
    pub fn map_fetched(&mut self, outcome: Result<Map, String>) -> Vec<Act> {
        self.trouble = self.map.receive(outcome);
        if self.query.region.is_some() {
            self.refresh();
        }
        self.search()
    }

    /// Chooses anew what the query shows.
    pub(super) fn refresh(&mut self) {
        let shown: Vec<ImageId> = self.sources().choose(&self.query);
        self.shown = shown;
    }
}
