//! What the data are like: each class's count, mean image and brightness.

use super::counts::{images, thousands};
use super::faults::FaultCounts;
use super::picture::Picture;
use super::stock::part_name;
use crate::desk::Desk;
use crate::gallery::{ClassPortrait, SHADES, portraits};
use leptos::prelude::*;
use model::class::CLASS_NAMES;
use model::published::Split;

/// Each class of the chosen part; of the test set where both are chosen.
#[component]
pub(super) fn Explore() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let split = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| gallery.query().split.unwrap_or(Split::Test))
    });
    let stock = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| gallery.collection().stock(split.get()).clone())
    });
    let classes = Memo::new(move |_| {
        stock.track();
        desk.gallery
            .with_untracked(|gallery| portraits(gallery.collection(), split.get()))
    });
    let portraits = move || {
        match classes.get() {
        None => {
            view! { <p class="quiet" prop:textContent=format!("{} is not here yet.", part_name(split.get()))></p> }.into_any()
        }
        Some(classes) => all(&classes),
    }
    };
    view! { <div class="results"><FaultCounts/> {portraits}</div> }.into_any()
}

fn all(classes: &[ClassPortrait]) -> AnyView {
    let most = classes
        .iter()
        .map(|class| class.count)
        .max()
        .unwrap_or(1)
        .max(1);
    let cards = classes
        .iter()
        .enumerate()
        .map(|(class, portrait)| card(class, portrait, most));
    let cards = cards.collect_view();
    let rows = classes
        .iter()
        .enumerate()
        .map(|(class, portrait)| row(class, portrait));
    let rows = rows.collect_view();
    view! {
        <section>
            <h3>"Classes"</h3>
            <p class="quiet">"For each class: how many images, the mean of all of them, and how many of their pixels are dark or bright (background, the darkest sixteenth, is left out of the bars)."</p>
            <div class="portraits">{cards}</div>
            <details class="numbers">
                <summary>"The same as a table"</summary>
                <table class="figures" data-testid="portraits">
                    <thead><tr><th scope="col">"Class"</th><th scope="col">"Images"</th>
                        <th scope="col">"Mean brightness"</th><th scope="col">"Background"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
    .into_any()
}

fn card(class: usize, portrait: &ClassPortrait, most: usize) -> AnyView {
    let name = CLASS_NAMES[class];
    let mean = portrait.mean.clone();
    let brightest = portrait.shades[1..]
        .iter()
        .copied()
        .fold(f64::MIN_POSITIVE, f64::max);
    let bar = |(index, share): (usize, &f64)| {
        let height = 40.0 * share / brightest;
        view! { <rect x=(index * 10).to_string() y=format!("{:.1}", 40.0 - height) width="8" height=format!("{height:.1}")></rect> }
    };
    let bars = portrait.shades[1..]
        .iter()
        .enumerate()
        .map(bar)
        .collect_view();
    let share = format!("{:.3}", portrait.count as f64 / most as f64);
    view! {
        <figure class="portrait">
            <Picture image=Signal::derive(move || Some(mean.clone())) description=format!("Mean of all images of class {name}")/>
            <figcaption><strong>{name}</strong> " " <span class="quiet" prop:textContent=images(portrait.count)></span></figcaption>
            <span class="track" aria-hidden="true"><span class="fill" style:--share=share></span></span>
            <svg class="shades" viewBox=format!("0 0 {} 40", (SHADES - 1) * 10) preserveAspectRatio="none" role="img"
                aria-label=format!("Brightness of pixels of class {name}; mean {:.0} of 255", portrait.brightness)>{bars}</svg>
        </figure>
    }
    .into_any()
}

fn row(class: usize, portrait: &ClassPortrait) -> AnyView {
    view! {
        <tr><th scope="row">{CLASS_NAMES[class]}</th><td prop:textContent=thousands(portrait.count)></td>
            <td prop:textContent=format!("{:.1}", portrait.brightness)></td>
            <td prop:textContent=format!("{:.1} %", 100.0 * portrait.shades[0])></td></tr>
    }
    .into_any()
}
