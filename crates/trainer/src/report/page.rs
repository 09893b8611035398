//! The report's page: HTML that asks for nothing from elsewhere and prints well.

use std::fmt::Write;

use anyhow::Result;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::RgbImage;
use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::metrics::ConfusionMatrix;

use crate::files;

const STYLE: &str = "
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1c2028; background: #fff; }
h1, h2, h3 { line-height: 1.2; break-after: avoid; }
h2 { margin-top: 2.5rem; border-top: 1px solid #d8dce4; padding-top: 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0; }
p, ul { max-width: 62rem; }
th, td { padding: .2rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #e6e9ef; }
th { white-space: normal; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
.scroll { overflow-x: auto; }
.matrix td, .matrix th { padding: .25rem .45rem; font-size: .85rem; }
figure { margin: 1rem 0; break-inside: avoid; }
figcaption { color: #59606e; font-size: .9rem; }
img, svg { max-width: 100%; height: auto; }
img { image-rendering: pixelated; }
.pair { display: flex; flex-wrap: wrap; gap: 1rem; }
.pair figure { flex: 1 1 22rem; margin: 0; }
@page { margin: 14mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { margin-top: 1.5rem; }
  .scroll { overflow: visible; }
  .scroll, .pair, li { break-inside: avoid; }
  th, td { font-size: 8pt; padding: .15rem .3rem; }
  .matrix td, .matrix th { font-size: 7pt; padding: .15rem .2rem; }
  figure { text-align: center; }
  figure > img { max-height: 105mm; }
}
";

/// A page that grows from top to bottom.
pub struct Page(String);

impl Page {
    /// A page with this title.
    pub fn new(title: &str) -> Page {
        let title = escaped(title);
        Page(format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n<h1>{title}</h1>\n"
        ))
    }

    /// A heading over a section.
    pub fn section(&mut self, heading: &str) {
        self.add(&format!("<h2>{}</h2>", escaped(heading)));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.add(&format!("<p>{}</p>", escaped(text)));
    }

    /// A list of sentences.
    pub fn list(&mut self, items: &[String]) {
        let items: String = items
            .iter()
            .map(|item| format!("<li>{}</li>", escaped(item)))
            .collect();
        self.add(&format!("<ul>{items}</ul>"));
    }

    /// A table; the first row is its head.
    pub fn table(&mut self, rows: &[Vec<String>]) {
        let mut table = String::from("<div class=\"scroll\"><table>");
        for (index, row) in rows.iter().enumerate() {
            let tag = if index == 0 { "th" } else { "td" };
            let cells: String = row
                .iter()
                .map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell)))
                .collect();
            table += &format!("<tr>{cells}</tr>");
        }
        self.add(&(table + "</table></div>"));
    }

    /// Charts side by side where there is room, each with what it shows.
    pub fn charts(&mut self, charts: &[(String, &str)]) {
        let figures: String = charts
            .iter()
            .map(|(svg, caption)| figure(svg, caption))
            .collect();
        self.add(&format!("<div class=\"pair\">{figures}</div>"));
    }

    /// A picture with what it shows.
    ///
    /// # Errors
    /// If it has no pixels.
    pub fn picture(&mut self, picture: &RgbImage, caption: &str) -> Result<()> {
        let data = BASE64_STANDARD.encode(files::png(picture)?);
        let alt = escaped(caption);
        let image = format!("<img alt=\"{alt}\" src=\"data:image/png;base64,{data}\">");
        self.add(&figure(&image, caption));
        Ok(())
    }

    /// A confusion matrix, the darker the more of a class fell into a cell.
    pub fn matrix(&mut self, confusion: &ConfusionMatrix) {
        let mut table = String::from(
            "<div class=\"scroll\"><table class=\"matrix\"><tr><th>is \\ read as</th>",
        );
        for name in CLASS_NAMES {
            table += &format!("<th>{name}</th>");
        }
        for (class, row) in confusion.counts().iter().enumerate() {
            table += &format!("</tr><tr><th>{}</th>", CLASS_NAMES[class]);
            let whole = row.iter().sum::<u64>().max(1);
            for (predicted, &count) in row.iter().enumerate().take(CLASS_COUNT) {
                let colour = if predicted == class {
                    "40 140 90"
                } else {
                    "200 60 60"
                };
                let share = (count as f64 / whole as f64).sqrt();
                let _ = write!(
                    table,
                    "<td style=\"background:rgb({colour} / {share:.2})\">{count}</td>"
                );
            }
        }
        self.add(&(table + "</tr></table></div>"));
    }

    /// The whole page.
    pub fn finish(self) -> String {
        self.0 + "</html>\n"
    }

    fn add(&mut self, html: &str) {
        self.0.push_str(html);
        self.0.push('\n');
    }
}

fn figure(inner: &str, caption: &str) -> String {
    format!(
        "<figure>{inner}<figcaption>{}</figcaption></figure>",
        escaped(caption)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_cannot_break_the_page_or_reach_elsewhere() -> Result<()> {
        let mut page = Page::new("a < b");
        page.paragraph("<script src=\"https://example.org\">");
        page.table(&[vec!["head".into()], vec!["1 & 2".into()]]);
        page.picture(&RgbImage::new(2, 2), "two \"dots\"")?;
        page.matrix(&ConfusionMatrix::new());
        let html = page.finish();
        assert!(
            !html.contains("<script") && html.contains("1 &amp; 2"),
            "{html}"
        );
        assert!(!html.contains("src=\"http") && html.contains("src=\"data:image/png;base64,"));
        Ok(())
    }
}
