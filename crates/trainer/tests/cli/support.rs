//! A folder to play in, with a small net of random weights, and a way to call the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use model::class::{CLASS_COUNT, CLASS_NAMES};
use model::image::{Image, MEAN, STD};
use model::net::{Config, Net, cpu_device};
use model::weights::{self, FORMAT_VERSION, Sidecar, Temperature, ValidationSet};
use serde_json::json;
use tempfile::TempDir;
use trainer::data::published;

/// A temporary folder with `net.weights` and `net.json`.
pub struct Playground {
    folder: TempDir,
    net: Net,
}

/// Strokes that are trousers by anybody's eye, `[x, y]`.
pub const LEGS: [[u8; 8]; 2] = [
    [60, 190, 200, 150, 128, 100, 55, 60],
    [20, 20, 240, 240, 90, 240, 240, 20],
];

/// What a call of the program gave.
pub struct Answer {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Playground {
    /// A new one; the same weights every time.
    pub fn new() -> anyhow::Result<Playground> {
        let folder = tempfile::tempdir()?;
        let config = Config::Mlp { hidden: 8 };
        let model = config.init(5, &cpu_device());
        let tensors = pollster::block_on(model.to_tensors()).map_err(anyhow::Error::msg)?;
        let bytes = weights::encode(&tensors);
        let sidecar = Sidecar {
            format_version: FORMAT_VERSION,
            architecture: config.architecture().name().into(),
            config: serde_json::to_value(&config)?,
            folded: true,
            mean: MEAN,
            std: STD,
            class_names: CLASS_NAMES.map(String::from).to_vec(),
            temperature: Temperature {
                photo: 1.5,
                drawing: 0.5,
            },
            confidence: None,
            metrics: Default::default(),
            data_hash: model::published::data_hash(),
            validation: Some(ValidationSet::USUAL),
            seed: 5,
            crc32: weights::crc32(&bytes),
            parameters: 0,
        };
        std::fs::write(folder.path().join("net.weights"), &bytes)?;
        let json = serde_json::to_string(&sidecar)?;
        std::fs::write(folder.path().join("net.json"), json)?;
        let net = Net::from_weights(&bytes, &sidecar, &cpu_device())?;
        Ok(Playground { folder, net })
    }

    /// The path of `name` in the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes the folder one for `--drawings`: lines of Quick, Draw!, and a square icon of each style.
    pub fn write_drawings(
        &self,
        train: &str,
        validation: &str,
        styles: &[&str],
    ) -> anyhow::Result<()> {
        let square = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M2 2h5v5H2z"/></svg>"#;
        let icon = |style: &&str| json!({"label": 8, "style": style, "svg": square}).to_string();
        let icons: Vec<String> = styles.iter().map(icon).collect();
        for (path, text) in [
            ("quickdraw/train/all.ndjson", train),
            ("quickdraw/validation/all.ndjson", validation),
            ("icons/validation.jsonl", &icons.join("\n")),
        ] {
            let path = self.file(path);
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            std::fs::write(path, text)?;
        }
        Ok(())
    }

    /// What the program's net says of an image, computed in this process.
    pub fn logits(&self, image: &Image) -> anyhow::Result<[f32; CLASS_COUNT]> {
        Ok(self.net.logits_blocking(std::slice::from_ref(image))?[0])
    }

    /// The program in the folder, with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove(published::FOLDER_VARIABLE);
        command
    }

    /// Calls the program and waits for it.
    pub fn trainer(&self, arguments: &[&str]) -> anyhow::Result<Answer> {
        let output: Output = self.command(arguments).output()?;
        Ok(Answer {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }
}

impl Answer {
    /// Checks that the program blamed the call, in one line that contains `expected`.
    pub fn is_usage_error(&self, expected: &str) {
        assert_eq!(self.status, Some(2), "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.contains(expected), "{}", self.stderr);
    }

    /// The lines of standard output as JSON.
    pub fn json_lines(&self) -> anyhow::Result<Vec<serde_json::Value>> {
        let parse = |line: &str| Ok(serde_json::from_str(line)?);
        self.stdout.lines().map(parse).collect()
    }
}

/// Where Fashion-MNIST lies on this machine.
pub fn data_folder() -> anyhow::Result<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let local = repository.join(published::LOCAL_FOLDER);
    if std::env::var_os(published::FOLDER_VARIABLE).is_none() && local.is_dir() {
        return Ok(local);
    }
    published::find(None)
}
