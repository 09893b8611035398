//! The settings, folded away, for those who want them.

use crate::teach_desk::TeachDesk;
use leptos::prelude::*;
use model::teach::{Layers, Optimiser, Scratch, Settings, Task};

/// The settings of the chosen task.
#[component]
pub(super) fn Advanced() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let scratch = Memo::new(move |_| desk.settings.with(|s| s.scratch().is_some()));
    view! {
        <details class="advanced">
            <summary>"Settings"</summary>
            <div class="fields">
                {move || (!scratch.get()).then(|| choice("Layers that learn", Layers::CHOICES.map(Layers::name).to_vec(), |s| s.layers.name(), |s, value| if let Ok(layers) = value.parse() { s.layers = layers }))}
                {choice("Optimiser", Optimiser::CHOICES.map(Optimiser::name).to_vec(), |s| s.optimiser.name(), |s, value| if let Ok(optimiser) = value.parse() { s.optimiser = optimiser })}
                {number("Learning rate", |s| s.learning_rate, |s, value| s.learning_rate = value)}
                {number("Images in a step", |s| s.batch_size as f64, |s, value| s.batch_size = value as usize)}
                {number("Steps", |s| s.steps as f64, |s, value| s.steps = value as usize)}
                {move || if scratch.get() { of_scratch().into_any() } else { of_fine_tuning().into_any() }}
                {number("Seed", |s| s.seed as f64, |s, value| s.seed = value as u64)}
                <Varied/>
            </div>
            <p class="facts" prop:textContent=move || epochs(desk)></p>
            <p class="facts" hidden=scratch>
                "Originals are photos and made-up drawings that are mixed in against forgetting; distillation keeps what the "
                "network said of them before. Strength: how far the result goes from the network as it was (0) to the one that "
                "learnt (1)."
            </p>
            <button type="button" class="action" on:click=move |_| desk.settings.update(as_usual)>"As usual"</button>
        </details>
    }
}

fn of_fine_tuning() -> impl IntoView {
    view! {
        {number("Share of originals", |s| s.replay_share, |s, value| s.replay_share = value)}
        {number("Distillation", |s| s.distillation, |s, value| s.distillation = value)}
        {number("Strength", |s| s.strength, |s, value| s.strength = value)}
    }
}

fn of_scratch() -> impl IntoView {
    let change = |settings: &mut Settings, change: &dyn Fn(&mut Scratch)| {
        if let Task::FromScratch(scratch) = &mut settings.task {
            change(scratch);
        }
    };
    let images = |s: &Settings| s.scratch().map_or(0.0, |s| s.images() as f64);
    let held_out = |s: &Settings| s.scratch().map_or(0.0, |s| s.validation_images as f64);
    view! {
        {number("Training images", images, move |s, value| change(s, &|s| s.train_images = value as usize))}
        {number("Held out for validation", held_out, move |s, value| change(s, &|s| s.validation_images = value as usize))}
    }
}

fn as_usual(settings: &mut Settings) {
    *settings = match settings.scratch() {
        Some(scratch) => Settings::from_scratch(scratch.architecture),
        None => Settings::default(),
    };
}

/// How often each image comes up, in words.
fn epochs(desk: TeachDesk) -> String {
    let examples = desk.tray.with(|tray| tray.len());
    desk.settings.with(|settings| {
        let (images, what) = match settings.scratch() {
            Some(scratch) => (scratch.images(), "training image"),
            None => (examples, "example"),
        };
        match images {
            0 => String::new(),
            images => format!(
                "Each {what} comes up {:.1} times (epochs).",
                settings.epochs(images)
            ),
        }
    })
}

#[component]
fn Varied() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    view! {
        <label class="tick">
            <input type="checkbox" prop:checked=move || desk.settings.with(|s| s.augment)
                on:change=move |event| desk.settings.update(|s| s.augment = event_target_checked(&event))/>
            "Vary the images"
        </label>
    }
}

fn number(
    name: &'static str,
    get: impl Fn(&Settings) -> f64 + Copy + Send + Sync + 'static,
    set: impl Fn(&mut Settings, f64) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let change = move |event| {
        if let Ok(value) = event_target_value(&event).parse() {
            desk.settings.update(|settings| set(settings, value));
        }
    };
    view! {
        <label><span>{name}</span>
            <input type="number" step="any" min="0" prop:value=move || desk.settings.with(get).to_string() on:change=change/>
        </label>
    }
}

fn choice(
    name: &'static str,
    values: Vec<&'static str>,
    get: fn(&Settings) -> &'static str,
    set: fn(&mut Settings, &str),
) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let options = values
        .into_iter()
        .map(|value| view! { <option value=value>{value}</option> })
        .collect_view();
    view! {
        <label><span>{name}</span>
            <select prop:value=move || desk.settings.with(get)
                on:change=move |event| desk.settings.update(|settings| set(settings, &event_target_value(&event)))>
                {options}
            </select>
        </label>
    }
}
