//! Devices of other machines, by burn's own server and remote device over WebSocket: `trainer serve` lends
//! this machine's, `train --remote` borrows others'.

#[cfg(feature = "workers")]
mod borrow;
#[cfg(feature = "workers")]
mod lend;

#[cfg(feature = "workers")]
pub use borrow::borrow;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::cli::Shared;
#[cfg(not(feature = "workers"))]
use crate::usage::UsageError;

/// Flags of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one. What other machines can reach needs a --token-file
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// File with a token, of any text, that a borrower has to know; without it, all may borrow who can
    /// reach the address
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// Lends this machine's device until Ctrl-C.
///
/// # Errors
/// Where strangers could use it, the address cannot be listened on, or this build cannot lend.
#[cfg(feature = "workers")]
pub fn run(flags: &Serve, shared: &Shared) -> Result<()> {
    lend::run(flags, shared)
}

/// Says how to get a build that can lend.
///
/// # Errors
/// Always.
#[cfg(not(feature = "workers"))]
pub fn run(_: &Serve, _: &Shared) -> Result<()> {
    let sentence = "this build cannot lend its device: \
        start it as `cargo run -p trainer --features workers -- serve`";
    Err(UsageError::new(sentence).into())
}

/// Checks the address of a lent device.
///
/// # Errors
/// Where it is not of the form `ws://HOST:PORT`.
pub fn address(text: &str) -> Result<String, String> {
    let host_and_port = text
        .strip_prefix("ws://")
        .and_then(|rest| rest.rsplit_once(':'));
    match host_and_port {
        Some((host, port)) if is_host(host) && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("an address is like ws://192.168.0.7:3000".into()),
    }
}

fn is_host(text: &str) -> bool {
    let is_of_host = |c: char| c.is_ascii_alphanumeric() || "-._[:]".contains(c);
    !text.is_empty() && text.chars().all(is_of_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_scheme_host_and_port() {
        for good in [
            "ws://127.0.0.1:3000",
            "ws://desk-2.local:80",
            "ws://[::1]:3000",
        ] {
            assert_eq!(address(good).as_deref(), Ok(good));
        }
        for bad in [
            "127.0.0.1:3000",
            "wss://desk:3000",
            "ws://desk",
            "ws://:3000",
            "ws://desk:99999",
            "ws://desk/x:3000",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
