//! Teaching on the real page: a whole session, waiting and ending, and what is said when something is
//! wrong.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::json;
use tests::browser::wait_for;
use tests::drawings::{BAG, DRESS};

use crate::teach_room::{Room, examples};

#[test]
fn a_whole_session_from_a_drawing_to_taking_it_back() -> Result<()> {
    let room = Room::open()?;
    let page = &room.page;
    room.teach(&DRESS.lines(), "Sandal")?;
    room.teach(&BAG.lines(), "Trouser")?;
    room.wait_for_words("tray-summary", "2 examples of 2 classes")?;
    let shipped = page.settled_guess()?;
    ensure!(page.top_class()? == "Bag", "{shipped:?}");
    room.set("Steps", "24")?;
    room.set("Layers", "all")?;
    room.set("Strength", "1")?;
    room.set("Stop by itself", "90")?;
    page.press_button("Train")?;
    room.wait_for_phase("done")?;
    let focused = "return document.activeElement.innerText";
    ensure!(
        page.browser.script(focused, &[])? == "Train",
        "the focus went"
    );
    room.wait_for_words("training-status", "2 of 2 examples")?;
    room.wait_for_words("answering", "training 1")?;
    wait_for("the new answer", || {
        Ok((page.top_class()? == "Trouser").then_some(()))
    })?;
    let taught = page.settled_guess()?;

    room.reload()?;
    room.wait_for_words("tray-summary", "2 examples of 2 classes")?;
    room.wait_for_words("answering", "training 1")?;
    page.wait_for_guess(Some(taught))?;
    page.press_button("Take back")?;
    page.wait_for_guess(Some(shipped))?;
    page.press_button("Use")?;
    page.wait_for_guess(Some(taught))?;

    page.press_button("Export examples")?;
    let exported = String::from_utf8(room.saved("wardrobe-examples.ndjson")?)?;
    page.browser
        .click("(//button[contains(@class, 'thumbnail')])[1]")?;
    page.press_button("Delete example")?;
    room.wait_for_words("tray-summary", "1 example")?;
    room.import_text(&exported)?;
    room.wait_for_words("tray-summary", "2 examples of 2 classes")?;
    page.press_button("Take back")?;
    page.wait_for_guess(Some(shipped))?;
    room.wait_for_words("comparison", "points")?;
    room.end()
}

#[test]
fn it_can_wait_go_a_step_be_ended_and_reset() -> Result<()> {
    let room = Room::open()?;
    room.import(&examples()?)?;
    room.set("Steps", "2000")?;
    room.set("Stop by itself", "90")?;
    room.page.press_button("One step")?;
    room.wait_for_phase("paused")?;
    ensure!(room.attribute("data-step")? == "1");
    room.page.press_button("One step")?;
    room.wait_for_step(2)?;
    room.wait_for_phase("paused")?;
    room.page.press_button("Go on")?;
    room.wait_for_step(4)?;
    room.page.press_button("Stop and keep")?;
    room.wait_for_phase("done")?;
    room.wait_for_words("answering", "training 1")?;
    let row = room.page.text()?;
    ensure!(row.contains("ended at step"), "{row}");
    room.page.press_button("Reset")?;
    room.wait_for_phase("idle")?;
    ensure!(room.attribute("data-step")? == "0");
    room.end()
}

#[test]
fn it_stops_by_itself_when_too_much_is_forgotten() -> Result<()> {
    let room = Room::open()?;
    room.import(&examples()?)?;
    room.set("Share of originals", "0")?;
    room.set("Strength", "1")?;
    room.set("Learning rate", "0.003")?;
    room.set("Stop by itself", "20")?;
    room.set("Steps", "60")?;
    room.page.press_button("Train")?;
    room.wait_for_phase("stopped")?;
    room.wait_for_words("training-status", "Stopped by itself")?;
    room.wait_for_words("answering", "as it came")
}

#[test]
fn what_is_wrong_with_a_file_or_a_setting_is_said() -> Result<()> {
    let room = Room::open()?;
    room.page.press_button("Train")?;
    room.page.wait_for_notice("no example")?;
    room.import_text(r#"{"word":"cat","key_id":"1","recognized":true,"drawing":[[[0,9],[0,9]]]}"#)?;
    room.page.wait_for_notice("none of the ten garments")?;
    room.import(&examples()?)?;
    room.import_text("no drawings at all")?;
    room.page.wait_for_notice("line 1")?;
    // It lies above the page, perhaps on a button.
    room.page.press_button("Dismiss")?;
    room.wait_for_words("tray-summary", "4 examples")?;
    room.set("Learning rate", "-1")?;
    room.page.press_button("Train")?;
    room.page.wait_for_notice("learning rate")?;
    ensure!(room.attribute("data-phase")? == "idle");
    Ok(())
}

#[test]
fn a_field_that_holds_nonsense_says_so_and_training_waits() -> Result<()> {
    let room = Room::open()?;
    room.import(&examples()?)?;
    room.set("Steps", "3")?;
    room.set("Stop by itself", "90")?;
    let field = "document.querySelector('#field-learningrate')";
    let ask = |what: &str| room.page.browser.script(&format!("return {what}"), &[]);
    let described =
        format!("document.getElementById({field}.getAttribute('aria-describedby'))?.innerText");
    for (typed, words) in [
        ("1e-", "is not a number"),
        ("", "Enter a number"),
        ("0,002", "point"),
    ] {
        ask(&format!("({field}.focus(), {field}.select())"))?;
        room.page.browser.press(&["Delete"])?;
        for key in typed.chars() {
            room.page.browser.press(&[&key.to_string()])?;
        }
        room.page.press_button("Train")?;
        room.page.wait_for_notice("Learning rate")?;
        ensure!(room.attribute("data-phase")? == "idle");
        let text = ask(&described)?;
        ensure!(
            text.as_str().is_some_and(|text| text.contains(words)),
            "{text}"
        );
        ensure!(ask(&format!("{field}.ariaInvalid"))? == "true");
        ensure!(ask(&format!("{field}.value"))? == typed);
    }
    room.set("Learning rate", "0.002")?;
    ensure!(ask(&format!("{field}.ariaInvalid"))?.is_null());
    room.page.press_button("Train")?;
    room.wait_for_phase("done")?;
    let row = room.page.text()?;
    ensure!(row.contains("learning rate 0.002"), "{row}");
    room.end()
}

#[test]
fn a_second_tab_looks_on_until_the_first_one_is_closed() -> Result<()> {
    let room = Room::open()?;
    let browser = &room.page.browser;
    room.teach(&BAG.lines(), "Bag")?;
    room.wait_for_words("tray-summary", "1 example")?;
    let first = browser.open_tab(&room.site.url("#/teach"))?;
    room.page.wait_until_ready()?;
    let looks_on = || -> Result<Option<bool>> {
        let script = "return !document.querySelector('[data-testid=looking-on]').hidden";
        Ok(browser.script(script, &[])?.as_bool())
    };
    wait_for(
        "looking on",
        || Ok(looks_on()?.filter(|looks_on| *looks_on)),
    )?;
    room.wait_for_words("tray-summary", "1 example")?;
    room.teach(&DRESS.lines(), "Dress")?;
    room.page.wait_for_notice("close the other one")?;
    ensure!(room.words("tray-summary")?.contains("1 example"));
    browser.close_tab(&first)?;
    wait_for("its turn", || Ok(looks_on()?.filter(|looks_on| !looks_on)))?;
    let said = room.page.text()?;
    ensure!(!said.contains("Another tab"), "{said}");
    room.teach(&DRESS.lines(), "Dress")?;
    room.wait_for_words("tray-summary", "2 examples of 2 classes")
}

#[test]
fn a_misread_drawing_is_kept_in_passing() -> Result<()> {
    let room = Room::open()?;
    let browser = &room.page.browser;
    browser.script("location.hash = '#/draw'", &[])?;
    room.page
        .draw(tests::browser::Pointer::Mouse, &BAG.lines())?;
    room.page.settled_guess()?;
    let script = "const field = document.querySelector('.misread select'); \
        field.focus(); \
        field.value = arguments[0];";
    browser.script(script, &[json!("3")])?;
    // With a list focused, letters choose in it: "e" is not the eraser.
    browser.press(&["e"])?;
    let tool = "return document.querySelector('[name=tool]:checked').parentElement.innerText";
    ensure!(browser.script(tool, &[])? == "Brush");
    browser.script(script, &[json!("3")])?;
    room.page.press_button("Keep as an example")?;
    room.wait_for_words("kept", "1 example")?;
    room.reload()?;
    room.wait_for_words("tray-summary", "1 example")?;
    let label = browser.script(
        "return document.querySelector('.tray:not([hidden])').dataset.label",
        &[],
    )?;
    ensure!(label == "3", "{label}");
    room.end()
}

#[test]
fn a_foreign_or_broken_net_is_refused_in_words_and_nothing_is_lost() -> Result<()> {
    let room = Room::open()?;
    room.import(&examples()?)?;
    room.page
        .draw(tests::browser::Pointer::Mouse, &BAG.lines())?;
    let before = room.page.settled_guess()?;
    let folder = tempfile::tempdir()?;
    let assets = tests::dist().join("assets");
    let [weights, sidecar] = ["net.weights", "net.json"].map(|name| folder.path().join(name));
    fs::copy(assets.join("compact.weights"), &weights)?;
    fs::copy(assets.join("golden.json"), &sidecar)?;
    room.load_net(&[&weights, &sidecar])?;
    room.page.wait_for_notice("metadata of the weights")?;
    fs::copy(assets.join("compact.json"), &sidecar)?;
    let mut damaged = fs::read(&weights)?;
    damaged[5_000] ^= 1;
    fs::write(&weights, damaged)?;
    room.load_net(&[&weights, &sidecar])?;
    room.page.wait_for_notice("the checksum")?;
    room.page.press_button("Dismiss")?;
    room.load_net(&[&weights])?;
    room.page.wait_for_notice("damaged")?;
    room.load_net(&[&sidecar])?;
    room.page.wait_for_notice("Choose one network")?;
    room.wait_for_words("answering", "as it came")?;
    room.wait_for_words("tray-summary", "4 examples")?;
    room.page.wait_for_guess(Some(before))?;
    room.end()
}
