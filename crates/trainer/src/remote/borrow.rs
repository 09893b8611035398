//! The side that borrows.

use std::path::Path;

use anyhow::Result;
use burn::remote::{ConnectError, RemoteHost};
use burn::tensor::Device;

use crate::files;
use crate::output::print_line;
use crate::usage::UsageError;

/// The devices that are lent at these addresses. Waits some seconds for each, as it may be about
/// to start.
///
/// # Errors
/// Where one is not lent, or not to the bearer of this token.
pub fn borrow(addresses: &[String], token_file: Option<&Path>) -> Result<Vec<Device>> {
    let token = token_file.map(read_token).transpose()?;
    let borrow_one = |address: &String| {
        print_line!("borrowing the device at {address}")?;
        let mut host = RemoteHost::websocket(address);
        if let Some(token) = &token {
            host = host.with_credential(token.as_str());
        }
        let device = Device::remote_options(&host).init();
        Ok(device.map_err(|error| UsageError::new(sentence(address, &error)))?)
    };
    addresses.iter().map(borrow_one).collect()
}

fn sentence(address: &str, error: &ConnectError) -> String {
    match error {
        ConnectError::Unauthorized => format!(
            "{address} asks for another token: give by --token-file the one that `serve` was given there"
        ),
        ConnectError::Unreachable { .. } => format!(
            "nobody lends a device at {address}: start `trainer serve` there, or correct --remote"
        ),
        other => format!("the device at {address} cannot be borrowed: {other}"),
    }
}

/// The token in a file, without space around it.
///
/// # Errors
/// Where there is none.
pub fn read_token(path: &Path) -> Result<String> {
    let refuse = |reason: &str| {
        UsageError::new(format!("there is no token in {}: {reason}", path.display()))
    };
    let text = files::read_text(path)?;
    match text.trim() {
        "" => Err(refuse("the file is empty").into()),
        token => Ok(token.to_owned()),
    }
}
