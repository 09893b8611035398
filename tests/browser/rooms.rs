//! The page's rooms: their addresses, the way back, and that each keeps its state.

use std::fs;

use anyhow::{Result, ensure};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::BAG;
use tests::page::Page;
use tests::site::Site;

use crate::data_room;
use crate::visit::Visit;

fn wait_for_room(page: &Page, room: &str) -> Result<()> {
    wait_for("the room", || {
        Ok((page.root_attribute("data-room")? == room).then_some(()))
    })
}

#[test]
fn rooms_have_addresses_and_the_drawing_outlives_a_walk_through_them() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    let guess = page.settled_guess()?;
    page.browser.click("//nav//a[normalize-space()='Data']")?;
    wait_for_room(page, "data")?;
    let current = "return document.querySelector('nav [aria-current=page]').innerText";
    ensure!(page.browser.script(current, &[])? == "Data");
    page.browser.press(&["b"])?;
    page.browser.script("history.back()", &[])?;
    wait_for_room(page, "draw")?;
    ensure!(page.settled_guess()? == guess);
    page.browser.script("history.forward()", &[])?;
    wait_for_room(page, "data")?;
    visit.end()
}

#[test]
fn page_and_workers_obey_the_policy_that_their_server_sends() -> Result<()> {
    let site = Site::of(&dist())?;
    let policy = site.obey_policy()?;
    let html = fs::read_to_string(dist().join("index.html"))?;
    ensure!(html.contains(policy), "index.html states another: {policy}");
    let page = Page::open_ready(&site, WebGpu::Software)?;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    wait_for("WebGPU", || {
        Ok((!page.root_attribute("data-self-test-webgpu")?.is_empty()).then_some(()))
    })?;
    data_room::go(&page, "")?;
    data_room::wait_for_test_set(&page)?;
    page.assert_no_errors()?;
    ensure!(site.reports().is_empty(), "{:#?}", site.reports());
    Ok(())
}

#[test]
fn a_room_s_address_opens_it_at_once() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    visit.page.browser.open("about:blank")?;
    visit.page.browser.open(&visit.site.url("#/data"))?;
    wait_for_room(&visit.page, "data")?;
    visit.page.wait_until_ready()?;
    visit.end()
}
