//! Two nets side by side: what changed from right to wrong, and back.

use super::counts::thousands;
use crate::desk::Desk;
use crate::gallery::{Change, Gallery, Kind, Query, View};
use leptos::prelude::*;
use model::mcnemar::{p_text, p_value};

/// Below this p-value a difference is not taken for chance.
const SIGNIFICANT: f64 = 0.05;

/// What the net that answers now made of the images, beside the one before; how to get there while
/// only one has looked at them.
#[component]
pub(super) fn Comparison() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let changes = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| Some((names(gallery)?, gallery.changes()?)))
    });
    view! {
        <section data-testid="comparison">
            <h3 id="comparison">"Two networks"</h3>
            {move || match changes.get() {
                None => view! {
                    <p class="quiet">"When another network has looked at the same images – teach one, or take an earlier one back, in the room Teach, then classify again – this shows which images it reads better and which worse."</p>
                }.into_any(),
                Some((names, counts)) => compared(names, counts),
            }}
        </section>
    }
    .into_any()
}

/// The nets' names: of the one before, and of the one that answers now.
fn names(gallery: &Gallery) -> Option<[&'static str; 2]> {
    let nets = gallery.nets();
    Some([nets.before()?.net.name(), nets.now().net.name()])
}

fn compared([before, now]: [&'static str; 2], counts: [usize; 4]) -> AnyView {
    let [both, lost, won, neither] = counts;
    let cell = |change: Change| {
        let count = thousands(counts[change as usize]);
        let words = format!("{count} {}", change.name());
        view! { <td><button type="button" aria-label=words on:click=open(change) prop:textContent=count></button></td> }
    };
    view! {
        <p prop:textContent=summary(both + won, both + lost, before, now, lost, won)></p>
        <div class="wide"><table class="confusion changes" aria-labelledby="comparison" data-testid="changes"
            data-counts=format!("{both} {lost} {won} {neither}")>
            <thead><tr><td></td><th scope="col" prop:textContent=format!("{now} right")></th><th scope="col" prop:textContent=format!("{now} wrong")></th></tr></thead>
            <tbody>
                <tr><th scope="row" prop:textContent=format!("{before} right")></th>{cell(Change::BothRight)}{cell(Change::Lost)}</tr>
                <tr><th scope="row" prop:textContent=format!("{before} wrong")></th>{cell(Change::Won)}{cell(Change::BothWrong)}</tr>
            </tbody>
        </table></div>
        <p class="quiet">"A cell shows the images behind it."</p>
    }
    .into_any()
}

/// Shows the images that changed in this way.
fn open(change: Change) -> impl Fn(leptos::ev::MouseEvent) {
    let desk = expect_context::<Desk>();
    move |_| {
        desk.look(|query| {
            *query = Query {
                view: View::Images,
                change: Some(change),
                ..query.unfiltered()
            };
        });
    }
}

fn summary(
    now_right: usize,
    before_right: usize,
    before: &str,
    now: &str,
    lost: usize,
    won: usize,
) -> String {
    let p = p_value(lost as u64, won as u64);
    let chance = if p < SIGNIFICANT {
        "more than chance would do"
    } else {
        "no more than chance would do"
    };
    let p = p_text(p);
    format!(
        "Right: {} by {before}, {} by {now}; {} read better now, {} worse ({chance}, {p}).",
        thousands(before_right),
        thousands(now_right),
        thousands(won),
        thousands(lost)
    )
}
