//! One image, enlarged.

use super::tiles::context;
use crate::browser::{optional, words};
use crate::view::paint::{keep_painted, paint_image};
use js_sys::{Object, Promise, Reflect};
use leptos::html::Canvas;
use leptos::prelude::*;
use model::image::{Image, SIDE};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

/// An image as a picture with this description.
#[component]
pub(super) fn Picture(
    /// The image; nothing is painted while it has not arrived.
    #[prop(into)]
    image: Signal<Option<Image>>,
    /// What a screen reader says.
    #[prop(into)]
    description: Signal<String>,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    keep_painted(canvas, move |canvas| {
        image.with(|image| paint_image(canvas, image.as_ref()));
    });
    view! { <canvas class="picture" node_ref=canvas width=SIDE height=SIDE role="img" aria-label=description></canvas> }
}

/// Puts an image into the clipboard as a PNG file of 28 × 28 pixels.
///
/// # Errors
/// One sentence when the browser refuses.
pub(super) async fn copy_as_png(image: &Image) -> Result<(), String> {
    let refused = |error: JsValue| {
        format!(
            "The browser does not let this page copy pictures ({}).",
            words(&error)
        )
    };
    let canvas = canvas_with(image).map_err(refused)?;
    let kinds = Object::new();
    let file = png(&canvas).map_err(refused)?;
    Reflect::set(&kinds, &"image/png".into(), &file).map_err(refused)?;
    let written = optional::write_clipboard(&kinds).ok_or(
        "This browser lets pages copy pictures only over https or from this computer, or not at all.",
    )?;
    JsFuture::from(written).await.map(drop).map_err(refused)
}

fn canvas_with(image: &Image) -> Result<HtmlCanvasElement, JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(SIDE as u32);
    canvas.set_height(SIDE as u32);
    context(&canvas)?;
    paint_image(&canvas, Some(image));
    Ok(canvas)
}

/// A promise of the canvas's picture as a PNG file.
fn png(canvas: &HtmlCanvasElement) -> Result<Promise, JsValue> {
    let mut outcome = Ok(());
    let promise = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: Blob| {
            // What the promise's function returns is nobody's concern.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        outcome = canvas.to_blob(done.unchecked_ref());
    });
    outcome.map(|()| promise)
}
