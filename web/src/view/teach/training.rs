//! The training: one button, its course, and the settings for those who want them.

use super::chart::Course;
use crate::teach::lesson::Then;
use crate::teach::{Lesson, Phase};
use crate::teach_desk::TeachDesk;
use crate::verdict::milliseconds;
use leptos::prelude::*;
use model::teach::{Layers, Optimiser, Settings};

/// The panel.
#[component]
pub(super) fn Training() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let phase = Memo::new(move |_| desk.lesson.with(|lesson| lesson.phase.clone()));
    let busy = move || desk.lesson.with(Lesson::is_busy);
    let waits = move || phase.get() == Phase::Paused;
    let steps = move || {
        desk.lesson
            .with(|lesson| (lesson.history.len(), lesson.settings.steps))
    };
    let memory = move || desk.lesson.with(memories);
    view! {
        <section class="training" aria-labelledby="training-title" data-phase=move || phase_key(&phase.get())
            data-step=move || steps().0 data-memory=memory>
            <div class="section-head">
                <h2 id="training-title">"Training"</h2>
                <p class="facts" role="status" data-testid="training-status">{move || desk.lesson.with(status)}</p>
            </div>
            <div class="bar">
                <button type="button" class="action primary" hidden=busy on:click=move |_| desk.go(Then::Run)>
                    {move || if waits() { "Go on" } else { "Train" }}
                </button>
                <button type="button" class="action" hidden=move || !busy()
                    on:click=move |_| desk.tell(Lesson::pause)>"Pause"</button>
                <button type="button" class="action" hidden=busy on:click=move |_| desk.go(Then::Step)>"One step"</button>
                <button type="button" class="action" hidden=move || !(busy() || waits())
                    on:click=move |_| desk.tell(Lesson::stop)>"Stop and forget"</button>
                <progress aria-label="Steps done" max=move || steps().1 value=move || steps().0
                    hidden=move || steps().0 == 0></progress>
            </div>
            <Course/>
            <Advanced/>
        </section>
    }
}

/// What memory the worker had taken at each mark, for tests and benches: it must not grow.
fn memories(lesson: &Lesson) -> String {
    let bytes = lesson
        .marks
        .iter()
        .map(|mark| mark.memory_bytes.to_string());
    bytes.collect::<Vec<_>>().join(" ")
}

fn phase_key(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Starting(_) => "starting",
        Phase::Running => "running",
        Phase::Pausing => "pausing",
        Phase::Paused => "paused",
        Phase::Done => "done",
        Phase::Stopped(_) => "stopped",
    }
}

/// How the training goes, in words.
fn status(lesson: &Lesson) -> String {
    let (done, all) = (lesson.history.len(), lesson.settings.steps);
    let speed = || format!("{} a step", milliseconds(lesson.step_milliseconds));
    match &lesson.phase {
        Phase::Idle => {
            "Trains on the CPU in a worker of its own; drawing goes on meanwhile.".into()
        }
        Phase::Starting(_) => "Getting ready …".into(),
        Phase::Running | Phase::Pausing => {
            let left = (all - done.min(all)) as f64 * lesson.step_milliseconds / 1e3;
            format!("Step {done} of {all}, {}, {left:.0} s left", speed())
        }
        Phase::Paused => format!("Waits at step {done} of {all}."),
        Phase::Done => {
            let right = lesson.marks.last().map_or(0, |mark| mark.right);
            format!(
                "Done: {right} of {} examples are read right ({}).",
                lesson.examples.len(),
                speed()
            )
        }
        Phase::Stopped(why) => why.clone(),
    }
}

/// The settings, folded away.
#[component]
fn Advanced() -> impl IntoView {
    view! {
        <details class="advanced">
            <summary>"Settings"</summary>
            <div class="fields">
                {choice("Layers that learn", Layers::CHOICES.map(Layers::name).to_vec(), |s| s.layers.name(), |s, value| if let Ok(layers) = value.parse() { s.layers = layers })}
                {choice("Optimiser", Optimiser::CHOICES.map(Optimiser::name).to_vec(), |s| s.optimiser.name(), |s, value| if let Ok(optimiser) = value.parse() { s.optimiser = optimiser })}
                {number("Learning rate", |s| s.learning_rate, |s, value| s.learning_rate = value)}
                {number("Images in a step", |s| s.batch_size as f64, |s, value| s.batch_size = value as usize)}
                {number("Steps", |s| s.steps as f64, |s, value| s.steps = value as usize)}
                {number("Share of originals", |s| s.replay_share, |s, value| s.replay_share = value)}
                {number("Distillation", |s| s.distillation, |s, value| s.distillation = value)}
                {number("Strength", |s| s.strength, |s, value| s.strength = value)}
                {number("Seed", |s| s.seed as f64, |s, value| s.seed = value as u64)}
                <Varied/>
            </div>
            <Reset/>
        </details>
    }
}

#[component]
fn Varied() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    view! {
        <label class="tick">
            <input type="checkbox" prop:checked=move || desk.settings.with(|s| s.augment)
                on:change=move |event| desk.settings.update(|s| s.augment = event_target_checked(&event))/>
            "Vary the examples"
        </label>
    }
}

#[component]
fn Reset() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    view! {
        <p class="facts">
            "Originals are photos and made-up drawings that are mixed in against forgetting; distillation keeps what the "
            "network said of them before. Strength: how far the result goes from the network as it was (0) to the one that "
            "learnt (1)."
        </p>
        <button type="button" class="action" on:click=move |_| desk.settings.set(Settings::default())>"As usual"</button>
    }
}

fn number(
    name: &'static str,
    get: fn(&Settings) -> f64,
    set: fn(&mut Settings, f64),
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
