//! The desk: the page's state in signals, and the only place that carries out the session's acts.

mod gallery;
mod turns;

use crate::browser::archives::Archives;
use crate::browser::storage::{self, Slot};
use crate::browser::workers::Workers;
use crate::browser::{address, files::Cache, gpu, model_files::ModelFiles};
use crate::gallery::Gallery;
use crate::pad::{Command, Pad, Settings};
use crate::rooms::{Room, Rooms};
use crate::session::{Act, Choice, Device, Session};
use crate::view;
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::drawing::Drawing;
use protocol::{Message, Request};
use std::time::Duration;
pub(crate) use turns::Turns;

/// Under this key the database has the drawing and when it was stored. The browser's storage is quick, so a
/// reload finds everything in it, but its content gets onto the disk late, and it holds little.
const DRAWING: &str = "drawing";

/// How often the workers are looked after.
const TICK: Duration = Duration::from_secs(1);

/// Everything that the page's parts share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is drawn.
    pub pad: RwSignal<Pad>,
    /// Who answers, and what.
    pub session: RwSignal<Session>,
    /// Tool, size and device.
    pub settings: RwSignal<Settings>,
    /// Which room is shown.
    pub rooms: RwSignal<Rooms>,
    /// The data set, and what is looked at of it.
    pub gallery: RwSignal<Gallery>,
    /// The canvas that shows the pad's paper.
    pub canvas: NodeRef<Canvas>,
    /// Notified when every canvas has to be painted again.
    pub restored: RwSignal<()>,
    workers: StoredValue<Workers, LocalStorage>,
    archives: StoredValue<Archives, LocalStorage>,
    model: StoredValue<Option<ModelFiles>>,
    /// The fetches of the model's files: only what the last one brings counts.
    fetches: Turns,
    /// How often a model was refused that was to answer.
    pub refusals: RwSignal<u32>,
    /// Whether a frame is due already.
    frame_is_due: StoredValue<bool>,
    /// The picture files that are being read: only the last one asked for is opened.
    pub(crate) pictures: Turns,
    /// Whether the last saving failed, so that it is said once.
    storage_is_full: StoredValue<bool>,
    /// When the drawing on the paper was stored last, in milliseconds since 1970.
    drawn_at: StoredValue<f64>,
    /// Whether the drawing is on its way into the database.
    is_keeping: StoredValue<bool>,
}

impl Desk {
    /// A desk as it was left at the last visit, with paper of `side` × `side` pixels.
    pub fn new(side: usize) -> Self {
        let settings = storage::load::<Settings>(Slot::Settings)
            .ok()
            .flatten()
            .unwrap_or_default();
        let drawing = storage::load(Slot::Drawing);
        let mut session = Session::new(settings.choice);
        if let Err(sentence) = &drawing {
            session.report(sentence);
        }
        let drawing = drawing.ok().flatten().unwrap_or_default();
        Self {
            pad: RwSignal::new(Pad::new(drawing, side)),
            session: RwSignal::new(session),
            settings: RwSignal::new(settings),
            rooms: RwSignal::new(Rooms::entered_by(&address::hash())),
            gallery: RwSignal::new(Gallery::default()),
            canvas: NodeRef::new(),
            restored: RwSignal::new(()),
            archives: StoredValue::new_local(Archives::default()),
            workers: StoredValue::new_local(Workers::default()),
            model: StoredValue::new(None),
            fetches: Turns::new(),
            refusals: RwSignal::new(0),
            frame_is_due: StoredValue::new(false),
            pictures: Turns::new(),
            storage_is_full: StoredValue::new(false),
            drawn_at: StoredValue::new(storage::load(Slot::DrawnAt).ok().flatten().unwrap_or(0.0)),
            is_keeping: StoredValue::new(false),
        }
    }

    /// Starts the workers and fetches the model.
    pub fn begin(self) {
        self.tell(Session::begin);
        self.restore_drawing();
        self.fetch_model(Cache::Allowed);
        spawn_local(async move {
            let outcome = gpu::find_adapter().await;
            self.tell(|session| session.gpu_found(outcome));
        });
        set_interval(
            move || self.tell(|session| session.tick(TICK.as_secs_f64() * 1e3)),
            TICK,
        );
        self.request_frame();
    }

    /// Whether this room is shown.
    pub fn is_in(self, room: Room) -> bool {
        self.rooms.with(|rooms| rooms.here() == room)
    }

    /// Goes where the address leads now.
    pub fn follow_address(self) {
        self.rooms.update(|rooms| rooms.follow(&address::hash()));
        self.visit_gallery();
    }

    /// Shows a room as it was left.
    pub fn enter(self, room: Room) {
        if self.rooms.with_untracked(Rooms::here) != room {
            address::go(&self.rooms.with_untracked(|rooms| rooms.address(room)));
        }
    }

    /// Whether this room is shown, or was: its view is made when it is first entered.
    pub fn has_been_in(self, room: Room) -> bool {
        self.rooms.with(|rooms| rooms.has_been_in(room))
    }

    /// The shipped net's files, once they are here.
    pub fn shipped(self) -> Option<protocol::Load> {
        self.model
            .with_value(|model| model.as_ref().map(ModelFiles::load))
    }

    /// Whether these weights are the pretrained model's, as far as that is here.
    pub fn is_pretrained(self, weights: &[u8]) -> bool {
        self.model.with_value(|model| {
            model
                .as_ref()
                .is_some_and(|model| model.weights() == weights)
        })
    }

    /// Tells the session of an event, and carries out what it asks for.
    pub fn tell(self, event: impl FnOnce(&mut Session) -> Vec<Act>) {
        // The clock ticks on after the page's parts are gone; then there is nobody to tell.
        let acts = self.session.try_update(event).unwrap_or_default();
        for act in acts {
            self.perform(act);
        }
    }

    /// Shows the person a sentence about something that went wrong.
    pub fn report(self, sentence: impl Into<String>) {
        self.session.update(|session| session.report(sentence));
    }

    /// Shows the person a sentence that matters only until they draw on.
    pub fn hint(self, sentence: impl Into<String>) {
        self.session.update(|session| session.hint(sentence));
    }

    /// Changes the pad; the canvas and the answer follow with the next frame.
    pub fn draw<T>(self, change: impl FnOnce(&mut Pad) -> T) -> Option<T> {
        if self
            .session
            .with_untracked(|session| session.notice().is_some())
        {
            self.session.update(Session::drawn_on);
        }
        let outcome = self.pad.try_update(change);
        self.request_frame();
        outcome
    }

    /// Changes the pad by a whole mark, and saves the drawing.
    pub fn mark<T>(self, change: impl FnOnce(&mut Pad) -> T) -> Option<T> {
        let outcome = self.draw(change);
        self.save_drawing();
        outcome
    }

    /// Changes tool or size, and saves that.
    pub fn set(self, change: impl FnOnce(&mut Settings)) {
        self.settings.update(change);
        let saved = self
            .settings
            .with(|settings| storage::save(Slot::Settings, settings));
        self.report_storage(saved);
    }

    /// Chooses a device.
    pub fn choose(self, choice: Choice) {
        self.set(|settings| settings.choice = choice);
        self.tell(|session| session.choose(choice));
    }

    /// Carries out a key or button.
    pub fn command(self, command: Command) {
        match command {
            Command::Take(tool) => self.set(|settings| settings.tool = tool),
            Command::Resize(by) => self.set(|settings| settings.resize(by)),
            Command::Undo => drop(self.mark(Pad::undo)),
            Command::Redo => drop(self.mark(Pad::redo)),
            Command::Clear => drop(self.mark(Pad::clear)),
            Command::Help => view::toggle_help(),
        }
    }

    /// Paints every canvas again, as the browser has lost what was on them.
    pub fn repaint(self) {
        self.pad.update_untracked(Pad::mark_all_dirty);
        self.request_frame();
        self.restored.set(());
    }

    /// At most one painting and one question to the worker a frame, however many pens move.
    fn request_frame(self) {
        if self.frame_is_due.get_value() {
            return;
        }
        self.frame_is_due.set_value(true);
        request_animation_frame(move || {
            self.frame_is_due.set_value(false);
            self.frame();
        });
    }

    fn frame(self) {
        let Some(canvas) = self.canvas.get_untracked() else {
            return;
        };
        let mut image = None;
        // Nothing that is shown depends on what is still to be painted, so nobody is notified.
        self.pad.update_untracked(|pad| {
            let dirty = pad.take_dirty();
            view::paint_ink(&canvas, pad.ink(), dirty);
            image = pad.image();
        });
        self.tell(|session| session.show(image));
    }

    fn save_drawing(self) {
        let mut saved = self
            .pad
            .with_untracked(|pad| storage::save(Slot::Drawing, pad.drawing()));
        if saved.is_err() {
            // Where not all of it has room, what is on the paper counts.
            let mut drawing = self.pad.with_untracked(|pad| pad.drawing().clone());
            while saved.is_err() && drawing.forget_oldest() {
                saved = storage::save(Slot::Drawing, &drawing);
            }
        }
        // No two marks are made at the same time.
        let now = js_sys::Date::now().max(self.drawn_at.get_value() + 1.0);
        self.drawn_at.set_value(now);
        let saved = saved.and_then(|()| storage::save(Slot::DrawnAt, &now));
        if self.is_keeping.get_value() {
            return;
        }
        self.is_keeping.set_value(true);
        spawn_local(async move {
            let kept = self.keep_drawing().await;
            self.is_keeping.set_value(false);
            self.report_storage(saved.or(kept.map_err(|_| storage::FULL.to_owned())));
        });
    }

    /// Puts the drawing into the database, and once more if it has changed meanwhile.
    async fn keep_drawing(self) -> Result<(), String> {
        loop {
            let drawn_at = self.drawn_at.get_value();
            let value = self
                .pad
                .with_untracked(|pad| keep::encode(&(drawn_at, pad.drawing())));
            keep::put(DRAWING, &value?).await?;
            if self
                .drawn_at
                .try_get_value()
                .is_none_or(|now| now == drawn_at)
            {
                return Ok(());
            }
        }
    }

    /// Brings the drawing that the database has where the storage has lost it, or had no room for it.
    fn restore_drawing(self) {
        let begun_with = self.drawn_at.get_value();
        spawn_local(async move {
            // If the database cannot be used, the room to teach in says so.
            let stored = keep::get::<(f64, Drawing)>(DRAWING).await.ok().flatten();
            let Some((drawn_at, drawing)) = stored.filter(|(drawn_at, _)| *drawn_at > begun_with)
            else {
                return;
            };
            let is_drawing = self.pad.try_with_untracked(Pad::is_drawing) != Some(false);
            if self.drawn_at.get_value() == begun_with && !is_drawing {
                self.drawn_at.set_value(drawn_at);
                self.draw(|pad| *pad = Pad::new(drawing, pad.ink().width()));
            }
        });
    }

    fn report_storage(self, saved: Result<(), String>) {
        let was_full = self.storage_is_full.get_value();
        self.storage_is_full.set_value(saved.is_err());
        if let Err(sentence) = saved
            && !was_full
        {
            self.report(sentence);
        }
    }

    fn perform(self, act: Act) {
        match act {
            Act::Start(device) => self.start_worker(device),
            Act::Stop(device) => self.workers.update_value(|workers| workers.stop(device)),
            Act::Post(device, message) => self.post(device, &message),
            Act::Load(device, id) => {
                if let Some(load) = self.shipped() {
                    self.post(
                        device,
                        &Message {
                            id,
                            body: Request::Load(load),
                        },
                    );
                }
            }
            Act::Classified {
                images,
                milliseconds,
                ..
            } => self.gallery(|gallery| gallery.classified(images, milliseconds)),
            Act::NotClassified(sentence) => {
                self.gallery(|gallery| gallery.not_classified(sentence));
            }
            Act::FetchModel => self.fetch_model(Cache::Bypassed),
            Act::ModelRefused => self.refusals.update(|count| *count += 1),
        }
    }

    fn start_worker(self, device: Device) {
        let hear = move |message| self.tell(|session| session.receive(device, message));
        let end = move |reason: String| self.tell(|session| session.ended(device, &reason));
        let started = self
            .workers
            .try_update_value(|workers| workers.start(device, hear, end));
        if let Some(Err(reason)) = started {
            self.tell(|session| session.ended(device, &reason));
        }
    }

    fn post(self, device: Device, message: &Message<Request>) {
        let posted = self
            .workers
            .with_value(|workers| workers.post(device, message));
        if let Err(reason) = posted {
            self.tell(|session| session.ended(device, &reason));
        }
    }

    fn fetch_model(self, cache: Cache) {
        let is_last = self.fetches.next();
        spawn_local(async move {
            let outcome = ModelFiles::fetch(cache).await;
            if is_last() {
                let outcome = outcome.map(|files| self.model.set_value(Some(files)));
                self.tell(|session| session.model_fetched(outcome));
            }
        });
    }
}
