//! The image that is pointed at, as a picture and in words.

use super::super::details::described;
use super::super::picture::Picture;
use super::chart::Sheet;
use leptos::prelude::*;

/// The card's width and height in pixels, as the style sheet has them, about.
const CARD: [f64; 2] = [150.0, 190.0];

/// How far from its point the card is.
const APART: f64 = 16.0;

/// The image that is pointed at, beside its point.
#[component]
pub(super) fn Pointed(sheet: Sheet) -> impl IntoView {
    let image = Memo::new(move |_| {
        let id = sheet.pointed.get()?;
        sheet
            .desk
            .gallery
            .with(|gallery| gallery.collection().image(id))
    });
    let words = Memo::new(move |_| {
        let id = sheet.pointed.get();
        let words = sheet.desk.gallery.with(|gallery| described(gallery, id?));
        words.unwrap_or_default()
    });
    let corner = move || sheet.card_corner().unwrap_or_default();
    view! {
        <Show when=move || image.with(Option::is_some)>
            <div class="map-card" aria-hidden="true" data-testid="pointed"
                style:left=move || format!("{}px", corner()[0]) style:top=move || format!("{}px", corner()[1])>
                <Picture image description=words/>
                <span prop:textContent=words></span>
            </div>
        </Show>
    }
    .into_any()
}

impl Sheet {
    /// The upper left corner of the card beside the image that is pointed at, within the window.
    fn card_corner(self) -> Option<[f64; 2]> {
        let id = self.pointed.get()?;
        let place = self
            .desk
            .gallery
            .with_untracked(|gallery| Some(gallery.map()?.place(id)))?;
        self.hand.with(|hand| {
            let point = hand.lens.to_window(place.map(f64::from));
            let window = hand.lens.window();
            Some([0, 1].map(|axis| {
                let after = point[axis] + APART;
                let before = (point[axis] - APART - CARD[axis]).max(0.0);
                if after + CARD[axis] > window[axis] {
                    before
                } else {
                    after
                }
            }))
        })
    }

    /// What the keys have come to, for a screen reader.
    pub(super) fn words(self) -> String {
        let (cursor, corner) = self.hand.with(|hand| (hand.cursor(), hand.corner()));
        if cursor.is_none() {
            return String::new();
        }
        let id = self.pointed.get();
        let image = self.desk.gallery.with(|gallery| described(gallery, id?));
        let image = image.unwrap_or_else(|| "No image here".to_owned());
        if corner.is_some() {
            format!("{image}. A rectangle is begun; space ends it, Escape gives it up.")
        } else {
            image
        }
    }
}
