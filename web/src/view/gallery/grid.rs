//! The wall of thumbnails: scrolling, pointing, keys.

use super::counts::{images, thousands};
use super::details::described;
use super::frames::{Frames, follow_size};
use super::tiles::{Painter, Scene};
use crate::desk::Desk;
use crate::gallery::{ImageId, Layout, Step, TILES};
use crate::view::keys::press_of;
use leptos::ev;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

/// The id of the wall, which takes the focus from what is closed over it.
pub(super) const WALL: &str = "wall";

/// The wall's state that the page's address does not know.
#[derive(Clone, Copy)]
struct Wall {
    desk: Desk,
    scroller: NodeRef<Div>,
    canvas: NodeRef<Canvas>,
    painter: StoredValue<Option<Painter>, LocalStorage>,
    /// A thumbnail's side in CSS pixels.
    tile: RwSignal<u32>,
    /// How far it is scrolled.
    top: RwSignal<f64>,
    /// The window's width and height.
    window: RwSignal<(f64, f64)>,
    frames: Frames,
}

/// The images that the query shows.
#[component]
pub(super) fn Grid() -> impl IntoView {
    let wall = Wall {
        desk: expect_context(),
        scroller: NodeRef::new(),
        canvas: NodeRef::new(),
        painter: StoredValue::new_local(None),
        tile: RwSignal::new(TILES[2]),
        top: RwSignal::new(0.0),
        window: RwSignal::new((0.0, 0.0)),
        frames: Frames::new(),
    };
    wall.watch();
    let height = move || format!("{}px", wall.layout().height());
    let count = Memo::new(move |_| wall.desk.gallery.with(|gallery| gallery.shown().len()));
    let chosen = move || wall.chosen_place().map(|place| (place + 1).to_string());
    view! {
        <div class="wall-bar">
            <p role="status" data-testid="count" prop:textContent=move || images(count.get())></p>
            <Zoom wall/>
        </div>
        <div class="scroller" id=WALL tabindex="0" role="listbox" aria-label="Images" node_ref=wall.scroller
            aria-activedescendant=move || chosen().map(|_| "chosen-image")
            on:scroll=move |_| wall.scrolled()
            on:click=move |event| wall.clicked(&event)
            on:keydown=move |event| wall.key(&event)>
            <div class="spacer" aria-hidden="true" style:height=height>
                <canvas node_ref=wall.canvas data-testid="grid"
                    style:width=move || format!("{}px", wall.window.get().0)
                    style:height=move || format!("{}px", wall.window.get().1)></canvas>
            </div>
            <div id="chosen-image" class="unseen" role="option" aria-selected="true"
                aria-setsize=move || count.get().to_string() aria-posinset=chosen
                prop:textContent=move || wall.description()></div>
        </div>
        <p class="unseen" aria-live="polite" prop:textContent=move || wall.description()></p>
    }
    .into_any()
}

#[component]
fn Zoom(wall: Wall) -> impl IntoView {
    let index = move || {
        TILES
            .iter()
            .position(|tile| *tile == wall.tile.get())
            .unwrap_or(0)
    };
    let zoom = move |event| {
        let index = event_target_value(&event).parse::<usize>().ok();
        if let Some(tile) = index.and_then(|index| TILES.get(index)) {
            wall.zoom(*tile);
        }
    };
    view! {
        <label class="size" title="Size of the thumbnails (+ and -)">
            "Size"
            <input type="range" min="0" max=TILES.len() - 1 step="1" prop:value=index on:input=zoom/>
        </label>
    }
    .into_any()
}

impl Wall {
    fn layout(self) -> Layout {
        let count = self.desk.gallery.with(|gallery| gallery.shown().len());
        Layout::new(count, f64::from(self.tile.get()), self.window.get().0)
    }

    /// Paints with the next frame whenever something in sight may have changed.
    fn watch(self) {
        Effect::new(move || {
            self.desk.gallery.track();
            self.tile.track();
            self.top.track();
            self.window.track();
            self.frames.request(move || self.paint());
        });
        // The painter has a canvas of its own, on which nothing is left either.
        Effect::new(move || {
            self.desk.restored.track();
            self.painter.set_value(Painter::new());
            self.frames.request(move || self.paint());
        });
        // Another choice begins at its beginning.
        let query = Memo::new(move |_| self.desk.gallery.with(|gallery| gallery.query().choice()));
        Effect::new(move |before: Option<()>| {
            query.track();
            if before.is_some() {
                self.scroll_to(0.0);
            }
        });
        Effect::new(move || {
            if let Some(scroller) = self.scroller.get() {
                follow_size(&scroller, move |size| {
                    self.window.try_set(size);
                });
            }
        });
    }

    fn paint(self) {
        let Some(canvas) = self.canvas.try_get_untracked().flatten() else {
            return;
        };
        let _ = self.painter.try_update_value(|painter| {
            self.desk.gallery.with_untracked(|gallery| {
                let window = self.window.get_untracked();
                let tile = f64::from(self.tile.get_untracked());
                let scene = Scene {
                    gallery,
                    layout: Layout::new(gallery.shown().len(), tile, window.0),
                    top: self.top.get_untracked(),
                    window,
                    chosen: place_of(gallery.shown(), gallery.query().image),
                };
                // A browser that cannot paint on a canvas cannot show this page at all.
                painter
                    .as_mut()
                    .map(|painter| painter.paint(&canvas, &scene))
            })
        });
    }

    fn scrolled(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            self.top.set(f64::from(scroller.scroll_top()));
        }
    }

    fn scroll_to(self, top: f64) {
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(top as i32);
        }
    }

    /// Changes the thumbnails' size; what was at the top stays there.
    fn zoom(self, tile: u32) {
        let layout = untrack(|| self.layout());
        let first = layout.rows_in_sight(self.top.get_untracked(), 1.0).start * layout.columns();
        self.tile.set(tile);
        let (_, top) = untrack(|| self.layout()).place(first);
        // The spacer grows with the next change of the document; scrolling waits for it.
        request_animation_frame(move || self.scroll_to(top));
    }

    fn clicked(self, event: &ev::MouseEvent) {
        let Some(scroller) = self.scroller.get_untracked() else {
            return;
        };
        let frame = scroller.get_bounding_client_rect();
        let x = f64::from(event.client_x()) - frame.left();
        let y = f64::from(event.client_y()) - frame.top() + self.top.get_untracked();
        if let Some(place) = untrack(|| self.layout()).at(x, y) {
            self.choose(place);
        }
    }

    fn key(self, event: &ev::KeyboardEvent) {
        let press = press_of(event);
        if !press.is_plain() {
            return;
        }
        let key = press.name();
        let size = TILES
            .iter()
            .position(|tile| *tile == self.tile.get_untracked());
        let zoomed = match (key.as_str(), size) {
            ("+" | "=", Some(size)) => TILES.get(size + 1),
            ("-", Some(size)) => size.checked_sub(1).and_then(|size| TILES.get(size)),
            _ => None,
        };
        if let Some(tile) = zoomed {
            event.prevent_default();
            self.zoom(*tile);
        } else if let Some(step) = Step::of_key(&key) {
            event.prevent_default();
            self.step(step);
        }
    }

    fn step(self, step: Step) {
        let layout = untrack(|| self.layout());
        let (_, window) = self.window.get_untracked();
        let from = untrack(|| self.chosen_place());
        if let Some(place) = layout.step(from, step, window) {
            self.choose(place);
            self.scroll_to(layout.scrolled_to(place, self.top.get_untracked(), window));
        }
    }

    fn choose(self, place: usize) {
        let shown = self
            .desk
            .gallery
            .with_untracked(|gallery| gallery.shown().get(place).copied());
        self.desk.glance(|query| query.image = shown);
    }

    fn chosen_place(self) -> Option<usize> {
        self.desk
            .gallery
            .with(|gallery| place_of(gallery.shown(), gallery.query().image))
    }

    /// The chosen image in words, for a screen reader.
    fn description(self) -> Option<String> {
        self.desk.gallery.with(|gallery| {
            let id = gallery.query().image?;
            let place = place_of(gallery.shown(), Some(id))?;
            let (number, count) = (thousands(place + 1), thousands(gallery.shown().len()));
            Some(format!("{}. {number} of {count}.", described(gallery, id)?))
        })
    }
}

fn place_of(shown: &[ImageId], image: Option<ImageId>) -> Option<usize> {
    let image = image?;
    shown.iter().position(|id| *id == image)
}
