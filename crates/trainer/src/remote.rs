//! Devices of other machines, by burn's own server and remote device over WebSocket: `trainer serve` lends
//! this machine's, `train --remote` borrows others'.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

#[cfg(not(feature = "workers"))]
pub use absent::{borrow, run};
#[cfg(feature = "workers")]
pub use present::{borrow, run};

/// Flags of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one. What other machines can reach needs a --token-file
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// File with a token, of any text, that a borrower has to know
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
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

#[cfg(not(feature = "workers"))]
mod absent {
    use super::Serve;
    use crate::cli::Shared;
    use crate::usage::UsageError;
    use anyhow::Result;
    use burn::tensor::Device;
    use std::path::Path;

    /// Says how to get a build that can lend.
    ///
    /// # Errors
    /// Always.
    pub fn run(_: &Serve, _: &Shared) -> Result<()> {
        refuse("lend its device", "serve")
    }

    /// Says how to get a build that can borrow.
    ///
    /// # Errors
    /// Always.
    pub fn borrow(_: &[String], _: Option<&Path>) -> Result<Vec<Device>> {
        refuse("borrow devices", "train")
    }

    fn refuse<T>(what: &str, command: &str) -> Result<T> {
        Err(UsageError::new(format!(
            "this build cannot {what}: start it as `cargo run -p trainer --features workers -- {command}`"
        ))
        .into())
    }
}

#[cfg(feature = "workers")]
mod present {
    use super::Serve;
    use crate::cli::Shared;
    use crate::nets::DeviceName;
    use crate::usage::UsageError;
    use anyhow::{Context, Result};
    use burn::backend::Flex;
    use burn::remote::{ConnectError, RemoteHost};
    use burn::server::{RemoteServer, TokenAuthorizer, WebSocketTransport};
    use burn::tensor::Device;
    use model::ops::remote::operations;
    use std::fs;
    use std::net::TcpListener;
    use std::path::Path;

    /// Lends this machine's device until Ctrl-C.
    ///
    /// # Errors
    /// Where strangers could use it, or the address cannot be listened on.
    pub fn run(flags: &Serve, shared: &Shared) -> Result<()> {
        let token = flags.token_file.as_deref().map(read_token).transpose()?;
        let listen = flags.listen;
        if token.is_none() && !listen.ip().is_loopback() {
            return Err(UsageError::new(format!(
                "other machines can reach {listen}, and any of them could use this device: give a --token-file"
            ))
            .into());
        }
        let listener = TcpListener::bind(listen)
            .map_err(|error| UsageError::new(format!("cannot listen on {listen}: {error}")))?;
        let mut server = RemoteServer::new([shared.device.start()?]);
        server = match shared.device {
            DeviceName::Cpu => server.with_custom_ops(operations::<Flex>()),
            #[cfg(feature = "wgpu")]
            DeviceName::Wgpu => server.with_custom_ops(operations::<burn::backend::Cube>()),
            #[cfg(not(feature = "wgpu"))]
            DeviceName::Wgpu => server,
        };
        if let Some(token) = token {
            server = server.with_authorizer(TokenAuthorizer::new(token)?);
        }
        println!(
            "lending the {} at ws://{}, unencrypted; Ctrl-C stops",
            shared.device,
            listener.local_addr()?
        );
        server
            .serve(WebSocketTransport::from_listener(listener))
            .context("the device can be lent no longer")
    }

    /// The devices that are lent at these addresses. Waits some seconds for each, as it may be about
    /// to start.
    ///
    /// # Errors
    /// Where one is not lent, or not to the bearer of this token.
    pub fn borrow(addresses: &[String], token_file: Option<&Path>) -> Result<Vec<Device>> {
        let token = token_file.map(read_token).transpose()?;
        let borrow_one = |address: &String| {
            println!("borrowing the device at {address}");
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

    fn read_token(path: &Path) -> Result<String> {
        let refuse = |reason: &str| {
            UsageError::new(format!("there is no token in {}: {reason}", path.display()))
        };
        let text = fs::read_to_string(path).map_err(|error| refuse(&error.to_string()))?;
        match text.trim() {
            "" => Err(refuse("the file is empty").into()),
            token => Ok(token.to_owned()),
        }
    }
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
