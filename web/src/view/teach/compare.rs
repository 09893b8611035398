//! Two nets compared: settings, F1 class by class, confusion.

use super::matrix::matrix_difference;
use super::meter::class_rows;
use crate::teach::comparison::{Comparison, compare};
use crate::teach::{Subject, meter};
use crate::teach_desk::TeachDesk;
use leptos::prelude::*;

/// Two choices, and how the nets differ. Nothing while there is no training to compare.
#[component]
pub(super) fn Compare() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let second = RwSignal::new(None::<Subject>);
    let first = RwSignal::new(None::<u32>);
    // Unless somebody chooses, the newest one is compared.
    let newest = move || {
        desk.runs
            .with(|runs| runs.newest_first().first().map(|run| run.id))
    };
    let chosen = move || [first.get(), second.get().unwrap_or_else(newest)];
    let comparison = Memo::new(move |_| desk.runs.with(|runs| compare(runs, chosen())));
    let counts =
        move || comparison.with(|c| c.read.as_ref().map(|read| (read.counts[0], read.counts[1])));
    view! {
        <section class="compare" aria-labelledby="compare-title" hidden=move || newest().is_none()>
            <div class="section-head">
                <h2 id="compare-title">"Compare"</h2>
                <p class="facts" role="status" data-testid="comparison" prop:textContent=move || comparison.with(summary)></p>
            </div>
            <div class="bar">
                {select("This network", move || chosen()[0], move |subject| first.set(subject))}
                {select("with this one", move || chosen()[1], move |subject| second.set(Some(subject)))}
            </div>
            <div class="scroll" hidden=move || comparison.with(|c| c.settings.is_empty())>
                <table>
                    <caption class="unseen">"The settings in which they differ"</caption>
                    <thead><tr><th scope="col">"Setting"</th><th scope="col">"The first"</th><th scope="col">"The second"</th></tr></thead>
                    <tbody>{move || comparison.with(settings)}</tbody>
                </table>
            </div>
            <div class="scroll" hidden=move || counts().is_none()>
                <table>
                    <caption class="unseen">"F1 of each class with the two networks"</caption>
                    <thead><tr>
                        <th scope="col">"Class"</th><th scope="col">"F1, the first"</th><th scope="col">"the second"</th>
                        <th scope="col">"Change"</th><th scope="col">"Taken more for"</th>
                    </tr></thead>
                    <tbody>{move || counts().map(|(first, second)| class_rows(&first, &second))}</tbody>
                </table>
            </div>
            {matrix_difference("Confusion matrix: how they differ", counts)}
        </section>
    }
}

fn select(
    label: &'static str,
    chosen: impl Fn() -> Subject + Send + Sync + Copy + 'static,
    choose: impl Fn(Subject) + Copy + 'static,
) -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let options = move || {
        let runs = desk.runs.with(|runs| runs.newest_first());
        let runs = runs
            .into_iter()
            .map(|run| (Some(run.id), run.description()));
        let all = [(None, "as it came".to_owned())].into_iter().chain(runs);
        all.map(|(subject, words)| {
            let number = subject.map_or(String::new(), |id| format!("{id}: "));
            view! {
                <option value=subject.unwrap_or(0).to_string() selected=move || chosen() == subject
                    prop:textContent=format!("{number}{words}")></option>
            }
        })
        .collect_view()
    };
    let change = move |event| {
        // Runs are counted from 1.
        let id = event_target_value(&event).parse().unwrap_or(0);
        choose((id > 0).then_some(id));
    };
    view! { <label>{label} " " <select on:change=change>{options}</select></label> }
}

fn summary(comparison: &Comparison) -> String {
    let Some(read) = &comparison.read else {
        return "They have not read the same images yet: press \u{201c}Test\u{201d} for both."
            .into();
    };
    let [first, second] = [0, 1].map(|net: usize| meter::accuracy(&read.counts[net]));
    format!(
        "On {}: {first:.2} % and {second:.2} % ({:+.2} points)",
        read.images,
        second - first
    )
}

fn settings(comparison: &Comparison) -> impl IntoView + use<> {
    let row = |(name, first, second): &(&'static str, String, String)| {
        view! { <tr><th scope="row" prop:textContent=*name></th><td prop:textContent=first.clone()></td><td prop:textContent=second.clone()></td></tr> }
    };
    comparison.settings.iter().map(row).collect_view()
}
