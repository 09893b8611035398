//! The room of the data set.

mod comparison;
mod counts;
mod details;
mod explore;
mod faults;
mod filters;
mod frames;
mod grid;
mod map;
mod matrix;
mod picture;
mod results;
mod stock;
mod tiles;

pub(super) use counts::thousands;

use crate::desk::Desk;
use crate::gallery::{Kind, View};
use details::Details;
use explore::Explore;
use filters::Filters;
use grid::Grid;
use leptos::prelude::*;
use map::MapOfAll;
use results::Results;
use stock::{Stocks, SurveyBar};

/// The data set, and what the net makes of it.
#[component]
pub(super) fn Gallery() -> impl IntoView {
    let desk = expect_context::<Desk>();
    // Once more when a reload has brought the drawing back, which the address may speak of.
    let has_drawing = Memo::new(move |_| desk.session.with(|session| session.image().is_some()));
    Effect::new(move || {
        has_drawing.track();
        desk.visit_gallery();
    });
    let view = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().view));
    // Made when it is first shown and only hidden then, so that one finds it again as it was left.
    let map_was_shown = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or(false) || view.get() == View::Map
    });
    view! {
        <div class="gallery">
            <div class="gallery-head">
                <Tabs view/>
                <Stocks/>
                <SurveyBar/>
            </div>
            <Filters/>
            <div class="gallery-body">
                <div class="wall">
                    <div class="view" hidden=move || view.get() != View::Images><Grid/></div>
                    {move || map_was_shown.get().then(|| view! {
                        <div class="view" hidden=move || view.get() != View::Map><MapOfAll/></div>
                    })}
                    {move || match view.get() {
                        View::Images | View::Map => ().into_any(),
                        View::Results => view! { <div class="view scrolling"><Results/></div> }.into_any(),
                        View::Explore => view! { <div class="view scrolling"><Explore/></div> }.into_any(),
                    }}
                </div>
                <Details/>
            </div>
        </div>
    }
    .into_any()
}

/// The way from view to view.
#[component]
fn Tabs(view: Memo<View>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let tab = move |one: View| {
        view! {
            <label class="choice">
                <input type="radio" name="view" class="unseen" prop:checked=move || view.get() == one
                    on:change=move |_| desk.look(|query| query.view = one)/>
                <span>{one.name()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="unseen">"View of the data set"</legend>
            {View::ALL.iter().copied().map(tab).collect_view()}
        </fieldset>
    }
    .into_any()
}
