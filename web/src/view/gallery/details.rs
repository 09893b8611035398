//! One image: what it is, what the net says, what is like it, and what can be done with it.

use super::grid::WALL;
use super::picture::{Picture, copy_as_png};
use super::stock::part_name;
use crate::desk::Desk;
use crate::gallery::{Gallery, ImageId, Like};
use crate::rooms::Room;
use crate::teach_desk::TeachDesk;
use crate::verdict::percent;
use crate::view::focus::focus;
use crate::view::icons::{Icon, icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::drawing::Ink;
use model::image::{Image, SIDE};

/// An image in a sentence or two.
pub(super) fn described(gallery: &Gallery, id: ImageId) -> Option<String> {
    let label = gallery.collection().label(id)?;
    let name = CLASS_NAMES[usize::from(label)];
    let place = format!("{} image {}: {name}", part_name(id.split()), id.index());
    Some(match gallery.sources().finding(id) {
        None => place,
        Some(finding) => {
            let predicted = CLASS_NAMES[usize::from(finding.predicted)];
            let share = percent(finding.confidence);
            format!("{place}; the network says {predicted}, {share}")
        }
    })
}

/// The chosen image's details; a hint while none is chosen.
#[component]
pub(super) fn Details() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let id = Memo::new(move |_| desk.gallery.with(|gallery| gallery.query().image));
    view! {
        <aside class="details" class:none=move || id.get().is_none() aria-label="Details of one image">
            {move || match id.get() {
                None => view! { <p class="quiet">"Choose an image to see it large, with what the network makes of it."</p> }.into_any(),
                Some(id) => view! { <OneImage id/> }.into_any(),
            }}
        </aside>
    }
    .into_any()
}

#[component]
fn OneImage(id: ImageId) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let image = Memo::new(move |_| desk.gallery.with(|gallery| gallery.collection().image(id)));
    let words = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| described(gallery, id).unwrap_or_else(|| "Not here yet".to_owned()))
    });
    let label = Memo::new(move |_| desk.gallery.with(|gallery| gallery.collection().label(id)));
    let name = move || label.get().map(|label| CLASS_NAMES[usize::from(label)]);
    view! {
        <div class="details-head">
            <button type="button" class="action close" aria-label="Close the details" title="Close"
                on:click=move |_| {
                    desk.look(|query| query.image = None);
                    focus(WALL);
                }>{icon(Icon::Close)}</button>
            <h2 prop:textContent=name></h2>
            <p class="quiet" prop:textContent=format!("{}, image {}", part_name(id.split()), id.index())></p>
        </div>
        <Picture image description=words/>
        <Bars id label/>
        <SuspicionOf id/>
        <TwinsOf id/>
        <Acts id image/>
        <Neighbours/>
        <PixelValues image/>
    }
    .into_any()
}

/// The ten probabilities, and what they mean beside the label.
#[component]
fn Bars(id: ImageId, label: Memo<Option<u8>>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let prediction = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| gallery.findings().prediction(id).copied())
    });
    let loss = move || {
        let finding = desk.gallery.with(|gallery| gallery.sources().finding(id))?;
        let verdict = if Some(finding.predicted) == label.get() {
            "Right"
        } else {
            "Wrong"
        };
        Some(format!("{verdict}; loss {:.3}", finding.loss))
    };
    let row = move |class: usize| {
        let probability = move || {
            prediction
                .get()
                .map(|prediction| prediction.probabilities[class])
        };
        let is_top = move || {
            prediction
                .get()
                .is_some_and(|prediction| prediction.top().0 == class)
        };
        let is_label = move || label.get().map(usize::from) == Some(class);
        view! {
            <li class="row" class:top=is_top class:label=is_label>
                <span class="name">{CLASS_NAMES[class]}</span>
                <span class="track" aria-hidden="true">
                    <span class="fill" style:--share=move || probability().unwrap_or(0.0).to_string()></span>
                </span>
                <span class="share" prop:textContent=move || probability().map(percent)></span>
            </li>
        }
    };
    view! {
        <Show when=move || prediction.with(Option::is_some)
            fallback=|| view! { <p class="quiet">"The network has not looked at it yet."</p> }>
            <p data-testid="verdict" prop:textContent=loss></p>
            <ol class="rows" role="list" aria-label="Probabilities of the ten classes">
                {(0..CLASS_COUNT).map(row).collect_view()}
            </ol>
        </Show>
    }
    .into_any()
}

/// What can be done with the image.
#[component]
fn Acts(id: ImageId, image: Memo<Option<Image>>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let copy = move |_| {
        if let Some(image) = image.get_untracked() {
            spawn_local(async move {
                match copy_as_png(&image).await {
                    Ok(()) => desk.hint("The image is in the clipboard, as a PNG file."),
                    Err(sentence) => desk.report(sentence),
                }
            });
        }
    };
    let to_canvas = move |_| {
        let ink = image
            .get_untracked()
            .map(|image| Ink::new(SIDE, SIDE, image.0.to_vec()));
        if let Some(Ok(ink)) = ink {
            desk.mark(|pad| pad.picture(ink));
            desk.enter(Room::Draw);
        }
    };
    let teaching = expect_context::<TeachDesk>();
    let to_tray = move |_| {
        let label = desk
            .gallery
            .with_untracked(|gallery| gallery.collection().label(id));
        if let Some((image, label)) = image.get_untracked().zip(label) {
            teaching.add_photo(image, label);
            let name = CLASS_NAMES[usize::from(label)];
            desk.hint(format!(
                "The image is among the examples of the room Teach, as: {name}."
            ));
        }
    };
    let alike = move |_| desk.look(|query| query.like = Some(Like::Image(id)));
    view! {
        <div class="acts">
            <button type="button" class="action" on:click=alike>"Show what is like it"</button>
            <button type="button" class="action" on:click=to_canvas>"Send to the canvas"</button>
            <button type="button" class="action" on:click=to_tray>"Use for fine-tuning"</button>
            <button type="button" class="action" on:click=copy>"Copy as PNG"</button>
        </div>
    }
    .into_any()
}

/// What a net says of the label that did not learn from the image, where it doubts it.
#[component]
fn SuspicionOf(id: ImageId) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = Memo::new(move |_| {
        let suspicion = desk
            .gallery
            .with(|gallery| gallery.faults()?.suspects.of(id))?;
        let name = CLASS_NAMES[usize::from(suspicion.class)];
        Some(format!(
            "The label may be at fault: nets that did not learn from this image say {name}, {} % sure.",
            suspicion.percent
        ))
    });
    view! {
        <Show when=move || words.with(Option::is_some)>
            <p class="trouble" data-testid="suspicion" prop:textContent=words></p>
        </Show>
    }
    .into_any()
}

/// The image's near duplicates, once the list has been asked for.
#[component]
fn TwinsOf(id: ImageId) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let twins = Memo::new(move |_| desk.gallery.with(|gallery| gallery.twins_of(id)));
    let one = move |id: ImageId| {
        view! {
            <button type="button" class="action" on:click=move |_| desk.look(|query| query.image = Some(id))
                prop:textContent=id.key()></button>
        }
    };
    view! {
        <Show when=move || twins.with(|twins| !twins.is_empty())>
            <h3>"Nearly the same"</h3>
            <div class="acts">{move || twins.get().into_iter().map(one).collect_view()}</div>
        </Show>
    }
    .into_any()
}

/// The training images nearest in feature space, as far as the net has looked at them.
#[component]
fn Neighbours() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let near = Memo::new(move |_| {
        desk.gallery
            .with(|gallery| gallery.training_neighbours().collect::<Vec<_>>())
    });
    let one = move |id: ImageId| {
        let image = Memo::new(move |_| desk.gallery.with(|gallery| gallery.collection().image(id)));
        let words = desk
            .gallery
            .with_untracked(|gallery| described(gallery, id).unwrap_or_default());
        let title = words.clone();
        view! {
            <button type="button" class="neighbour" title=title
                on:click=move |_| desk.look(|query| query.image = Some(id))>
                <Picture image description=words/>
            </button>
        }
    };
    view! {
        <Show when=move || near.with(|near| !near.is_empty())>
            <h3>"Training images most like it"</h3>
            <div class="neighbours">{move || near.get().into_iter().map(one).collect_view()}</div>
        </Show>
    }
    .into_any()
}

/// The image as the numbers that it is.
#[component]
fn PixelValues(image: Memo<Option<Image>>) -> impl IntoView {
    let lines = move || {
        let image = image.get()?;
        let line = |row: &[u8]| {
            let numbers: Vec<String> = row.iter().map(|pixel| format!("{pixel:3}")).collect();
            numbers.join(" ")
        };
        let lines: Vec<String> = image.0.chunks(SIDE).map(line).collect();
        Some(lines.join("\n"))
    };
    view! {
        <details class="numbers">
            <summary>"Pixel values, 0 to 255"</summary>
            <pre tabindex="0" aria-label="28 rows of 28 pixel values" prop:textContent=lines></pre>
        </details>
    }
    .into_any()
}
