//! Browsers that keep nothing: teaching goes on, and says so.

use anyhow::{Result, ensure};
use serde_json::json;
use tests::browser::{Browser, Pointer, WebGpu};
use tests::drawings::BAG;

use crate::teach_room::{Room, examples};

/// Locks that are refused, as where site data are blocked.
const NO_LOCKS: &str = "if (navigator.locks) LockManager.prototype.request = () => \
    Promise.reject(new DOMException('denied', 'SecurityError'));";

/// Locks of which nothing is heard.
const SILENT_LOCKS: &str =
    "if (navigator.locks) LockManager.prototype.request = () => new Promise(() => {});";

/// A database that is refused at once, later, or never.
const NO_DATABASE: &str =
    "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); };";
const LOST_DATABASE: &str = "Object.defineProperty(self, 'indexedDB', { value: undefined });";
const SILENT_DATABASE: &str = "IDBFactory.prototype.open = function () { \
        const request = Object.create(IDBOpenDBRequest.prototype); \
        for (const name of ['onsuccess', 'onerror', 'onupgradeneeded']) \
            Object.defineProperty(request, name, { set() {} }); \
        Object.defineProperty(request, 'error', { get() { throw new DOMException('pending', 'InvalidStateError'); } }); \
        return request; \
    };";

/// Teaches in this room, which keeps nothing if `says_so`.
fn teach(room: &Room, says_so: bool) -> Result<()> {
    room.import(&examples()?)?;
    room.page.draw(Pointer::Mouse, &BAG.lines())?;
    room.set("Steps", "3")?;
    if says_so {
        room.wait_for_words("not-kept", "Nothing is kept here")?;
        // The notice lies over the buttons of a small window until it is dismissed.
        let dismiss = "document.querySelector('[data-testid=notice] button')?.click()";
        room.page.browser.script(dismiss, &[])?;
    }
    room.page.press_button("Train")?;
    room.wait_for_phase("done")?;
    room.wait_for_words("answering", "training 1 answers")?;
    room.page.settled_guess()?;
    let how_long = match says_so {
        true => "until this page is closed",
        // Once it has been stored.
        false => "after a reload too",
    };
    room.wait_for_words("answering", how_long)?;
    if says_so {
        room.wait_for_words("not-kept", "Nothing is kept here")?;
    }
    // What is not kept can still be saved and used.
    room.save(1, "Weights", "wardrobe-compact.weights")?;
    room.page.press_button("Take back")?;
    room.wait_for_words("answering", "as it came")?;
    room.page.press_button("Use")?;
    room.wait_for_words("answering", "training 1 answers")
}

fn check(script: &'static str, says_so: bool) -> Result<()> {
    let room = Room::open_in(Browser::start(WebGpu::None)?, script)?;
    teach(&room, says_so)?;
    room.end()
}

#[test]
fn teaching_goes_on_where_locks_are_refused() -> Result<()> {
    check(NO_LOCKS, false)
}

#[test]
fn teaching_goes_on_where_locks_never_answer() -> Result<()> {
    check(SILENT_LOCKS, false)
}

#[test]
fn teaching_goes_on_without_a_database_and_says_so() -> Result<()> {
    check(NO_DATABASE, true)?;
    check(LOST_DATABASE, true)
}

#[test]
fn teaching_goes_on_where_the_database_never_answers_and_says_so() -> Result<()> {
    check(SILENT_DATABASE, true)
}

/// As the person who switches it on in the browser's settings has it.
#[test]
fn teaching_goes_on_where_all_site_data_are_blocked() -> Result<()> {
    let blocked = json!({ "profile.default_content_setting_values.cookies": 2 });
    let browser = Browser::start_with(WebGpu::None, None, &blocked)?;
    let room = Room::open_in(browser, "")?;
    let refused = "try { localStorage; return false } catch { return true }";
    ensure!(
        room.page.browser.script(refused, &[])? == true,
        "not blocked"
    );
    teach(&room, true)
}

/// Damages the stored list of trainings.
const DAMAGE: &str = "return new Promise((done, fail) => { \
        const open = indexedDB.open('wardrobe', 1); \
        open.onerror = fail; \
        open.onsuccess = () => { \
            const write = open.result.transaction('kept', 'readwrite'); \
            write.objectStore('kept').put(new Uint8Array([2, 9, 9, 9, 9, 1]), 'teach.history'); \
            write.oncomplete = () => { open.result.close(); done(true); }; \
        }; \
    });";

/// What is set aside of it.
const SET_ASIDE: &str = "return new Promise((done, fail) => { \
        const open = indexedDB.open('wardrobe', 1); \
        open.onerror = fail; \
        open.onsuccess = () => { \
            const read = open.result.transaction('kept').objectStore('kept').get('teach.history.unread'); \
            read.onsuccess = () => { open.result.close(); done(Array.from(read.result ?? [])); }; \
        }; \
    });";

#[test]
fn what_cannot_be_read_is_set_aside_before_anything_takes_its_place() -> Result<()> {
    let room = Room::open()?;
    teach(&room, false)?;
    room.page.browser.script(DAMAGE, &[])?;
    room.reload()?;
    room.wait_for_words("not-kept", "It is set aside")?;
    let kept = room.page.browser.script(SET_ASIDE, &[])?;
    ensure!(kept == json!([2, 9, 9, 9, 9, 1]), "{kept}");
    room.end()
}
