//! `cargo xtask bench`: the page's figures, measured on this machine, as a Markdown table or JSON.
//!
//! Each runtime is a module that returns [`Figure`]s; another runtime (on the same images, in the same
//! browser) is one more module and one more line in [`figures`].

mod browser;
mod figure;
mod inference;
mod native;
mod startup;
mod teach;
mod training;
mod viewer;

use anyhow::{Result, anyhow, bail};
use figure::Figure;
use tests::dist;
use xtask::wire;

/// As the trainer has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the first column says of our own figures.
const WARDROBE: &str = "Wardrobe";

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let as_json = match words.as_slice() {
        [word, options @ ..] if word == "native" => return native::run(options),
        [word, options @ ..] if word == "browser" => return browser::run(options),
        [word, options @ ..] if word == "teach" => return teach::run(options),
        [word] if word == "viewer" => {
            print!("{}", figure::table(&viewer::figures()?));
            return Ok(());
        }
        [] => false,
        [flag] if flag == "--json" => true,
        _ => bail!("bench takes nothing but `browser`, `native`, `teach`, `viewer` and `--json`"),
    };
    let figures = figures()?;
    if as_json {
        println!("{}", figure::json(&figures));
    } else {
        print!("{}", figure::table(&figures));
    }
    Ok(())
}

fn figures() -> Result<Vec<Figure>> {
    let mut figures = wire_bytes()?;
    figures.extend(startup::figures()?);
    figures.extend(inference::figures()?);
    figures.extend(viewer::figures()?);
    figures.extend(training::figures()?);
    Ok(figures)
}

fn wire_bytes() -> Result<Vec<Figure>> {
    let parts = wire::weigh(&dist()).map_err(|sentence| anyhow!(sentence))?;
    let figure = |part: &wire::Part| Figure {
        runtime: WARDROBE,
        device: "",
        what: format!("{}, over the wire", part.budget.name),
        value: part.wire_bytes() as f64 / 1000.0,
        unit: "KB (brotli)",
    };
    Ok(parts.iter().map(figure).collect())
}
