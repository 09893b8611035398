//! What the training cost: the held-out images before and now.

use super::matrix::matrix_difference;
use crate::teach::{Field, Lesson, meter};
use crate::teach_desk::TeachDesk;
use crate::view::number::{number_error, number_input};
use leptos::prelude::*;
use model::class::CLASS_NAMES;
use protocol::teach::Counts;

/// The forgetting meter.
#[component]
pub(super) fn Cost() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let from_scratch = move || desk.settings.with(|settings| settings.scratch().is_some());
    let sentence = move || desk.fields.with(|fields| fields.sentence(Field::Limit));
    let measured = Memo::new(move |_| desk.lesson.with(|lesson| lesson.change().is_some()));
    let title = move || {
        // The figures below are those of the last training, whatever is chosen for the next one.
        let last_was = move || {
            desk.lesson
                .with(|lesson| lesson.settings.scratch().is_some())
        };
        if (measured.get() && last_was()) || (!measured.get() && from_scratch()) {
            "Beside the shipped network"
        } else {
            "What it costs"
        }
    };
    let counts = move || {
        desk.lesson
            .with(|lesson| Some((lesson.before?, lesson.marks.last()?.held_out)))
    };
    view! {
        <section class="cost" aria-labelledby="cost-title">
            <div class="section-head">
                <h2 id="cost-title" prop:textContent=title></h2>
                <p class="facts" role="status" data-testid="cost" prop:textContent=move || desk.lesson.with(summary)></p>
            </div>
            <label class="limit" hidden=from_scratch>"Stop by itself and go back when more is forgotten than "
                {number_input(Field::Limit.id(), None, move || desk.text(Field::Limit), move || sentence().is_some(), move |text| desk.enter(Field::Limit, text))}
                " points"
            </label>
            {number_error(Field::Limit.id(), sentence)}
            <div class="scroll" hidden=move || !measured.get()>
                <table>
                    <caption class="unseen">"F1 of each class on the held-out photos, with the shipped network and now"</caption>
                    <thead><tr>
                        <th scope="col">"Class"</th><th scope="col">"F1 as shipped"</th><th scope="col">"now"</th>
                        <th scope="col">"Change"</th><th scope="col">"Taken more for"</th>
                    </tr></thead>
                    <tbody>{move || desk.lesson.with(rows)}</tbody>
                </table>
            </div>
            {matrix_difference("Confusion matrix: what has changed", counts)}
        </section>
    }
}

fn summary(lesson: &Lesson) -> String {
    let (Some(before), Some(mark)) = (&lesson.before, lesson.marks.last()) else {
        return "Photos that the network has never learnt are read before, during and after."
            .into();
    };
    let (before, now) = (meter::accuracy(before), meter::accuracy(&mark.held_out));
    format!(
        "Held-out photos: {before:.1} % as shipped, {now:.1} % at step {} ({:+.1} points)",
        mark.step,
        now - before
    )
}

fn rows(lesson: &Lesson) -> Option<impl IntoView + use<>> {
    Some(class_rows(&lesson.before?, &lesson.marks.last()?.held_out))
}

/// A row a class: F1 with one net, with the other, and what it is taken for more often by the other.
pub(super) fn class_rows(before: &Counts, now: &Counts) -> impl IntoView + use<> {
    let row = |(class, change): (usize, meter::Change)| {
        let mistaken = change
            .mistaken
            .map(|(other, more)| format!("{} (+{more})", CLASS_NAMES[other]));
        let points = 100.0 * (change.now - change.before);
        view! {
            <tr class:worse=move || points < -1.0>
                <th scope="row">{CLASS_NAMES[class]}</th>
                <td prop:textContent=format!("{:.1}", 100.0 * change.before)></td>
                <td prop:textContent=format!("{:.1}", 100.0 * change.now)></td>
                <td prop:textContent=format!("{points:+.1}")></td>
                <td prop:textContent=mistaken></td>
            </tr>
        }
    };
    let changes = meter::changes(before, now).into_iter();
    changes.enumerate().map(row).collect_view()
}
