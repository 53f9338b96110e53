//! A load generator: keep-alive HTTP/1.1 over plain sockets, with as little of its own as possible.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Where requests go and with which key.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The service.
    pub(crate) address: SocketAddr,
    /// The key.
    pub(crate) key: String,
}

impl Target {
    /// A GET as it goes over the wire.
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        let key = &self.key;
        format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\r\n")
            .into_bytes()
    }

    /// A POST of JSON as it goes over the wire, with further header lines.
    pub(crate) fn post(&self, path: &str, more: &str, body: &str) -> Vec<u8> {
        let (key, length) = (&self.key, body.len());
        format!(
            "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n{more}\r\n{body}"
        )
        .into_bytes()
    }

    /// Sends one request on a connection of its own and reads the JSON of the answer.
    pub(crate) async fn ask(&self, request: &[u8]) -> Result<serde_json::Value> {
        let mut connection = Connection::open(self.address).await?;
        connection.send(request).await?;
        Ok(serde_json::from_slice(connection.body())?)
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    body: usize,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
            body: 0,
        })
    }

    /// Sends a request and reads the whole answer, which must be a success.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            ensure!(
                self.stream.read_buf(&mut self.buffer).await? > 0,
                "the service hung up"
            );
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        self.body = head + 4;
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let status = text.split(' ').nth(1).unwrap_or_default().to_owned();
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .context("an answer without a length")?
            .parse()?;
        while self.buffer.len() < self.body + length {
            ensure!(
                self.stream.read_buf(&mut self.buffer).await? > 0,
                "the service hung up"
            );
        }
        ensure!(
            status.starts_with('2'),
            "{}",
            String::from_utf8_lossy(&self.buffer)
        );
        Ok(())
    }

    /// The body of the last answer.
    pub(crate) fn body(&self) -> &[u8] {
        &self.buffer[self.body..]
    }
}

/// Makes the n-th request.
pub(crate) type Requests = Arc<dyn Fn(u32) -> Vec<u8> + Send + Sync>;

/// When a load ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After this time.
    Time(Duration),
    /// After so many requests, or 45 seconds.
    Count(u32),
}

/// What a load came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Requests per second.
    pub(crate) rate: f64,
    /// How long all of it took.
    pub(crate) took: Duration,
    /// The time that half of the requests stayed within.
    pub(crate) median: Duration,
    /// The time that 99 of 100 requests stayed within.
    pub(crate) p99: Duration,
}

/// Sends requests over so many connections at once, each after the answer to the one before.
pub(crate) async fn load(
    target: &Target,
    connections: u32,
    until: Until,
    requests: Requests,
) -> Result<Load> {
    let (time, count) = match until {
        Until::Time(time) => (time, u32::MAX),
        Until::Count(count) => (Duration::from_secs(45), count),
    };
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(Connection::open(target.address).await?);
    }
    let next = Arc::new(AtomicU32::new(0));
    let started = Instant::now();
    let workers: Vec<_> = opened
        .into_iter()
        .map(|mut connection| {
            let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while started.elapsed() < time {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count {
                        break;
                    }
                    let request = requests(n);
                    let sent = Instant::now();
                    connection.send(&request).await?;
                    times.push(sent.elapsed());
                }
                Ok::<_, anyhow::Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await??);
    }
    let took = started.elapsed();
    times.sort_unstable();
    Ok(Load {
        rate: f64::from(u32::try_from(times.len())?) / took.as_secs_f64(),
        took,
        median: at(&times, 50),
        p99: at(&times, 99),
    })
}

/// The time that so many of a hundred stayed within; the times are sorted.
pub(crate) fn at(times: &[Duration], percent: usize) -> Duration {
    let place = times.len().saturating_sub(1) * percent / 100;
    times.get(place).copied().unwrap_or_default()
}
