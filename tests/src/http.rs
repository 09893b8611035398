//! As much of HTTP/1.1 as a browser on the same machine needs: one request a connection.
//!
//! A thread for each connection, without limit: the browser leaves a preloaded file half read until
//! the script that wants it has been served, so a server that waits its turn would wait for ever.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long a browser that says nothing is listened to.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the browser asks for.
pub(crate) struct Request {
    /// The path without its leading slash and without query.
    pub(crate) path: String,
    /// What it sends along, empty for most.
    pub(crate) body: String,
}

/// What it is answered.
pub(crate) struct Response {
    /// Status code and reason.
    pub(crate) status: &'static str,
    /// Names and values.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The content.
    pub(crate) body: Vec<u8>,
}

/// A server on a free port of the loopback interface, until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Starts to answer.
    pub(crate) fn start(
        answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let (answer, is_stopped) = (Arc::new(answer), Arc::clone(&stopped));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if is_stopped.load(Ordering::Relaxed) {
                    return;
                }
                let answer = Arc::clone(&answer);
                // A browser that hangs up early needs no answer any more.
                thread::spawn(move || converse(stream, &*answer).ok());
            }
        });
        Ok(Self { address, stopped })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // One last connection wakes the thread up to see that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn converse(stream: TcpStream, answer: &dyn Fn(&Request) -> Response) -> Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let Some(request) = read_request(&mut reader)? else {
        return Ok(());
    };
    let Response {
        status,
        headers,
        body,
    } = answer(&request);
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    head.extend(
        headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n")),
    );
    head.push_str("Connection: close\r\n\r\n");
    let stream = reader.get_mut();
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

/// Nothing when the browser only opened the connection, as it does ahead of need.
fn read_request(reader: &mut impl BufRead) -> Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let target = lines.first().and_then(|line| line.split(' ').nth(1));
    let path = target.and_then(|target| target.split('?').next());
    let length = lines.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().ok()).flatten()
    });
    let mut body = String::new();
    reader.take(length.unwrap_or(0)).read_to_string(&mut body)?;
    let path = path.unwrap_or_default().trim_start_matches('/').to_owned();
    Ok(Some(Request { path, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_body_are_read() {
        let text = b"POST /reports?x=1 HTTP/1.1\r\nHost: a\r\ncontent-length: 2\r\n\r\n{}rest";
        let request = read_request(&mut &text[..]).unwrap().unwrap();
        assert_eq!(
            (request.path.as_str(), request.body.as_str()),
            ("reports", "{}")
        );
        assert!(read_request(&mut &b""[..]).unwrap().is_none());
    }
}
