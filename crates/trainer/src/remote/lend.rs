//! The side that lends.

use std::net::TcpListener;

use anyhow::{Context, Result};
use burn::backend::Flex;
use burn::server::{RemoteServer, TokenAuthorizer, WebSocketTransport};
use model::ops::remote::operations;

use super::Serve;
use super::borrow::read_token;
use crate::cli::Shared;
use crate::nets::DeviceName;
use crate::output::print_line;
use crate::usage::UsageError;

/// See [`super::run`].
pub fn run(flags: &Serve, shared: &Shared) -> Result<()> {
    let listen = flags.listen;
    if flags.token_file.is_none() && !listen.ip().is_loopback() {
        return Err(UsageError::new(format!(
            "other machines can reach {listen}, and any of them could use this device: give a --token-file"
        ))
        .into());
    }
    let mut server = server(shared)?;
    if let Some(path) = &flags.token_file {
        server = server.with_authorizer(TokenAuthorizer::new(read_token(path)?)?);
    }
    let listener = TcpListener::bind(listen)
        .map_err(|error| UsageError::new(format!("cannot listen on {listen}: {error}")))?;
    print_line!(
        "lending the {} at ws://{}, unencrypted; Ctrl-C stops",
        shared.device,
        listener.local_addr()?
    )?;
    server
        .serve(WebSocketTransport::from_listener(listener))
        .context("the device can be lent no longer")
}

/// Burn's server, with our kernels.
fn server(shared: &Shared) -> Result<RemoteServer> {
    let server = RemoteServer::new([shared.device.start()?]);
    Ok(match shared.device {
        DeviceName::Cpu => server.with_custom_ops(operations::<Flex>()),
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu => server.with_custom_ops(operations::<burn::backend::Cube>()),
        #[cfg(not(feature = "wgpu"))]
        DeviceName::Wgpu => server,
    })
}
