//! How far the data are, and how far the net is with them.

use super::counts::{exact_percent, images, thousands};
use crate::desk::Desk;
use crate::gallery::{Gallery, Stock};
use leptos::prelude::*;
use model::published::Split;

/// What a part is called.
pub(super) fn part_name(split: Split) -> &'static str {
    match split {
        Split::Train => "Training set",
        Split::Test => "Test set",
    }
}

/// Both parts: here, on the way, or to be had.
#[component]
pub(super) fn Stocks() -> impl IntoView {
    view! {
        <div class="stocks">{[Split::Test, Split::Train].map(|split| view! { <PartStock split/> })}</div>
    }
    .into_any()
}

#[component]
fn PartStock(split: Split) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let stock = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| gallery.collection().stock(split).clone())
    });
    let name = part_name(split);
    let size = images(split.count());
    let bring = move |_| desk.gallery(|gallery| gallery.bring(split));
    let button = move |words: String| {
        view! { <button type="button" class="action" on:click=bring prop:textContent=words></button> }
    };
    let megabytes = (split.images().packed_bytes as f64 / 1e6).round();
    let state = move || {
        match stock.get() {
        Stock::Absent => button(format!("Get the {} ({megabytes} MB)", name.to_lowercase())).into_any(),
        Stock::Fetching(share) => view! {
            <label>{name} " is being fetched " <progress max="1" value=share.to_string()></progress></label>
        }
        .into_any(),
        Stock::Unpacking => view! { <span prop:textContent=format!("{name} is being unpacked …")></span> }.into_any(),
        Stock::Here => view! { <span prop:textContent=format!("{name}: {size}")></span> }.into_any(),
        Stock::Failed(sentence) => view! {
            <span class="trouble" role="alert" prop:textContent=sentence></span> {button("Try again".to_owned())}
        }
        .into_any(),
    }
    };
    view! { <div class="stock" data-part=split.name()>{state}</div> }
}

/// Has the net look at the images, tells how far it is, and what came of it.
#[component]
pub(super) fn SurveyBar() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let say =
        move |what: fn(&Gallery) -> Option<String>| Memo::new(move |_| desk.gallery.with(what));
    let running = say(progress_words);
    let share = Memo::new(move |_| desk.gallery.with(progress_share));
    let left = Memo::new(move |_| desk.gallery.with(unclassified));
    let found = say(result_words);
    let trouble = say(|gallery| gallery.trouble().map(str::to_owned));
    let start = move || {
        view! {
            <button type="button" class="action" on:click=move |_| desk.gallery(Gallery::classify)
                prop:textContent=move || format!("Classify {}", images(left.get()))></button>
        }
    };
    let stop = move || {
        view! {
            <label><span data-testid="survey" prop:textContent=running></span> " "
                <progress max="1" value=move || share.get().to_string()></progress></label>
            <button type="button" class="action" on:click=move |_| desk.gallery(Gallery::stop)>"Stop"</button>
        }
    };
    let is_running = Memo::new(move |_| running.with(Option::is_some));
    view! {
        <div class="stock">
            <Show when=move || is_running.get() fallback=move || (left.get() > 0).then(start)>{stop()}</Show>
            <span role="status" data-testid="found" prop:textContent=found></span>
            {move || trouble.get().map(|sentence| view! { <span class="trouble" role="alert" prop:textContent=sentence></span> })}
        </div>
    }
    .into_any()
}

/// How many of the chosen images are here and have not been looked at.
fn unclassified(gallery: &Gallery) -> usize {
    let here: usize = Split::BOTH
        .into_iter()
        .filter(|split| gallery.query().split.is_none_or(|wanted| wanted == *split))
        .filter(|split| *gallery.collection().stock(*split) == Stock::Here)
        .map(Split::count)
        .sum();
    here.saturating_sub(gallery.classified_in_part())
}

fn progress_share(gallery: &Gallery) -> f64 {
    let Some(survey) = gallery.survey() else {
        return 0.0;
    };
    let (done, all) = survey.progress();
    done as f64 / all.max(1) as f64
}

fn progress_words(gallery: &Gallery) -> Option<String> {
    let survey = gallery.survey()?;
    let (done, all) = survey.progress();
    let rate = survey.images_per_second().map_or(String::new(), |rate| {
        format!(", {} a second", thousands(rate.round() as usize))
    });
    Some(format!("{} of {}{rate}", thousands(done), images(all)))
}

/// The accuracy once all is done; figures that move with each image would only distract.
fn result_words(gallery: &Gallery) -> Option<String> {
    let count = gallery.classified_in_part();
    if gallery.survey().is_some() || count == 0 {
        return None;
    }
    let accuracy = exact_percent(gallery.evaluation().matrix.accuracy());
    Some(format!("{accuracy} of {} right", images(count)))
}
