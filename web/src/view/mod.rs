//! What is to be seen: one file a part of the page.

// `#[component]` makes the struct of a component's properties public, whatever the component is.
#![allow(unreachable_pub)]

mod answer;
mod app;
mod canvas;
mod engine;
mod focus;
mod gallery;
mod help;
mod icons;
mod keys;
mod number;
mod paint;
mod pointer;
mod rooms;
mod teach;
mod toolbar;
mod upload;
mod why;

pub use app::App;
pub use help::toggle_help;
pub use paint::paint_ink;
