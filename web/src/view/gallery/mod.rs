//! The room of the data set.

mod counts;
mod details;
mod explore;
mod filters;
mod grid;
mod matrix;
mod picture;
mod results;
mod stock;
mod tiles;

use crate::desk::Desk;
use crate::gallery::View;
use details::Details;
use explore::Explore;
use filters::Filters;
use grid::Grid;
use leptos::prelude::*;
use results::Results;
use stock::{Stocks, SurveyBar};

/// The data set, and what the net makes of it.
#[component]
pub(super) fn Gallery() -> impl IntoView {
    let desk = expect_context::<Desk>();
    desk.visit_gallery();
    let view = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().view));
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
                    <div hidden=move || view.get() != View::Images><Grid/></div>
                    {move || match view.get() {
                        View::Images => ().into_any(),
                        View::Results => view! { <Results/> }.into_any(),
                        View::Explore => view! { <Explore/> }.into_any(),
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
            {View::ALL.map(tab).collect_view()}
        </fieldset>
    }
    .into_any()
}
