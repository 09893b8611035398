//! The map: fetched, coloured, moved about on, and a part of it chosen.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::browser::{Pointer, WebGpu, wait_for};
use tests::dist;
use tests::drawings::BAG;
use tests::page::Page;
use tests::site::Site;

use crate::data_room::{ask, classify_test_set, go, open, text_of};
use crate::data_room::{wait_for_count, wait_for_test_set, wait_for_text};
use crate::visit::Visit;

const MAP: &str = "assets/map.bin";
const CANVAS: &str = "[data-testid=map]";
const COUNT: &str = "[data-testid=map-count]";

/// Where the canvas lies in the window, and pixels of the colour of a class: `[left, top, width, height, x, y]`,
/// `x` and `y` within the canvas; null while no point is painted.
const LOOK: &str = "const canvas = document.querySelector('[data-testid=map]'); \
    if (!canvas || !canvas.width) return null; \
    const wanted = getComputedStyle(canvas).getPropertyValue('--class-' + arguments[0]).trim(); \
    const { width, height } = canvas; \
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); \
    const hex = at => '#' + [0, 1, 2].map(i => data[at + i].toString(16).padStart(2, '0')).join(''); \
    const found = []; \
    for (let at = 0; at < data.length; at += 4) if (hex(at) === wanted) found.push(at / 4); \
    if (!found.length) return null; \
    const box = canvas.getBoundingClientRect(); \
    const one = found[found.length >> 1]; \
    return [box.left, box.top, box.width, box.height, one % width * box.width / width, Math.floor(one / width) * box.height / height];";

fn look(page: &Page, class: usize) -> Result<[f64; 6]> {
    let found = wait_for("points", || {
        let found = page.browser.script(LOOK, &[json!(class)])?;
        Ok((!found.is_null()).then_some(found))
    });
    Ok(serde_json::from_value(found?)?)
}

/// A sum over the canvas's pixels, which tells pictures apart.
fn picture(page: &Page) -> Result<Value> {
    ask(
        page,
        "const canvas = document.querySelector('[data-testid=map]'); \
         const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height); \
         return data.reduce((sum, value) => (sum * 31 + value) % 1000003, 7);",
    )
}

fn wait_for_other(page: &Page, before: &Value) -> Result<Value> {
    wait_for("another picture", || {
        let now = picture(page)?;
        Ok((now != *before).then_some(now))
    })
}

fn open_map(site: &Site) -> Result<Page> {
    let page = open(site, "view=map")?;
    wait_for_test_set(&page)?;
    wait_for_text(&page, COUNT, "10,000 of 70,000")?;
    Ok(page)
}

#[test]
fn the_map_shows_its_images_and_moves_under_mouse_finger_and_wheel() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open_map(&site)?;
    let [left, top, width, height, x, y] = look(&page, 9)?;
    let start = picture(&page)?;
    let hover = "document.querySelector('[data-testid=map]').dispatchEvent(new PointerEvent('pointermove', \
                 { clientX: arguments[0], clientY: arguments[1], bubbles: true }))";
    page.browser
        .script(hover, &[json!(left + x), json!(top + y)])?;
    wait_for_text(&page, "[data-testid=pointed]", "Ankle boot")?;
    let press = [(left + x, top + y), (left + x, top + y)];
    page.browser.drag(Pointer::Mouse, &press)?;
    wait_for_text(&page, ".details", "Ankle boot")?;
    let (middle, down) = (left + width / 2.0, top + height / 2.0);
    let path = [
        (middle, down),
        (middle + 40.0, down),
        (middle + 80.0, down + 30.0),
    ];
    let mut last = wait_for_other(&page, &start)?;
    for pointer in [Pointer::Mouse, Pointer::Touch] {
        page.browser.drag(pointer, &path)?;
        last = wait_for_other(&page, &last)?;
    }
    let wheel = "document.querySelector('[data-testid=map]').dispatchEvent(new WheelEvent('wheel', \
                 { deltaY: -300, bubbles: true, cancelable: true }))";
    ask(&page, wheel)?;
    wait_for_other(&page, &last)?;
    page.assert_no_errors()?;
    ensure!(site.requests().iter().filter(|path| *path == MAP).count() == 1);
    Ok(())
}

#[test]
fn a_line_around_a_part_of_the_map_leaves_its_images() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open_map(&site)?;
    let [left, top, width, height, x, y] = look(&page, 1)?;
    page.choose("Select")?;
    // Around trousers, which lie apart from all else.
    let (x, y, reach) = (left + x, top + y, width.min(height) / 6.0);
    let corner = |across: f64, down: f64| {
        let x = (x + across * reach).clamp(left + 2.0, left + width - 2.0);
        (x, (y + down * reach).clamp(top + 2.0, top + height - 2.0))
    };
    let path = [
        (-1.0, -1.0),
        (-1.0, -1.0),
        (1.0, -1.0),
        (1.0, 1.0),
        (-1.0, 1.0),
    ];
    let path = path.map(|(across, down)| corner(across, down));
    page.browser.drag(Pointer::Mouse, &path)?;
    let words = wait_for("a part of the map", || {
        Ok(Some(text_of(&page, COUNT)?).filter(|words| !words.starts_with("10,000")))
    })?;
    let count = words.split(' ').next().context("no count")?.to_owned();
    page.press_button(&format!("Show {count} images"))?;
    wait_for_count(&page, &format!("{count} images"))?;
    let hash = ask(&page, "return location.hash")?;
    ensure!(
        hash.as_str().is_some_and(|hash| hash.contains("region=")),
        "{hash}"
    );
    go(
        &page,
        hash.as_str()
            .and_then(|hash| hash.split_once('?'))
            .context("no query")?
            .1,
    )?;
    wait_for_count(&page, &format!("{count} images"))?;
    page.press_button("Show all")?;
    wait_for_count(&page, "10,000 images")?;
    page.assert_no_errors()
}

#[test]
fn keys_move_a_cursor_and_draw_a_rectangle() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open_map(&site)?;
    ask(&page, "document.querySelector('[data-testid=map]').focus()")?;
    for _ in 0..4 {
        page.browser.press(&["PageUp"])?;
        page.browser.press(&["PageUp"])?;
        page.browser.press(&["ArrowLeft"])?;
    }
    page.browser.press(&[" "])?;
    for _ in 0..9 {
        page.browser.press(&["PageDown"])?;
    }
    for _ in 0..20 {
        page.browser.press(&["ArrowRight"])?;
    }
    page.browser.press(&["Enter"])?;
    let words = wait_for("a part of the map", || {
        Ok(Some(text_of(&page, COUNT)?).filter(|words| !words.starts_with("10,000")))
    })?;
    ensure!(!words.starts_with("0 "), "{words}");
    let before = picture(&page)?;
    page.browser.press(&["+"])?;
    wait_for_other(&page, &before)?;
    page.assert_no_errors()
}

#[test]
fn the_map_has_a_table_that_says_the_same() -> Result<()> {
    let site = Site::of(&dist())?;
    let page = open_map(&site)?;
    ask(
        &page,
        "document.querySelector('[data-testid=map-table]').parentElement.open = true",
    )?;
    let table = wait_for_text(&page, "[data-testid=map-table]", "1,000")?;
    let shirt = table
        .lines()
        .find(|line| line.starts_with("Shirt"))
        .context("no shirts")?;
    ensure!(
        shirt.contains("T-shirt/top") || shirt.contains("Coat"),
        "{shirt}"
    );
    page.assert_no_errors()
}

#[test]
fn the_drawing_becomes_a_point_among_its_like_and_answers_colour_the_map() -> Result<()> {
    let visit = Visit::new(WebGpu::None)?;
    let page = &visit.page;
    page.draw(Pointer::Mouse, &BAG.lines())?;
    page.settled_guess()?;
    go(page, "view=map&colour=prediction")?;
    wait_for_test_set(page)?;
    wait_for_text(page, "[data-testid=drawing-place]", "classify the images")?;
    classify_test_set(page)?;
    wait_for_text(page, "[data-testid=drawing-place]", "among images of: Bag")?;
    look(page, 8)?;
    go(page, "view=map&colour=error&outcome=wrong")?;
    wait_for_text(page, ".legend", "wrong")?;
    let words = wait_for("the wrong ones", || {
        Ok(Some(text_of(page, COUNT)?).filter(|words| !words.starts_with("10,000")))
    })?;
    ensure!(words.ends_with("of 70,000 images"), "{words}");
    visit.end()
}

#[test]
fn a_map_that_is_missing_or_cut_short_is_said_to_be_and_fetched_again() -> Result<()> {
    let site = Site::of(&dist())?;
    for (is_there, words) in [(false, "could not be fetched"), (true, "arrives damaged")] {
        site.alter(MAP, move |file| is_there.then(|| file[..1_000].to_vec()));
        let page = open(&site, "view=map")?;
        let sentence = wait_for_text(&page, ".gallery [role=alert]", words)?;
        ensure!(sentence.contains(MAP), "{sentence}");
        go(&page, "view=images")?;
        wait_for_test_set(&page)?;
        wait_for_count(&page, "10,000 images")?;
        site.repair();
        go(&page, "view=map")?;
        look(&page, 1).context(CANVAS)?;
    }
    Ok(())
}
