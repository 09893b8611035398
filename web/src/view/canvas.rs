//! The canvas: the paper, the brush's outline under the pointer, the invitation on blank paper.

use super::pointer::Pen;
use crate::desk::Desk;
use crate::pad::Tool;
use crate::pointers::Phase;
use leptos::prelude::*;
use model::drawing::PAPER;

/// The paper to draw on.
#[component]
pub(super) fn Easel() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let side = desk.pad.with_untracked(|pad| pad.ink().width());
    let pen = Pen::new(desk);
    let tool = move || match desk.settings.with(|settings| settings.tool) {
        Tool::Brush => "brush",
        Tool::Eraser => "eraser",
        Tool::Fill => "fill",
    };
    let blank = Memo::new(move |_| desk.pad.with(|pad| pad.is_blank()));
    view! {
        <div class="paper" data-tool=tool>
            <canvas node_ref=desk.canvas width=side height=side role="img" aria-label="Drawing canvas"
                on:pointerdown=move |event| pen.hear(&event, Phase::Down)
                on:pointermove=move |event| pen.hear(&event, Phase::Move)
                on:pointerup=move |event| pen.hear(&event, Phase::Up)
                on:pointercancel=move |event| pen.hear(&event, Phase::Cancel)
                on:lostpointercapture=move |event| pen.hear(&event, Phase::Lost)
                on:pointerleave=move |_| pen.left()
                on:touchstart=move |event| pen.touched(&event)
            ></canvas>
            <p class="invitation" hidden=move || !blank.get()>
                "Draw here" <small>"trousers, a boot, a bag …"</small>
            </p>
            <Nib pen/>
        </div>
    }
}

/// Shows under the mouse how large the brush or eraser is.
#[component]
fn Nib(pen: Pen) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let share = |units: f32| format!("{}%", 100.0 * units / PAPER);
    let width = move || {
        desk.settings
            .with(|settings| settings.width(settings.tool == Tool::Eraser))
    };
    let hidden = move || {
        pen.hover.get().is_none() || desk.settings.with(|settings| settings.tool == Tool::Fill)
    };
    view! {
        <div class="nib" aria-hidden="true" hidden=hidden
            style:left=move || pen.hover.get().map(|(x, _)| share(x))
            style:top=move || pen.hover.get().map(|(_, y)| share(y))
            style:width=move || share(width())
        ></div>
    }
}
