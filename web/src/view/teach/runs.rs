//! Earlier trainings: compared, used again, saved as files.

use crate::browser::download;
use crate::teach::Run;
use crate::teach_desk::{Format, TeachDesk};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

/// The list, and taking in a net from files.
#[component]
pub(super) fn Trainings() -> impl IntoView {
    let desk = expect_context::<TeachDesk>();
    let taught = move || desk.runs.with(|runs| runs.in_use);
    let answers = move || match taught() {
        None => "The network as it came answers.".to_owned(),
        Some(id) => format!("The network of training {id} answers, after a reload too."),
    };
    view! {
        <section class="runs" aria-labelledby="runs-title">
            <div class="section-head">
                <h2 id="runs-title">"Trainings"</h2>
                <p class="facts" role="status" data-testid="answering">{answers}</p>
            </div>
            <div class="scroll" hidden=move || desk.runs.with(|runs| runs.newest_first().is_empty())>
                <table>
                    <thead><tr>
                        <th scope="col">"Nr."</th><th scope="col">"Settings"</th><th scope="col">"Examples right"</th>
                        <th scope="col">"Held-out"</th><th scope="col"><span class="unseen">"Actions"</span></th>
                    </tr></thead>
                    <tbody>
                        <For each=move || desk.runs.with(|runs| runs.newest_first()) key=|run| run.id let:run>{row(desk, &run)}</For>
                    </tbody>
                </table>
            </div>
            <div class="bar">
                <button type="button" class="action" hidden=move || taught().is_none()
                    on:click=move |_| desk.answer_shipped()>"Take back"</button>
                <label class="action">
                    <input type="file" multiple accept=".weights,.json" class="unseen" aria-label="Load a network: its .weights and .json files"
                        on:change=move |event| import(desk, &event)/>
                    "Load a network"
                </label>
            </div>
        </section>
    }
}

fn row(desk: TeachDesk, run: &Run) -> impl IntoView + use<> {
    let id = run.id;
    let used = move || desk.runs.with(|runs| runs.in_use == Some(id));
    let right = match run.settings {
        Some(_) => format!("{} of {}", run.right, run.examples),
        None => String::new(),
    };
    let cost = run.cost().map(|cost| format!("{cost:+.1} points"));
    let save = move |name: &'static str, format| {
        view! { <button type="button" class="action" on:click=move |_| desk.export_net(id, format)>{name}</button> }
    };
    view! {
        <tr class:used=used data-run=id>
            <th scope="row">{id}</th>
            <td>{run.differences()}</td>
            <td>{right}</td>
            <td>{cost}</td>
            <td class="acts">
                <button type="button" class="action" hidden=used on:click=move |_| desk.use_run(id)>"Use"</button>
                {save("Weights", Format::Own)}
                {save("ONNX", Format::Onnx)}
                {save("safetensors", Format::Safetensors)}
                <button type="button" class="action" on:click=move |_| desk.remove_run(id)>"Delete"</button>
            </td>
        </tr>
    }
}

fn import(desk: TeachDesk, event: &ev::Event) {
    let Some(field) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let files: Vec<File> = field
        .files()
        .map(|files| {
            (0..files.length())
                .filter_map(|index| files.get(index))
                .collect()
        })
        .unwrap_or_default();
    field.set_value("");
    spawn_local(async move {
        if let Err(sentence) = take(desk, &files).await {
            desk.hint(sentence);
        }
    });
}

async fn take(desk: TeachDesk, files: &[File]) -> Result<(), String> {
    const BOTH: &str = "Choose both files of the network together: the .weights file and the .json file beside it.";
    let ending = |end: &str| files.iter().find(|file| file.name().ends_with(end));
    let (Some(weights), Some(sidecar)) = (ending(".weights"), ending(".json")) else {
        return Err(BOTH.into());
    };
    let (weights, sidecar) = (
        download::read(weights).await?,
        download::read(sidecar).await?,
    );
    desk.import_net(weights, &sidecar);
    Ok(())
}
