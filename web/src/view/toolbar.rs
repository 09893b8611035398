//! Tools above the canvas, actions below it.

use super::icons::{Icon, icon};
use super::upload::OpenPicture;
use crate::desk::Desk;
use crate::pad::{Command, SIZES, Tool};
use leptos::prelude::*;

/// Brush, eraser, fill, and the brush's size.
#[component]
pub(super) fn Tools() -> impl IntoView {
    view! {
        <div class="bar">
            <fieldset class="choices">
                <legend class="unseen">"Tool"</legend>
                {tool(Tool::Brush, Icon::Brush, "Brush", "B")}
                {tool(Tool::Eraser, Icon::Eraser, "Eraser", "E")}
                {tool(Tool::Fill, Icon::Fill, "Fill", "F")}
            </fieldset>
            <Size/>
        </div>
    }
}

fn tool(tool: Tool, picture: Icon, name: &'static str, key: &'static str) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let chosen = move || desk.settings.with(|settings| settings.tool == tool);
    view! {
        <label class="choice" title=format!("{name} ({key})")>
            <input type="radio" name="tool" class="unseen" prop:checked=chosen
                on:change=move |_| desk.command(Command::Take(tool))/>
            {icon(picture)} <span>{name}</span>
        </label>
    }
}

#[component]
fn Size() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let size = move || desk.settings.with(|settings| settings.size);
    let resize = move |event| {
        if let Ok(size) = event_target_value(&event).parse() {
            desk.set(|settings| settings.set_size(size));
        }
    };
    view! {
        <label class="size" title="Size ([ and ])">
            <span class="unseen">"Size"</span>
            <span class="dot" aria-hidden="true" style:--size=move || format!("{}", size() / SIZES.end())></span>
            <input type="range" min=*SIZES.start() max=*SIZES.end() step="1" prop:value=size on:input=resize/>
        </label>
    }
}

/// Undo, redo, clear, and opening a picture.
#[component]
pub(super) fn Actions() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let can = move |what: fn(&crate::pad::Pad) -> bool| Memo::new(move |_| desk.pad.with(what));
    let can_undo = can(|pad| pad.is_drawing() || pad.drawing().can_undo());
    let can_redo = can(|pad| pad.drawing().can_redo());
    let can_clear = can(|pad| !pad.is_blank());
    view! {
        <div class="bar">
            {action(Command::Undo, Icon::Undo, "Undo", "Ctrl+Z", can_undo)}
            {action(Command::Redo, Icon::Redo, "Redo", "Ctrl+Shift+Z", can_redo)}
            {action(Command::Clear, Icon::Clear, "Clear", "Delete", can_clear)}
            <OpenPicture/>
        </div>
    }
}

fn action(
    command: Command,
    picture: Icon,
    name: &'static str,
    key: &'static str,
    can: Memo<bool>,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    // Not `disabled`: the focus would be lost when the last mark is undone by keyboard.
    let unavailable = move || if can.get() { "false" } else { "true" };
    view! {
        <button type="button" class="action" aria-label=name title=format!("{name} ({key})") aria-disabled=unavailable
            on:click=move |_| desk.command(command)>
            {icon(picture)} <span>{name}</span>
        </button>
    }
}
