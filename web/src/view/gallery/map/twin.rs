//! The map as a table: which classes lie among which.

use super::super::counts::thousands;
use crate::desk::Desk;
use crate::gallery::{Colour, Gallery, ImageId, Surroundings, surroundings};
use leptos::prelude::*;
use model::class::CLASS_NAMES;

/// How many of a class's neighbours are named.
const NAMED: usize = 3;

/// A share below this, of 1, is not worth a word.
const LEAST: f64 = 0.005;

/// The table, computed while it is open.
#[component]
pub(super) fn Twin() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let is_open = RwSignal::new(false);
    let rows = Memo::new(move |_| is_open.get().then(|| desk.gallery.with(rows)).flatten());
    view! {
        <details class="numbers" on:toggle=move |_| is_open.update(|is_open| *is_open = !*is_open)>
            <summary>"The map as a table"</summary>
            <table class="figures" data-testid="map-table">
                <thead><tr><th scope="col">"Class"</th><th scope="col">"Images"</th>
                    <th scope="col">"Among its own"</th><th scope="col">"Lies among"</th></tr></thead>
                <tbody>{move || rows.get().map(|rows| rows.iter().enumerate().map(row).collect_view())}</tbody>
            </table>
        </details>
    }
    .into_any()
}

/// By prediction where the map is coloured by that, else by label.
fn rows(gallery: &Gallery) -> Option<[Surroundings; CLASS_NAMES.len()]> {
    let map = gallery.map()?;
    let class = |id: ImageId| match gallery.query().colour {
        Colour::Prediction => Some(gallery.findings().prediction(id)?.top().0 as u8),
        Colour::Label | Colour::Error => gallery.collection().label(id),
    };
    let shown = gallery.shown().iter();
    Some(surroundings(
        map,
        shown.filter_map(|id| Some((*id, class(*id)?))),
    ))
}

fn row((class, found): (usize, &Surroundings)) -> AnyView {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let neighbours = found.neighbours(class).into_iter();
    let named = neighbours.filter(|(_, share)| *share >= LEAST).take(NAMED);
    let words: Vec<String> = named
        .map(|(other, share)| format!("{} {}", CLASS_NAMES[other], percent(share)))
        .collect();
    view! {
        <tr><th scope="row">{CLASS_NAMES[class]}</th><td prop:textContent=thousands(found.count)></td>
            <td prop:textContent=percent(found.around[class])></td><td prop:textContent=words.join(", ")></td></tr>
    }
    .into_any()
}
