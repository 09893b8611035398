//! Earlier trainings: compared, used again, saved as files.

use crate::browser::download;
use crate::teach::{Run, Subject, meter, model_file};
use crate::teach_desk::{Format, TeachDesk};
use crate::view::focus::focus;
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
    let answers = move || match (desk.lesson_answers.get(), taught()) {
        (true, _) => "The network that is being trained answers.".to_owned(),
        (_, None) => "The network as it came answers.".to_owned(),
        (_, Some(id)) if desk.outlives_reload(id) => {
            format!("The network of training {id} answers, after a reload too.")
        }
        (_, Some(id)) => format!("The network of training {id} answers until this page is closed."),
    };
    view! {
        <section class="runs" aria-labelledby="runs-title">
            <div class="section-head">
                <h2 id="runs-title" tabindex="-1">"Trainings"</h2>
                <p class="facts" role="status" data-testid="answering" prop:textContent=answers></p>
            </div>
            <div class="scroll" hidden=move || desk.runs.with(|runs| runs.newest_first().is_empty())>
                <table>
                    <thead><tr>
                        <th scope="col">"Nr."</th><th scope="col">"What"</th><th scope="col">"Learnt right"</th>
                        <th scope="col">"Held-out right"</th><th scope="col">"Test right"</th><th scope="col"><span class="unseen">"Actions"</span></th>
                    </tr></thead>
                    <tbody>
                        <For each=move || desk.runs.with(|runs| runs.newest_first()) key=|run| run.id let:run>{row(desk, &run)}</For>
                        {shipped(desk)}
                    </tbody>
                </table>
            </div>
            <p class="facts" role="alert" prop:textContent=move || desk.evaluation.with(|evaluation| evaluation.failure.clone())></p>
            <div class="bar">
                <button type="button" class="action" hidden=move || taught().is_none()
                    on:click=move |_| desk.answer_shipped()>"Take back"</button>
                <label class="action">
                    <input type="file" multiple accept=".weights,.json" class="unseen" aria-label="Load a network: its .weights file, and its .json file if there is one"
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
        Some(_) => format!("{} of {}", run.right, run.seen),
        None => String::new(),
    };
    let held_out = run
        .held_out_accuracy()
        .map(|(now, more)| format!("{now:.1} % ({more:+.1})"));
    let save = move |name: &'static str, format| {
        view! { <button type="button" class="action" on:click=move |_| desk.export_net(id, format)>{name}</button> }
    };
    view! {
        <tr class:used=used data-run=id>
            <th scope="row">{id}</th>
            <td>{run.description()}</td>
            <td>{right}</td>
            <td>{held_out}</td>
            <td>{tested(desk, Some(id))}</td>
            <td class="acts">
                <button type="button" class="action" hidden=used on:click=move |_| desk.use_run(id)>"Use"</button>
                {save("Weights", Format::Own)}
                {save("ONNX", Format::Onnx)}
                {save("safetensors", Format::Safetensors)}
                <button type="button" class="action" on:click=move |_| {
                    desk.remove_run(id);
                    focus("runs-title");
                }>"Delete"</button>
            </td>
        </tr>
    }
}

/// The shipped net's row: it cannot be deleted, and its files are the page's own.
fn shipped(desk: TeachDesk) -> impl IntoView {
    let used = move || desk.runs.with(|runs| runs.in_use.is_none());
    view! {
        <tr class:used=used>
            <th scope="row">"–"</th>
            <td>"as it came"</td>
            <td></td>
            <td></td>
            <td>{tested(desk, None)}</td>
            <td></td>
        </tr>
    }
}

/// What the test images are read as, or a button that finds out.
fn tested(desk: TeachDesk, subject: Subject) -> impl IntoView {
    let words = move || match desk.evaluation.with(|evaluation| evaluation.under_way()) {
        Some((under_way, share)) if under_way == subject => {
            format!("{:.0} % read …", 100.0 * share)
        }
        _ => "Test".to_owned(),
    };
    let name = move || match subject {
        Some(id) => format!("{} training {id} on the 10,000 test images", words()),
        None => format!(
            "{} the network as it came on the 10,000 test images",
            words()
        ),
    };
    move || {
        match desk.runs.with(|runs| runs.test(subject).map(meter::accuracy)) {
        Some(accuracy) => view! { <span prop:textContent=format!("{accuracy:.2} %")></span> }.into_any(),
        None => view! {
            <button type="button" class="action small" aria-label=name on:click=move |_| desk.evaluate(subject)
                prop:textContent=words></button>
        }
        .into_any(),
    }
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
    let is_json = |file: &&File| file.name().to_lowercase().ends_with(".json");
    let [weights] = &files
        .iter()
        .filter(|file| !is_json(file))
        .collect::<Vec<_>>()[..]
    else {
        return Err(model_file::ONE.into());
    };
    let bytes = download::read(weights).await?;
    let sidecar = match files.iter().find(is_json) {
        Some(file) => Some(download::read(file).await?),
        None => None,
    };
    let taken = model_file::taken(&bytes, sidecar.as_deref());
    let (weights, sidecar) = taken.map_err(|error| format!("{}: {error}", weights.name()))?;
    desk.import_net(weights, sidecar);
    Ok(())
}
