//! What is left out, and the order of the rest.

use crate::desk::Desk;
use crate::gallery::{Like, Order, Outcome, Query};
use leptos::prelude::*;
use model::class::CLASS_NAMES;
use model::published::Split;

/// All filters in a row.
#[component]
pub(super) fn Filters() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let query = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().clone()));
    let classes = || {
        let names = CLASS_NAMES.iter().enumerate();
        names
            .map(|(class, name)| (class.to_string(), (*name).to_owned()))
            .collect()
    };
    let class_key = |class: Option<u8>| class.map_or(String::new(), |class| class.to_string());
    view! {
        <form class="filters" role="search" aria-label="Filters" on:submit=|event| event.prevent_default()>
            <Choice name="Set" options=splits()
                chosen=Signal::derive(move || query.with(|query| query.split.map_or(String::new(), |split| split.name().to_owned())))
                choose=|query, key| query.split = Split::BOTH.into_iter().find(|split| split.name() == key)/>
            <Choice name="Label" options=with_all(classes())
                chosen=Signal::derive(move || query.with(|query| class_key(query.label)))
                choose=|query, key| query.label = key.parse().ok()/>
            <Choice name="Prediction" options=with_all(classes())
                chosen=Signal::derive(move || query.with(|query| class_key(query.predicted)))
                choose=|query, key| query.predicted = key.parse().ok()/>
            <Choice name="Answer" options=outcomes()
                chosen=Signal::derive(move || query.with(|query| query.outcome.map_or(String::new(), |outcome| outcome.key().to_owned())))
                choose=|query, key| query.outcome = Outcome::ALL.into_iter().find(|outcome| outcome.key() == key)/>
            <Choice name="Order" options=orders()
                chosen=Signal::derive(move || query.with(|query| query.order.key().to_owned()))
                choose=|query, key| query.order = Order::ALL.into_iter().find(|order| order.key() == key).unwrap_or_default()/>
            <Words query/>
            <Numbers query/>
            <label class="filter check">
                <input type="checkbox" prop:checked=move || query.with(|query| query.twins)
                    on:change=move |event| desk.look(|query| query.twins = event_target_checked(&event))/>
                <span>"Near duplicates only"</span>
            </label>
            <Likeness query/>
        </form>
    }
    .into_any()
}

type Options = Vec<(String, String)>;

fn with_all(mut options: Options) -> Options {
    options.insert(0, (String::new(), "all".to_owned()));
    options
}

fn splits() -> Options {
    let named = |(key, name): (&str, &str)| (key.to_owned(), name.to_owned());
    [("test", "test"), ("train", "training"), ("", "both")]
        .map(named)
        .to_vec()
}

fn outcomes() -> Options {
    let name = |outcome| match outcome {
        Outcome::Right => "right",
        Outcome::Wrong => "wrong",
        Outcome::Suspect => "label suspect",
    };
    let named = |outcome: Outcome| (outcome.key().to_owned(), name(outcome).to_owned());
    with_all(Outcome::ALL.map(named).to_vec())
}

fn orders() -> Options {
    Order::ALL
        .map(|order| (order.key().to_owned(), order.name().to_owned()))
        .to_vec()
}

/// A list of which one is chosen.
#[component]
fn Choice(
    name: &'static str,
    options: Options,
    chosen: Signal<String>,
    choose: fn(&mut Query, &str),
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let option = move |(key, words): (String, String)| {
        let this = key.clone();
        view! { <option value=key selected=move || chosen.get() == this>{words}</option> }
    };
    view! {
        <label class="filter">
            <span>{name}</span>
            <select prop:value=chosen
                on:change=move |event| desk.look(|query| choose(query, &event_target_value(&event)))>
                {options.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// Words of class names.
#[component]
fn Words(query: Memo<Query>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    view! {
        <label class="filter">
            <span>"Search"</span>
            <input type="search" size="14" placeholder="boot, 77 …" prop:value=move || query.with(|query| query.words.clone())
                on:input=move |event| desk.glance(|query| query.words = event_target_value(&event))/>
        </label>
    }
    .into_any()
}

/// Limits of confidence and loss.
#[component]
fn Numbers(query: Memo<Query>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let field = move |label: &'static str,
                      most: &'static str,
                      value: fn(&Query) -> String,
                      set: fn(&mut Query, &str)| {
        view! {
            <input type="number" min="0" max=most step="any" aria-label=label
                prop:value=move || query.with(value)
                on:change=move |event| desk.look(|query| set(query, &event_target_value(&event)))/>
        }
    };
    view! {
        <span class="filter">
            <span>"Confidence, %"</span>
            <span class="range">
                {field("Least confidence in percent", "100", |query| query.surer_than.to_string(),
                    |query, text| query.surer_than = whole(text, 100.0).unwrap_or(0) as u8)}
                "–"
                {field("Greatest confidence in percent", "100", |query| query.less_sure_than.unwrap_or(100).to_string(),
                    |query, text| query.less_sure_than = whole(text, 100.0).map(|percent| percent as u8).filter(|percent| *percent < 100))}
            </span>
        </span>
        <span class="filter">
            <span>"Loss from"</span>
            {field("Least loss", "100", |query| (f64::from(query.loss_from) / 100.0).to_string(),
                |query, text| query.loss_from = text.parse::<f64>().ok().and_then(|loss| whole(&(loss * 100.0).to_string(), 1e4)).unwrap_or(0))}
        </span>
    }
    .into_any()
}

/// A number as a person types it, rounded, from 0 to `most`.
fn whole(text: &str, most: f64) -> Option<u32> {
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())?;
    Some(number.clamp(0.0, most).round() as u32)
}

/// What the images are compared with, and the way back to all.
#[component]
fn Likeness(query: Memo<Query>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = move || {
        query.with(|query| match query.like {
            Some(Like::Image(id)) => format!("Like {}", id.key()),
            Some(Like::Drawing) => "Like your drawing".to_owned(),
            None => String::new(),
        })
    };
    let is_drawn = Memo::new(move |_| desk.session.with(|session| session.image().is_some()));
    let can_compare =
        move || is_drawn.get() && query.with(|query| query.like != Some(Like::Drawing));
    let everything = move |_| {
        desk.look(|query| {
            *query = Query {
                view: query.view,
                split: query.split,
                order: query.order,
                image: query.image,
                ..Query::default()
            };
        });
    };
    view! {
        <span class="filter-end">
            <Show when=can_compare>
                <button type="button" class="action" on:click=move |_| desk.look(|query| query.like = Some(Like::Drawing))>
                    "Like my drawing"
                </button>
            </Show>
            <Show when=move || query.with(Query::filters)>
                <span class="quiet" data-testid="like">{words}</span>
                <button type="button" class="action" on:click=everything>"Show all"</button>
            </Show>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn typed_numbers_are_kept_in_range() {
        assert_eq!(whole("41.6", 100.0), Some(42));
        assert_eq!(whole("1000", 100.0), Some(100));
        assert_eq!(whole("-3", 100.0), Some(0));
        assert_eq!((whole("", 9.0), whole("NaN", 9.0)), (None, None));
    }
}
