//! What in the picture made the net say so: the picture under a veil of orange where it speaks for a
//! class, of blue where it speaks against.

use super::paint::{keep_painted, paint_heat};
use crate::desk::Desk;
use crate::verdict::{Verdict, whereabouts};
use leptos::html::Canvas;
use leptos::prelude::*;
use model::class::CLASS_NAMES;
use model::image::SIDE;

/// The picture under its veil, for the class that is `asked` about, or else the likeliest; an empty place
/// while there is no picture, and none at all for nets that cannot say.
#[component]
pub(super) fn Why(verdict: Memo<Option<Verdict>>, asked: RwSignal<Option<usize>>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let canvas = NodeRef::<Canvas>::new();
    let class = Memo::new(move |_| {
        let top = verdict.get().map(|verdict| verdict.top);
        asked.get().filter(|_| top.is_some()).or(top)
    });
    let evidence = Memo::new(move |_| {
        desk.session
            .with(|session| session.answer().and_then(|answer| answer.evidence.clone()))
    });
    keep_painted(canvas, move |canvas| {
        let heat = class
            .get()
            .and_then(|class| evidence.with(|known| known.as_ref().map(|known| known.heat(class))));
        let image = desk
            .session
            .with_untracked(|session| session.image().cloned());
        paint_heat(canvas, image.as_ref().zip(heat.as_ref()));
    });
    let cannot_say = move || class.get().is_some() && evidence.with(Option::is_none);
    let caption = move || match (class.get(), asked.get()) {
        (None, _) => "Why".to_owned(),
        (Some(class), None) => format!("Why {}", CLASS_NAMES[class]),
        (Some(class), Some(_)) => format!("Why {}?", CLASS_NAMES[class]),
    };
    let words = move || {
        let class = class.get()?;
        let place = evidence.with(|known| Some(known.as_ref()?.strongest(class)))?;
        let name = CLASS_NAMES[class];
        Some(format!(
            "What speaks for {name} is orange, what speaks against it blue; most speaks for it {}.",
            whereabouts(place)
        ))
    };
    view! {
        <figure class="seen why" data-testid="why" hidden=cannot_say>
            <canvas node_ref=canvas width=SIDE height=SIDE role="img" aria-label=words title=words></canvas>
            <figcaption prop:textContent=caption></figcaption>
        </figure>
    }
}
