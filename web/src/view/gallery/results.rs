//! How good the net is on the chosen images: figures, matrix, reliability.

use super::comparison::Comparison;
use super::counts::{exact_percent, images, thousands};
use super::matrix::Matrix;
use crate::desk::Desk;
use crate::gallery::Evaluation;
use leptos::prelude::*;
use model::calibration::{Bin, expected_calibration_error};
use model::class::CLASS_NAMES;
use model::metrics::ClassReport;

/// The side of the reliability diagram, in its own units.
const SIDE: f64 = 200.0;

/// All figures; what to do while there are none.
#[component]
pub(super) fn Results() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let evaluation = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| (gallery.classified_in_part() > 0).then(|| gallery.evaluation()))
    });
    move || {
        match evaluation.get() {
        None => view! {
            <p class="quiet">
                "The network has not looked at these images yet. “Classify” above has it do so; one may go on drawing meanwhile."
            </p>
        }
        .into_any(),
        Some(evaluation) => figures(&evaluation),
    }
    }
}

fn figures(evaluation: &Evaluation) -> AnyView {
    let total = evaluation.matrix.total() as usize;
    let bins = evaluation.bins();
    let summary = format!(
        "{} of {} right; expected calibration error {}",
        exact_percent(evaluation.matrix.accuracy()),
        images(total),
        exact_percent(expected_calibration_error(&bins)),
    );
    let report = table(evaluation);
    let reliability = reliability(&bins);
    view! {
        <div class="results">
            <p class="accuracy" data-testid="accuracy" prop:textContent=summary></p>
            <Matrix counts=*evaluation.matrix.counts()/>
            <Comparison/>
            {report}
            {reliability}
        </div>
    }
    .into_any()
}

/// Precision, recall and F1 of each class.
fn table(evaluation: &Evaluation) -> AnyView {
    let row = |name: &'static str, report: &ClassReport| {
        let ClassReport {
            precision,
            recall,
            f1,
            support,
        } = *report;
        let figures = [precision, recall, f1]
            .map(|figure| view! { <td prop:textContent=format!("{figure:.4}")></td> });
        view! { <tr><th scope="row">{name}</th>{figures}<td prop:textContent=thousands(support as usize)></td></tr> }
    };
    let classes = evaluation.matrix.per_class();
    let rows = CLASS_NAMES
        .iter()
        .zip(&classes)
        .map(|(name, report)| row(name, report));
    let rows = rows.collect_view();
    let average = row("Mean", &evaluation.matrix.macro_average());
    view! {
        <section>
            <h3 id="by-class">"By class"</h3>
            <div class="wide"><table class="figures" aria-labelledby="by-class" data-testid="report">
                <thead><tr>
                    <th scope="col">"Class"</th><th scope="col">"Precision"</th><th scope="col">"Recall"</th>
                    <th scope="col">"F1"</th><th scope="col">"Images"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot>{average}</tfoot>
            </table></div>
        </section>
    }
    .into_any()
}

/// Whether the net is right as often as it says, as a picture and as a table.
fn reliability(bins: &[Bin]) -> AnyView {
    let width = SIDE / bins.len() as f64;
    let bar = |(index, bin): (usize, &Bin)| {
        let height = SIDE * bin.accuracy;
        let words = format!(
            "{} images, {} sure on average, {} right",
            thousands(bin.count as usize),
            exact_percent(bin.confidence),
            exact_percent(bin.accuracy)
        );
        view! {
            <rect x=format!("{:.1}", index as f64 * width + 1.0) y=format!("{:.1}", SIDE - height)
                width=format!("{:.1}", width - 2.0) height=format!("{height:.1}")><title prop:textContent=words></title></rect>
        }
    };
    let row = |bin: &Bin| {
        view! {
            <tr><td prop:textContent=exact_percent(bin.confidence)></td><td prop:textContent=exact_percent(bin.accuracy)></td>
                <td prop:textContent=thousands(bin.count as usize)></td></tr>
        }
    };
    let filled = || bins.iter().filter(|bin| bin.count > 0);
    let bars = bins.iter().enumerate().map(bar).collect_view();
    let rows = filled().map(row).collect_view();
    view! {
        <section>
            <h3>"Reliability"</h3>
            <p class="quiet">"Each bar holds the images of one stretch of confidence; up to the line, the network is right as often as it says."</p>
            <svg class="reliability" viewBox="-2 -2 204 204" role="img" aria-label="Reliability diagram; the same figures stand in the table below">
                {bars}
                <path d="M0 200 200 0"/>
            </svg>
            <details class="numbers">
                <summary>"The same as a table"</summary>
                <table class="figures">
                    <thead><tr><th scope="col">"Confidence"</th><th scope="col">"Right"</th><th scope="col">"Images"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
    .into_any()
}
