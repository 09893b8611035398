//! The course of a training: two charts, and the same figures as a table.

use crate::teach::chart::{HEIGHT, WIDTH, line, smoothed, thinned};
use crate::teach::{Lesson, meter};
use crate::teach_desk::TeachDesk;
use leptos::prelude::*;

/// About so many rows the table has.
const ROWS: usize = 24;

/// Loss, and shares read right.
#[component]
pub(super) fn Course() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let open = RwSignal::new(false);
    let learnt = move || {
        desk.lesson.with(|lesson| match lesson.settings.scratch() {
            None => "examples, as varied",
            Some(_) => "training images",
        })
    };
    let started = Memo::new(move |_| desk.lesson.with(|lesson| !lesson.history.is_empty()));
    let steps = move || desk.lesson.with(|lesson| lesson.settings.steps);
    let top = move || desk.lesson.with(top_loss);
    let loss = move || desk.lesson.with(loss_line);
    let examples = move || desk.lesson.with(examples_line);
    let held_out = move || desk.lesson.with(held_out_line);
    view! {
        <div class="course" hidden=move || !started.get()>
            <figure>
                <figcaption>"Loss"</figcaption>
                {plane(move || format!("{:.1}", top()), steps, "Loss by step", view! {
                    <polyline class="own" points=loss/>
                })}
            </figure>
            <figure>
                <figcaption>
                    "Read right: " <span class="key own" prop:textContent=learnt></span> " " <span class="key kept">"held-out photos"</span>
                </figcaption>
                {plane(|| "100 %".to_owned(), steps, "Share read right by step", view! {
                    <polyline class="own" points=examples/>
                    <polyline class="kept" points=held_out/>
                })}
            </figure>
            <details on:toggle=move |_| open.update(|open| *open = !*open)>
                <summary>"The figures as a table"</summary>
                <div class="scroll">
                    <table>
                        <thead><tr><th scope="col">"Step"</th><th scope="col">"Loss"</th><th scope="col">"Batch right"</th><th scope="col">"Held-out right"</th></tr></thead>
                        <tbody>{move || open.get().then(|| desk.lesson.with(rows))}</tbody>
                    </table>
                </div>
            </details>
        </div>
    }
}

fn plane(
    top: impl Fn() -> String + Send + 'static,
    steps: impl Fn() -> usize + Send + 'static,
    name: &'static str,
    lines: impl IntoView + 'static,
) -> impl IntoView {
    view! {
        <div class="plane">
            <span class="top" aria-hidden="true" prop:textContent=top></span>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=name>
                {lines}
            </svg>
            <span class="left" aria-hidden="true">"0"</span>
            <span class="right" aria-hidden="true" prop:textContent=move || format!("{} steps", steps())></span>
        </div>
    }
}

fn top_loss(lesson: &Lesson) -> f64 {
    let losses = lesson
        .history
        .iter()
        .map(|progress| f64::from(progress.loss));
    losses.fold(1.0, f64::max).ceil()
}

fn loss_line(lesson: &Lesson) -> String {
    let losses: Vec<f64> = lesson.history.iter().map(|p| f64::from(p.loss)).collect();
    by_step(lesson, &smoothed(&losses), top_loss(lesson))
}

fn examples_line(lesson: &Lesson) -> String {
    let share = |p: &model::teach::Progress| f64::from(p.right) / f64::from(p.examples.max(1));
    let shares: Vec<f64> = lesson.history.iter().map(share).collect();
    by_step(lesson, &smoothed(&shares), 1.0)
}

fn by_step(lesson: &Lesson, values: &[f64], top: f64) -> String {
    line(thinned(values), lesson.settings.steps as f64, top)
}

fn held_out_line(lesson: &Lesson) -> String {
    line(lesson.held_out(), lesson.settings.steps as f64, 100.0)
}

fn rows(lesson: &Lesson) -> impl IntoView + use<> {
    let every = (lesson.history.len() / ROWS).max(1).next_multiple_of(10);
    let chosen = lesson
        .history
        .iter()
        .filter(|p| p.step == 1 || (p.step as usize).is_multiple_of(every));
    chosen
        .map(|progress| {
            // The last look at the held-out photos up to this step.
            let mark = lesson
                .marks
                .iter()
                .rev()
                .find(|mark| mark.step <= progress.step);
            view! {
                <tr>
                    <th scope="row" prop:textContent=progress.step></th>
                    <td prop:textContent=format!("{:.3}", progress.loss)></td>
                    <td prop:textContent=format!("{} of {}", progress.right, progress.examples)></td>
                    <td prop:textContent=mark.map(|mark| format!("{:.1} %", meter::accuracy(&mark.held_out)))></td>
                </tr>
            }
        })
        .collect_view()
}
