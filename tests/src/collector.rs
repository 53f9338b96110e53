//! A collector of traces: hears what is sent to it, and says that it was received.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What was sent.
#[derive(Clone, Debug)]
pub struct Export {
    /// Method and path.
    pub call: String,
    /// The media type.
    pub kind: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Export {
    /// Whether the body has these bytes somewhere.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        self.body.windows(bytes.len()).any(|some| some == bytes)
    }
}

/// Listens on a port of its own until it is dropped.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Export>>>,
    listening: JoinHandle<()>,
}

impl Collector {
    /// Begins to listen.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::new(Mutex::default());
        let kept = Arc::clone(&heard);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(hear(stream, Arc::clone(&kept)));
            }
        });
        Self {
            address,
            heard,
            listening,
        }
    }

    /// Where traces are to be sent.
    pub fn endpoint(&self) -> String {
        format!("http://{}/v1/traces", self.address)
    }

    /// Everything that was sent so far.
    pub fn heard(&self) -> Vec<Export> {
        let heard = self.heard.lock();
        heard.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Reads requests until the sender hangs up; each is kept before it is answered.
async fn hear(stream: TcpStream, heard: Arc<Mutex<Vec<Export>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(export) = read(&mut stream).await {
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(export);
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Export> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let (call, _) = line.trim_end().rsplit_once(' ')?;
    let call = call.to_owned();
    let (mut kind, mut length) = (String::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-type" => value.trim().clone_into(&mut kind),
            "content-length" => length = value.trim().parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Export { call, kind, body })
}
