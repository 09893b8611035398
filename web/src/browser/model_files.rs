//! Fetching the model's three files. The page owns them: each worker gets its copy from here.

use super::files::{Cache, body, request};
use js_sys::Uint8Array;
use protocol::Load;

const WEIGHTS: &str = "assets/compact.weights";
const SIDECAR: &str = "assets/compact.json";
const GOLDEN: &str = "assets/golden.json";

/// The model's files as they were fetched; the workers check them.
#[derive(Clone, Debug)]
pub struct ModelFiles(Load);

impl ModelFiles {
    /// Fetches the files side by side.
    ///
    /// # Errors
    /// One sentence that names the file that could not be fetched, and why.
    pub async fn fetch(cache: Cache) -> Result<Self, String> {
        // All three requests are under way before the first is waited for.
        let [weights, sidecar, golden] =
            [WEIGHTS, SIDECAR, GOLDEN].map(|path| (path, request(path, cache)));
        let weights = bytes(weights).await?;
        let sidecar = text(sidecar).await?;
        let golden = text(golden).await?;
        Ok(Self(Load {
            weights,
            sidecar,
            golden,
        }))
    }

    /// The bytes of the weights file.
    pub fn weights(&self) -> &[u8] {
        &self.0.weights
    }

    /// A copy for a worker.
    pub fn load(&self) -> Load {
        self.0.clone()
    }
}

type Fetch = (&'static str, js_sys::Promise);

async fn bytes((path, request): Fetch) -> Result<Vec<u8>, String> {
    let buffer = body(request)
        .await
        .map_err(|reason| sentence(path, &reason))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn text(fetch: Fetch) -> Result<String, String> {
    let path = fetch.0;
    String::from_utf8(bytes(fetch).await?).map_err(|_| sentence(path, "it is not text"))
}

fn sentence(path: &str, reason: &str) -> String {
    format!(
        "The model's file {path} could not be fetched ({reason}). Check the connection and try again."
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sentence_names_the_file() {
        let sentence = super::sentence(super::WEIGHTS, "the server answered 404");
        assert!(sentence.contains("assets/compact.weights") && sentence.contains("404"));
    }
}
