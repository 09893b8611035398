//! What is left out, and the order of the rest.

use super::counts::thousands;
use crate::desk::Desk;
use crate::gallery::{Change, Fault, Gallery, Kind, Like, Order, Outcome, Query};
use crate::number::decimal_between;
use crate::view::number::{number_error, number_input};
use leptos::prelude::*;
use model::class::CLASS_NAMES;
use model::published::Split;

/// All filters; on a small screen behind a button.
#[component]
pub(super) fn Filters() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let query = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().clone()));
    let is_open = RwSignal::new(false);
    view! {
        <button type="button" class="action fold" aria-expanded=move || is_open.get().to_string() aria-controls="filters"
            on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)>"Filters and order"</button>
        <form class="filters" id="filters" class:open=is_open role="search" aria-label="Filters"
            on:submit=|event| event.prevent_default()>
            <Choices query/>
            <Words query/>
            <Numbers query/>
            <Likeness query/>
        </form>
    }
    .into_any()
}

/// What is chosen from lists.
#[component]
fn Choices(query: Memo<Query>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let compares = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| gallery.nets().before().is_some())
    });
    let faults = Memo::new(move |_| desk.gallery.with(fault_options));
    let fixed = |options: Options| Signal::derive(move || options.clone());
    let of = move |key: fn(&Query) -> String| Signal::derive(move || query.with(key));
    view! {
        <Choice name="Set" options=fixed(splits())
            chosen=of(|query| query.split.map_or(String::new(), |split| split.name().to_owned()))
            choose=|query, key| query.split = Split::BOTH.into_iter().find(|split| split.name() == key)/>
        <Choice name="Label" options=fixed(classes())
            chosen=of(|query| class_key(query.label))
            choose=|query, key| query.label = key.parse().ok()/>
        <Choice name="Prediction" options=fixed(classes())
            chosen=of(|query| class_key(query.predicted))
            choose=|query, key| query.predicted = key.parse().ok()/>
        <Choice name="Answer" options=fixed(with_all(kinds::<Outcome>()))
            chosen=of(|query| kind_key(query.outcome))
            choose=|query, key| query.outcome = Kind::of_key(key)/>
        <Show when=move || compares.get()>
            <Choice name="Change" options=fixed(with_all(kinds::<Change>()))
                chosen=of(|query| kind_key(query.change))
                choose=|query, key| query.change = Kind::of_key(key)/>
        </Show>
        <Choice name="Faults" options=faults.into()
            chosen=of(|query| kind_key(query.fault))
            choose=|query, key| query.fault = Kind::of_key(key)/>
        <Choice name="Order" options=fixed(kinds::<Order>())
            chosen=of(|query| query.order.key().to_owned())
            choose=|query, key| query.order = Kind::of_key(key).unwrap_or(Order::Published)/>
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

fn classes() -> Options {
    let named = |(class, name): (usize, &&str)| (class.to_string(), (*name).to_owned());
    with_all(CLASS_NAMES.iter().enumerate().map(named).collect())
}

fn class_key(class: Option<u8>) -> String {
    class.map_or(String::new(), |class| class.to_string())
}

fn kinds<K: Kind>() -> Options {
    let named = |kind: &K| (kind.key().to_owned(), kind.name().to_owned());
    K::ALL.iter().map(named).collect()
}

fn kind_key<K: Kind>(kind: Option<K>) -> String {
    kind.map_or(String::new(), |kind| kind.key().to_owned())
}

/// The faults, with how many images have each once that is known.
fn fault_options(gallery: &Gallery) -> Options {
    let split = gallery.query().split;
    let named = |fault: &Fault| {
        let count = gallery.faults().map(|faults| faults.count(*fault, split));
        let words = count.map_or(String::new(), |count| format!(" ({})", thousands(count)));
        (fault.key().to_owned(), format!("{}{words}", fault.name()))
    };
    with_all(Fault::ALL.iter().map(named).collect())
}

/// A list of which one is chosen.
#[component]
fn Choice(
    name: &'static str,
    options: Signal<Options>,
    chosen: Signal<String>,
    choose: fn(&mut Query, &str),
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let option = move |(key, words): (String, String)| {
        let this = key.clone();
        view! { <option value=key selected=move || chosen.get() == this prop:textContent=words></option> }
    };
    view! {
        <label class="filter">
            <span>{name}</span>
            <select prop:value=chosen
                on:change=move |event| desk.look(|query| choose(query, &event_target_value(&event)))>
                {move || options.get().into_iter().map(option).collect_view()}
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
    let least = Limit {
        id: "confidence-from",
        name: "Least confidence in percent",
        value: |query| query.surer_than.to_string(),
        set: |query, text| {
            query.surer_than = percent(text)?;
            Ok(())
        },
    };
    let most = Limit {
        id: "confidence-to",
        name: "Greatest confidence in percent",
        value: |query| query.less_sure_than.unwrap_or(100).to_string(),
        set: |query, text| {
            query.less_sure_than = Some(percent(text)?).filter(|percent| *percent < 100);
            Ok(())
        },
    };
    let loss = Limit {
        id: "loss-from",
        name: "Least loss",
        value: |query| (f64::from(query.loss_from) / 100.0).to_string(),
        set: |query, text| {
            query.loss_from = (100.0 * decimal_between(text, 0.0, 100.0)?).round() as u32;
            Ok(())
        },
    };
    let [(least, no_least), (most, no_most), (loss, no_loss)] =
        [least, most, loss].map(|limit| limit.field(query));
    view! {
        <span class="filter">
            <span>"Confidence, %"</span>
            <span class="range">{least} "–" {most}</span>
            {no_least} {no_most}
        </span>
        <span class="filter">
            <span>"Loss from"</span>
            {loss} {no_loss}
        </span>
    }
    .into_any()
}

fn percent(text: &str) -> Result<u8, String> {
    decimal_between(text, 0.0, 100.0).map(|percent| percent.round() as u8)
}

/// A number that the images are filtered by.
struct Limit {
    id: &'static str,
    name: &'static str,
    value: fn(&Query) -> String,
    set: fn(&mut Query, &str) -> Result<(), String>,
}

impl Limit {
    /// The field, and what is wrong with it: a field that holds nonsense changes nothing.
    fn field(self, query: Memo<Query>) -> (impl IntoView + use<>, impl IntoView + use<>) {
        let desk = expect_context::<Desk>();
        let Self {
            id,
            name,
            value,
            set,
        } = self;
        // What was refused, what is wrong with it, and the query then: another one does away with it.
        let refused = RwSignal::new(None::<(String, String, Query)>);
        let now = move || {
            refused
                .get()
                .filter(|(.., then)| query.with(|query| query == then))
        };
        let sentence = move || now().map(|(_, sentence, _)| sentence);
        let text = move || now().map_or_else(|| query.with(value), |(text, ..)| text);
        let enter = move |text: String| {
            let mut changed = query.get_untracked();
            match set(&mut changed, &text) {
                Ok(()) => {
                    refused.set(None);
                    desk.look(|query| *query = changed);
                }
                Err(sentence) => refused.set(Some((text, sentence, changed))),
            }
        };
        let input = number_input(
            id.to_owned(),
            Some(name),
            text,
            move || sentence().is_some(),
            enter,
        );
        (input, number_error(id.to_owned(), sentence))
    }
}

/// What the images are compared with, which part of the map they lie in, and the way back to all.
#[component]
fn Likeness(query: Memo<Query>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = move || query.with(words_of);
    let is_drawn = Memo::new(move |_| desk.session.with(|session| session.image().is_some()));
    let can_compare =
        move || is_drawn.get() && query.with(|query| query.like != Some(Like::Drawing));
    let everything = move |_| desk.look(|query| *query = query.unfiltered());
    view! {
        <span class="filter-end">
            <Show when=can_compare>
                <button type="button" class="action" on:click=move |_| desk.look(|query| query.like = Some(Like::Drawing))>
                    "Like my drawing"
                </button>
            </Show>
            <Show when=move || query.with(Query::filters)>
                <span class="quiet" data-testid="like" prop:textContent=words></span>
                <button type="button" class="action" on:click=everything>"Show all"</button>
            </Show>
        </span>
    }
    .into_any()
}

/// What no list of the filters shows.
fn words_of(query: &Query) -> String {
    let like = query.like.map(|like| match like {
        Like::Image(id) => format!("Like {}", id.key()),
        Like::Drawing => "Like your drawing".to_owned(),
    });
    let region = query
        .region
        .as_ref()
        .map(|_| "In a part of the map".to_owned());
    let words: Vec<String> = like.into_iter().chain(region).collect();
    words.join(", ")
}
