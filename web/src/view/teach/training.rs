//! The training: what is trained, one button, its course.

use super::chart::Course;
use super::settings::Advanced;
use crate::session::Device;
use crate::teach::lesson::Then;
use crate::teach::{Lesson, Phase, meter};
use crate::teach_desk::TeachDesk;
use crate::verdict::milliseconds;
use crate::view::gallery::thousands;
use leptos::prelude::*;
use model::architecture::Architecture;
use model::teach::Task;

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
    let said = Memo::new(move |_| desk.lesson.with(spoken));
    view! {
        <section class="training" aria-labelledby="training-title" data-phase=move || phase_key(&phase.get())
            data-step=move || steps().0 data-memory=memory data-device=move || desk.lesson.with(|lesson| lesson.device.key())>
            <div class="section-head">
                <h2 id="training-title">"Training"</h2>
                <p class="facts" data-testid="training-status" prop:textContent=move || desk.lesson.with(status)></p>
                <p class="facts" data-testid="training-left-gpu" role="status"
                    prop:textContent=move || desk.lesson.with(|lesson| lesson.left_gpu.clone())></p>
                <p class="unseen" role="status" prop:textContent=said></p>
            </div>
            <Tasks/>
            <div class="bar">
                // No button goes away when it is pressed: the focus would go with it.
                <button type="button" class="action primary"
                    on:click=move |_| if busy() { desk.tell(Lesson::pause) } else { desk.go(Then::Run) }
                    prop:textContent=move || match (busy(), waits()) {
                        (true, _) => "Pause",
                        (_, true) => "Go on",
                        _ => "Train",
                    }></button>
                {button("One step", busy, move || desk.go(Then::Step))}
                {button("Stop and keep", move || !(busy() || waits()), move || desk.tell(Lesson::end))}
                {button("Reset", move || phase.get() == Phase::Idle, move || desk.tell(Lesson::reset))}
                <progress aria-label="Steps done" max=move || steps().1 value=move || steps().0
                    hidden=move || steps().0 == 0></progress>
            </div>
            <Course/>
            <Advanced/>
        </section>
    }
}

/// A button that stays where it is when there is nothing for it to do.
fn button(
    name: &'static str,
    useless: impl Fn() -> bool + Copy + Send + Sync + 'static,
    press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button type="button" class="action" aria-disabled=move || useless().to_string()
            on:click=move |_| if !untrack(useless) { press() }>{name}</button>
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
        Phase::Ending => "ending",
        Phase::Paused => "paused",
        Phase::Done => "done",
        Phase::Stopped(_) => "stopped",
    }
}

/// What is trained: the net as it is on one's examples, or a net from scratch.
#[component]
fn Tasks() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let locked = move || {
        desk.lesson
            .with(|lesson| lesson.is_busy() || lesson.phase == Phase::Paused)
    };
    view! {
        <div class="tasks">
            <div class="choices" role="radiogroup" aria-label="What is trained">
                {task("The shipped network, on your examples", None)}
                {Architecture::ALL.map(|architecture| task(architecture.name(), Some(architecture))).collect_view()}
            </div>
            <p class="facts" prop:textContent=move || explanation(desk)></p>
        </div>
        <p class="facts" hidden=move || !locked()>"To train something else, stop or reset first."</p>
    }
}

fn task(name: &'static str, architecture: Option<Architecture>) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let chosen = move || {
        desk.settings
            .with(|settings| settings.scratch().map(|scratch| scratch.architecture) == architecture)
    };
    let choose = move |_| desk.choose_task(architecture);
    let locked = move || {
        desk.lesson
            .with(|lesson| lesson.is_busy() || lesson.phase == Phase::Paused)
    };
    view! {
        <label class="choice">
            <input type="radio" name="task" class="unseen" prop:checked=chosen disabled=locked on:change=choose/>
            {name}
            {architecture.is_some().then(|| view! { <small>"from scratch"</small> })}
        </label>
    }
}

fn explanation(desk: TeachDesk) -> String {
    desk.settings.with(|settings| match settings.task {
        Task::FineTune => "Fine-tuning: the network as it came learns your examples on top of what it knows; earlier trainings are not built on.".to_owned(),
        Task::FromScratch(scratch) => format!(
            "Random weights learn {} of Fashion-MNIST's training images, fetched once (26 MB); {} others are held out to validate on. The test images are for the end: \u{201c}Test\u{201d} below.",
            thousands(scratch.images()),
            thousands(scratch.validation_images)
        ),
    })
}

/// How the training goes, in words.
fn status(lesson: &Lesson) -> String {
    let (done, all) = (lesson.history.len(), lesson.settings.steps);
    let device = match lesson.device {
        Device::Cpu => "the CPU",
        Device::Gpu => "WebGPU",
    };
    // After a resume no step has been timed yet.
    let speed = lesson.steps_per_second().map(|speed| {
        let duration = milliseconds(lesson.step_milliseconds);
        format!("{duration} a step, {speed:.1} steps/s on {device}")
    });
    match &lesson.phase {
        Phase::Idle => {
            "Trains where drawings are read, in a worker of its own; drawing goes on meanwhile."
                .into()
        }
        Phase::Starting(_) => match lesson.fetched {
            Some(share) => format!("Fetching the training images: {:.0} %", 100.0 * share),
            None => "Getting ready \u{2026}".into(),
        },
        Phase::Running | Phase::Pausing | Phase::Ending => {
            let left = (all - done.min(all)) as f64 * lesson.step_milliseconds / 1e3;
            let speed = speed.map(|speed| format!(", {speed}, {left:.0} s left"));
            format!("Step {done} of {all}{}", speed.unwrap_or_default())
        }
        Phase::Paused => format!("Waits at step {done} of {all}."),
        Phase::Done => {
            let speed = speed.map(|speed| format!(" ({speed})"));
            result(lesson, done, &speed.unwrap_or_default())
        }
        Phase::Stopped(why) => why.clone(),
    }
}

/// The same for a screen reader, which is not told of every step.
fn spoken(lesson: &Lesson) -> String {
    match (&lesson.phase, lesson.marks.last()) {
        (Phase::Idle, _) => String::new(),
        (Phase::Running, Some(mark)) => format!("Training: step {}.", mark.step),
        (Phase::Running, None) => "Training.".into(),
        _ => status(lesson),
    }
}

fn result(lesson: &Lesson, steps: usize, speed: &str) -> String {
    let Some(mark) = lesson.marks.last() else {
        return "Done.".into();
    };
    let share = |right: u32, of: u32| 100.0 * f64::from(right) / f64::from(of.max(1));
    match lesson.settings.task {
        Task::FineTune => format!(
            "Done after {steps} steps: {} of {} examples are read right{speed}.",
            mark.right, mark.seen
        ),
        Task::FromScratch(_) => format!(
            "Done after {steps} steps: {:.1} % of the held-out images are read right, {:.1} % of the training images{speed}.",
            meter::accuracy(&mark.held_out),
            share(mark.right, mark.seen)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_speed_is_said_before_a_step_was_timed() {
        let mut lesson = Lesson::default();
        lesson.phase = Phase::Running;
        let words = status(&lesson);
        assert!(
            !words.contains("steps/s") && !words.contains("left"),
            "{words}"
        );
        lesson.step_milliseconds = 40.0;
        assert!(status(&lesson).contains("25.0 steps/s"));
    }
}
