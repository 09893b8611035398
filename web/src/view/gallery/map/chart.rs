//! The map's canvas, and what is to be painted on it.

use super::super::frames::{Frames, follow_size};
use super::plane::{Plane, Scene, outline};
use super::pointed::Pointed;
use crate::desk::Desk;
use crate::gallery::{Colour, Gallery, Hand, ImageId, Shade, View, shades, surroundings};
use crate::pointers::{Phase, Pointers};
use crate::view::pointer::on_leave;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use model::class::CLASS_NAMES;

/// What keys do, for a screen reader.
const HELP: &str = "Map of all images. Arrow keys move a cursor, plus and minus zoom, 0 shows the whole \
    map. Space begins a rectangle and ends it, which leaves only the images within. Enter opens the image \
    at the cursor.";

/// The map's state that the page's address does not know.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) desk: Desk,
    pub(super) hand: RwSignal<Hand>,
    pub(super) pointers: StoredValue<Pointers>,
    frame: NodeRef<Div>,
    pub(super) canvas: NodeRef<Canvas>,
    plane: StoredValue<Plane, LocalStorage>,
    /// Each image's colour, by its number.
    pub(super) shades: StoredValue<Vec<Shade>>,
    names: StoredValue<Vec<(&'static str, [f64; 2])>>,
    /// The image that is pointed at.
    pub(super) pointed: RwSignal<Option<ImageId>>,
    frames: Frames,
}

/// The canvas, and the image that is pointed at.
#[component]
pub(super) fn Chart(hand: RwSignal<Hand>) -> impl IntoView {
    let sheet = Sheet {
        desk: expect_context(),
        hand,
        pointers: StoredValue::default(),
        frame: NodeRef::new(),
        canvas: NodeRef::new(),
        plane: StoredValue::new_local(Plane::default()),
        shades: StoredValue::new(Vec::new()),
        names: StoredValue::new(Vec::new()),
        pointed: RwSignal::new(None),
        frames: Frames::new(),
    };
    sheet.watch();
    on_leave(move || sheet.leave());
    view! {
        <div class="map" node_ref=sheet.frame>
            <canvas node_ref=sheet.canvas data-testid="map" tabindex="0" role="application"
                aria-roledescription="map" aria-label=HELP class:selecting=move || sheet.selects()
                on:pointerdown=move |event| sheet.hear(&event, Phase::Down)
                on:pointermove=move |event| sheet.hear(&event, Phase::Move)
                on:pointerup=move |event| sheet.hear(&event, Phase::Up)
                on:pointercancel=move |event| sheet.hear(&event, Phase::Cancel)
                on:lostpointercapture=move |event| sheet.hear(&event, Phase::Lost)
                on:pointerleave=move |_| sheet.point(None)
                on:wheel=move |event| sheet.wheel(&event)
                on:keydown=move |event| sheet.key(&event)></canvas>
            <Pointed sheet/>
        </div>
        <p class="quiet" role="status" data-testid="drawing-place" prop:textContent=move || sheet.desk.gallery.with(drawing_words)></p>
        <p class="unseen" aria-live="polite" prop:textContent=move || sheet.words()></p>
    }
    .into_any()
}

/// Where the drawing lies, in words.
fn drawing_words(gallery: &Gallery) -> String {
    match (gallery.has_drawing(), gallery.drawing_company()) {
        (false, _) => "Draw something in the room Draw: it becomes a point of the map.".to_owned(),
        (true, None) => {
            "Have the network classify the images: then your drawing is shown among its like."
                .to_owned()
        }
        (true, Some(class)) => format!(
            "Your drawing lies among images of: {}.",
            CLASS_NAMES[usize::from(class)]
        ),
    }
}

impl Sheet {
    fn watch(self) {
        Effect::new(move || {
            // Nobody sees the colours of a map that is hidden.
            let is_seen = self
                .desk
                .gallery
                .with(|gallery| gallery.query().view == View::Map);
            if is_seen {
                self.shade();
                self.frames.request(move || self.paint());
            }
        });
        Effect::new(move || {
            self.hand.track();
            self.pointed.track();
            self.desk.restored.track();
            self.frames.request(move || self.paint());
        });
        Effect::new(move || {
            if let Some(frame) = self.frame.get() {
                follow_size(&frame, move |(width, height)| {
                    self.hand
                        .try_update(|hand| hand.lens = hand.lens.through([width, height]));
                });
            }
        });
    }

    /// Chooses the points' colours, and where the classes' names stand.
    fn shade(self) {
        self.desk.gallery.with_untracked(|gallery| {
            self.shades.set_value(shades(gallery));
            self.names.set_value(names(gallery));
        });
    }

    fn paint(self) {
        let Some(canvas) = self.canvas.try_get_untracked().flatten() else {
            return;
        };
        self.desk.gallery.with_untracked(|gallery| {
            let Some(map) = gallery.map() else { return };
            let place = |id: ImageId| map.place(id).map(f64::from);
            let rings = self
                .pointed
                .get_untracked()
                .into_iter()
                .chain(gallery.query().image);
            let hand = self.hand.get_untracked();
            let (shades, names) = (self.shades.read_value(), self.names.read_value());
            let scene = Scene {
                places: map.places(),
                shades: &shades,
                shown: gallery.shown().len(),
                lens: hand.lens,
                names: &names,
                lines: lines(&hand, gallery),
                cursor: hand.cursor(),
                rings: rings.map(place).collect(),
                drawing: gallery.drawing_place(),
            };
            // A browser that cannot paint on a canvas cannot show this page at all.
            let _ = self
                .plane
                .try_update_value(|plane| plane.paint(&canvas, &scene));
        });
    }
}

/// Where each class's name stands: where most of its images lie.
fn names(gallery: &Gallery) -> Vec<(&'static str, [f64; 2])> {
    let Some(map) = gallery
        .map()
        .filter(|_| gallery.query().colour != Colour::Error)
    else {
        return Vec::new();
    };
    let labelled = ImageId::all().filter_map(|id| Some((id, gallery.collection().label(id)?)));
    let found = surroundings(map, labelled);
    let named = CLASS_NAMES.into_iter().zip(found);
    named
        .filter(|(_, found)| found.count > 0)
        .map(|(name, found)| (name, found.heart))
        .collect()
}

/// The chosen part of the map, what is being drawn around, and the rectangle that keys have begun.
fn lines(hand: &Hand, gallery: &Gallery) -> Vec<Vec<[f64; 2]>> {
    let region = gallery.query().region.as_ref().map(outline);
    let line = (!hand.line().is_empty()).then(|| hand.line().to_vec());
    let rectangle = hand
        .corner()
        .zip(hand.cursor())
        .map(|([left, top], [right, bottom])| {
            vec![[left, top], [right, top], [right, bottom], [left, bottom]]
        });
    [region, line, rectangle].into_iter().flatten().collect()
}
