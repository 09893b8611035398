//! The page's icons, drawn as lines on a 24 × 24 grid.

use leptos::prelude::*;

/// The icons there are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Icon {
    Hanger,
    Brush,
    Eraser,
    Fill,
    Undo,
    Redo,
    Clear,
    Picture,
    Help,
    Close,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Hanger => {
                "M9.6 6.4a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.4v.6l8.6 5.6c1 .7.6 2.3-.7 2.3H4.1c-1.3 0-1.7-1.6-.7-2.3L12 10.6"
            }
            Self::Brush => {
                "M14.5 6 18 9.5M4 20l1-4.5L16.2 4.3a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L8.5 19 4 20Z"
            }
            Self::Eraser => {
                "M8.5 19.5 3.9 14.9a1.7 1.7 0 0 1 0-2.4l8-8a1.7 1.7 0 0 1 2.4 0l5.2 5.2a1.7 1.7 0 0 1 0 2.4l-7.4 7.4H8.5ZM8 8.4l7.6 7.6M12 19.5h8.5"
            }
            Self::Fill => {
                "M11 3.5 4 10.5a1.7 1.7 0 0 0 0 2.4l5.1 5.1a1.7 1.7 0 0 0 2.4 0l7-7L9 2M3.7 11.7h14M20.5 14.5s1.7 2.2 1.7 3.5a1.7 1.7 0 0 1-3.4 0c0-1.3 1.7-3.5 1.7-3.5Z"
            }
            Self::Undo => "M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11h-3",
            Self::Redo => "M15.5 5 20 9.5 15.5 14M19.5 9.5H10a5.5 5.5 0 0 0 0 11h3",
            Self::Clear => {
                "M4.5 6.5h15M9.5 6V4.5h5V6M6.5 6.5l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12M10 10.5v6M14 10.5v6"
            }
            Self::Picture => {
                "M5.5 4.5h13a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18V6a1.5 1.5 0 0 1 1.5-1.5ZM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.2 8.7h.1"
            }
            Self::Help => {
                "M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-.9.5-1.5 1-1.5 2.1M12 17.2h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z"
            }
            Self::Close => "M6 6l12 12M18 6 6 18",
        }
    }
}

/// An icon beside a text that says the same.
pub(super) fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()/>
        </svg>
    }
}
