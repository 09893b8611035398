//! How two confusion matrices differ, as a table: more or fewer images in each cell.

use leptos::prelude::*;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use protocol::teach::Counts;

/// The second one's images minus the first one's, folded away under `title`. Nothing while there are none.
pub(super) fn matrix_difference(
    title: &'static str,
    counts: impl Fn() -> Option<(Counts, Counts)> + Send + Sync + Copy + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let heads = CLASS_NAMES.map(|name| view! { <th scope="col"><span>{name}</span></th> });
    let rows = move || {
        // A hundred cells are not made anew at every mark for nobody to see.
        let (before, now) = counts().filter(|_| open.get())?;
        Some(
            (0..CLASS_COUNT)
                .map(|label| row(label, &before, &now))
                .collect_view(),
        )
    };
    view! {
        <details class="difference" hidden=move || counts().is_none() on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>{title}</summary>
            <p class="facts">"Rows: the label. Columns: what the network says. More images in a cell than before, or fewer."</p>
            <div class="scroll">
                <table>
                    <caption class="unseen">{title}</caption>
                    <thead><tr><td></td>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn row(label: usize, before: &Counts, now: &Counts) -> impl IntoView + use<> {
    let cells = (0..CLASS_COUNT).map(|predicted| {
        let more = i64::from(now[label][predicted]) - i64::from(before[label][predicted]);
        let good = (more > 0) == (label == predicted);
        let text = match more {
            0 => "·".to_owned(),
            more => format!("{more:+}"),
        };
        view! { <td class:good=more != 0 && good class:bad=more != 0 && !good prop:textContent=text></td> }
    });
    view! { <tr><th scope="row">{CLASS_NAMES[label]}</th>{cells.collect_view()}</tr> }
}
