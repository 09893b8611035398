//! The room of the data set.

use leptos::prelude::*;

/// The data set, and what the net makes of it.
#[component]
pub(super) fn Gallery() -> impl IntoView {
    view! {
        <section class="gallery" aria-label="Data set">
            <h2>"Fashion-MNIST"</h2>
            <p>
                "70,000 photos of garments by Zalando, 28 by 28 pixels each, in ten classes: "
                "60,000 to train on, 10,000 to test on."
            </p>
        </section>
    }
}
