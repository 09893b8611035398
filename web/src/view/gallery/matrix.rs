//! The confusion matrix; each cell leads to the images behind it.

use super::counts::thousands;
use crate::desk::Desk;
use crate::gallery::{Query, View};
use leptos::prelude::*;
use model::class::{CLASS_COUNT, CLASS_NAMES};

/// Which class was taken for which.
#[component]
pub(super) fn Matrix(
    /// How often: by label, then by prediction.
    counts: [[u64; CLASS_COUNT]; CLASS_COUNT],
) -> impl IntoView {
    let shares = RwSignal::new(false);
    let row = move |label: usize| {
        let of_class: u64 = counts[label].iter().sum();
        let cells = (0..CLASS_COUNT).map(move |predicted| {
            cell(label, predicted, counts[label][predicted], of_class, shares)
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row">{CLASS_NAMES[label]}</th>{cells}</tr> }
    };
    let heads = CLASS_NAMES.map(|name| view! { <th scope="col"><span>{name}</span></th> });
    view! {
        <section>
            <div class="wall-bar">
                <h3 id="confusion">"Confusion matrix"</h3>
                <label><input type="checkbox" prop:checked=move || shares.get()
                    on:change=move |event| shares.set(event_target_checked(&event))/> " in percent of each row"</label>
            </div>
            <p class="quiet">"Rows: the label. Columns: what the network says. A cell shows the images behind it."</p>
            <div class="wide">
                <table class="confusion" aria-labelledby="confusion" data-testid="matrix">
                    <thead><tr><td></td>{heads}</tr></thead>
                    <tbody>{(0..CLASS_COUNT).map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn cell(
    label: usize,
    predicted: usize,
    count: u64,
    of_class: u64,
    shares: RwSignal<bool>,
) -> AnyView {
    let desk = expect_context::<Desk>();
    let share = count as f64 / of_class.max(1) as f64;
    let open = move |_| {
        desk.look(|query| {
            *query = Query {
                view: View::Images,
                label: Some(label as u8),
                predicted: Some(predicted as u8),
                ..query.unfiltered()
            };
        });
    };
    let words = format!(
        "{count} {} taken for {}",
        CLASS_NAMES[label], CLASS_NAMES[predicted]
    );
    let text = move || match (shares.get(), count) {
        (_, 0) => "·".to_owned(),
        (true, _) => format!("{:.1}", 100.0 * share),
        (false, _) => thousands(count as usize),
    };
    view! {
        <td class:right=label == predicted data-count=count.to_string() style:--share=format!("{:.3}", share.sqrt())>
            <button type="button" aria-label=words.clone() title=words on:click=open prop:textContent=text></button>
        </td>
    }
    .into_any()
}
