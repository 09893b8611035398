//! The map: all images as points, alike beside alike.

mod chart;
mod events;
mod legend;
mod plane;
mod pointed;
mod twin;

use super::counts::{images, thousands};
use crate::desk::Desk;
use crate::gallery::{ALL_IMAGES, Colour, Hand, Kind, Query, Tool, View};
use chart::Chart;
use legend::Legend;
use leptos::prelude::*;
use twin::Twin;

/// The map with its tools, its legend and its table.
#[component]
pub(super) fn MapOfAll() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let hand = RwSignal::new(Hand::default());
    let is_here = Memo::new(move |_| desk.gallery.with(|gallery| gallery.map().is_some()));
    let waiting = move || {
        if desk.gallery.with(|gallery| gallery.trouble().is_some()) {
            "The map is not here; show another view and this one again to try once more."
        } else {
            "The map is being fetched (0.2 MB) …"
        }
    };
    view! {
        <Bar hand/>
        {move || if is_here.get() {
            view! { <Chart hand/> }.into_any()
        } else {
            view! { <p class="quiet map-wait" prop:textContent=waiting></p> }.into_any()
        }}
        <Legend/>
        <Twin/>
    }
    .into_any()
}

/// What dragging does, what the colours say, how near one is, and the way to the chosen images.
#[component]
fn Bar(hand: RwSignal<Hand>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let query = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().clone()));
    let count = Memo::new(move |_| desk.gallery.with(|gallery| gallery.shown().len()));
    let show = move |_| desk.look(|query| query.view = View::Images);
    let words = move || format!("{} of {}", thousands(count.get()), images(ALL_IMAGES));
    let button = move |name: &'static str, text: &'static str, act: fn(&mut Hand)| {
        view! { <button type="button" class="action" aria-label=name title=name on:click=move |_| hand.update(act)>{text}</button> }
    };
    view! {
        <div class="wall-bar map-bar">
            <p role="status" data-testid="map-count" prop:textContent=words></p>
            <Show when=move || query.with(Query::filters)>
                <button type="button" class="action" on:click=show prop:textContent=move || format!("Show {}", images(count.get()))></button>
            </Show>
            <span class="map-tools">
                <Tools hand/>
                <Colours query/>
                {button("Zoom in", "+", Hand::nearer)}
                {button("Zoom out", "−", Hand::farther)}
                {button("The whole map", "Whole", |hand| hand.lens = hand.lens.whole())}
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn Tools(hand: RwSignal<Hand>) -> impl IntoView {
    let tool = Memo::new(move |_| hand.with(|hand| hand.tool));
    let one = move |this: Tool, name: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="map-tool" class="unseen" prop:checked=move || tool.get() == this
                    on:change=move |_| hand.update(|hand| hand.tool = this)/>
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="unseen">"What dragging does"</legend>
            {one(Tool::Move, "Move")} {one(Tool::Select, "Select")}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Colours(query: Memo<Query>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let option = move |colour: &Colour| {
        let colour = *colour;
        let is_chosen = move || query.with(|query| query.colour == colour);
        view! { <option value=colour.key() selected=is_chosen>{colour.name()}</option> }
    };
    let choose = move |event| {
        let colour = Colour::of_key(&event_target_value(&event)).unwrap_or(Colour::Label);
        desk.look(|query| query.colour = colour);
    };
    view! {
        <label class="filter beside"><span>"Colour"</span>
            <select prop:value=move || query.with(|query| query.colour.key()) on:change=choose>
                {Colour::ALL.iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}
