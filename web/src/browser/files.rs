//! Files of the page's own site.

use super::words;
use js_sys::{Array, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // Declared by hand: web-sys's feature for the options would compile the page's view library once more.
    fn fetch(path: &str) -> Promise;
    #[wasm_bindgen(js_name = fetch)]
    fn fetch_with(path: &str, options: &Object) -> Promise;
}

/// Whether the browser's cache may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// It may.
    Allowed,
    /// The server answers, and what it sends replaces what the cache holds: that may be damaged.
    Bypassed,
}

/// Rows that were read, and why some were not.
#[derive(Debug, PartialEq)]
pub struct Rows<T> {
    /// Those that were read, in their order.
    pub read: Vec<T>,
    /// One sentence about the others, if there are any.
    pub left_out: Option<String>,
}

/// A file's content, as `read` makes it of the bytes. A damaged file is fetched once more from the server,
/// as the browser's cache may hold a damaged copy.
///
/// # Errors
/// One sentence that names the file and says why it could not be fetched or read.
pub async fn content<T>(
    path: &str,
    read: impl Fn(&[u8]) -> Result<T, String>,
) -> Result<T, String> {
    if let Ok(content) = read(&bytes(path, Cache::Allowed).await?) {
        return Ok(content);
    }
    read(&bytes(path, Cache::Bypassed).await?).map_err(|reason| {
        format!(
            "{path} arrives damaged from the server ({reason}). All else goes on; try again later."
        )
    })
}

async fn bytes(path: &str, cache: Cache) -> Result<Vec<u8>, String> {
    let buffer = body(request(path, cache)).await;
    let buffer = buffer.map_err(|reason| {
        format!("{path} could not be fetched ({reason}). Check the connection and try again.")
    })?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The list of rows that stands under `name` in a JSON file. `read` makes a row of `N` whole numbers what
/// it means, or `None`; `what` says what a row holds.
///
/// # Errors
/// As [`content`].
pub async fn rows<const N: usize, T>(
    path: &str,
    name: &str,
    what: &str,
    read: impl Fn([usize; N]) -> Option<T>,
) -> Result<Rows<T>, String> {
    let list = content(path, |bytes| list(bytes, name)).await?;
    Ok(read_rows(path, &list, what, read))
}

/// The rows as they stand in the file; what is no number in them is NaN.
fn list(bytes: &[u8], name: &str) -> Result<Vec<Vec<f64>>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text")?;
    let file = JSON::parse(text).map_err(|error| words(&error))?;
    let rows = Reflect::get(&file, &name.into()).ok();
    let rows = rows
        .filter(Array::is_array)
        .ok_or("it holds no such list")?;
    let numbers = |row: JsValue| {
        let cells = Array::is_array(&row).then(|| Array::from(&row));
        let cells = cells.iter().flat_map(Array::iter);
        cells
            .map(|cell| cell.as_f64().unwrap_or(f64::NAN))
            .collect()
    };
    Ok(Array::from(&rows).iter().map(numbers).collect())
}

fn read_rows<const N: usize, T>(
    path: &str,
    rows: &[Vec<f64>],
    what: &str,
    read: impl Fn([usize; N]) -> Option<T>,
) -> Rows<T> {
    let row = |numbers: &Vec<f64>| {
        let whole = |number: &f64| {
            let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number);
            is_whole.then_some(*number as usize)
        };
        let numbers: Option<Vec<usize>> = numbers.iter().map(whole).collect();
        read(numbers?.try_into().ok()?)
    };
    let results: Vec<Option<T>> = rows.iter().map(row).collect();
    let left_out = results.iter().filter(|row| row.is_none()).count();
    let first = results.iter().position(Option::is_none);
    let left_out = first.map(|first| {
        format!(
            "{left_out} of {} rows of {path} are left out: row {} does not hold {what}.",
            rows.len(),
            first + 1
        )
    });
    Rows {
        read: results.into_iter().flatten().collect(),
        left_out,
    }
}

/// Asks for a file of the site.
pub(super) fn request(path: &str, cache: Cache) -> Promise {
    match cache {
        Cache::Allowed => fetch(path),
        Cache::Bypassed => {
            let options = Object::new();
            // A plain object takes any property.
            let _ = Reflect::set(&options, &"cache".into(), &"reload".into());
            fetch_with(path, &options)
        }
    }
}

/// What a fetch brings, or why it brings nothing.
pub(super) async fn body(request: Promise) -> Result<JsValue, String> {
    let response = JsFuture::from(request)
        .await
        .map_err(|error| words(&error))?;
    let response: web_sys::Response = response.unchecked_into();
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let buffer = response.array_buffer().map_err(|error| words(&error))?;
    JsFuture::from(buffer).await.map_err(|error| words(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &str = "the numbers of two images";

    fn pair(rows: &[Vec<f64>]) -> Rows<[usize; 2]> {
        let small = |pair: [usize; 2]| (pair[0] < 10).then_some(pair);
        read_rows("assets/list.json", rows, PAIR, small)
    }

    #[test]
    fn rows_that_cannot_be_read_are_counted_and_the_first_is_named() {
        let rows = [
            vec![1.0, 2.0],
            vec![1.0],
            vec![f64::NAN, 2.0],
            vec![-1.0, 2.0],
            vec![1.5, 2.0],
            vec![99.0, 2.0],
            vec![3.0, 4.0],
        ];
        let found = pair(&rows);
        assert_eq!(found.read, [[1, 2], [3, 4]]);
        assert_eq!(
            found.left_out.as_deref(),
            Some(
                "5 of 7 rows of assets/list.json are left out: row 2 does not hold the numbers of two images."
            )
        );
        assert_eq!(pair(&rows[..1]).left_out, None);
    }
}
