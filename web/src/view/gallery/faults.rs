//! What may be wrong with the data, counted; each count leads to its images.

use super::counts::images;
use super::stock::part_name;
use crate::desk::Desk;
use crate::gallery::{Fault, Gallery, Kind, Query, View};
use leptos::prelude::*;

/// The faults of the chosen part, with how many images have each.
#[component]
pub(super) fn FaultCounts() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let counts = Memo::new(move |_| desk.gallery.with(counts));
    let part = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().split));
    let name = move || part.get().map_or("Both sets", part_name);
    view! {
        <section data-testid="faults">
            <h3>"Faults in the data: " <span prop:textContent=name></span></h3>
            <p class="quiet">"Near duplicates: pixels that correlate by 0.985 or more; no two published images are the same to the last pixel. Label suspects: images whose label nets doubt that did not learn from them."</p>
            {move || match counts.get() {
                None => view! { <p class="quiet">"The lists are not here yet."</p> }.into_any(),
                Some(counts) => view! { <div class="acts">{counts.into_iter().map(button).collect_view()}</div> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn counts(gallery: &Gallery) -> Option<Vec<(Fault, usize)>> {
    let faults = gallery.faults()?;
    let split = gallery.query().split;
    let count = |fault: &Fault| (*fault, faults.count(*fault, split));
    Some(Fault::ALL.iter().map(count).collect())
}

fn button((fault, count): (Fault, usize)) -> AnyView {
    let desk = expect_context::<Desk>();
    let open = move |_| {
        desk.look(|query| {
            *query = Query {
                view: View::Images,
                fault: Some(fault),
                ..query.unfiltered()
            };
        });
    };
    view! {
        <button type="button" class="action" data-fault=fault.key() data-count=count.to_string() on:click=open
            prop:textContent=format!("{}: {}", fault.name(), images(count))></button>
    }
    .into_any()
}
