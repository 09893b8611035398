//! One person's visit, which ends with a look at what must hold after every visit.

use anyhow::{Result, ensure};
use tests::browser::WebGpu;
use tests::dist;
use tests::page::Page;
use tests::site::Site;

/// A site with the built page, and the page in a browser, ready to guess.
pub(crate) struct Visit {
    pub(crate) site: Site,
    pub(crate) page: Page,
}

impl Visit {
    /// Opens the page as it is built.
    pub(crate) fn new(webgpu: WebGpu) -> Result<Self> {
        let site = Site::of(&dist())?;
        let page = Page::open_ready(&site, webgpu)?;
        Ok(Self { site, page })
    }

    /// Ends a visit in which nothing went wrong: no error in the console, no request elsewhere, no text
    /// that a translator could not follow.
    pub(crate) fn end(self) -> Result<()> {
        self.page.assert_no_errors()?;
        self.page.assert_translatable()?;
        let reports = self.site.reports();
        ensure!(
            reports.is_empty(),
            "requests to other origins: {reports:#?}"
        );
        Ok(())
    }
}
