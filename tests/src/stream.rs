//! Streams of server-sent events, read as a browser reads them.

use serde_json::Value;

use crate::client::Call;

/// An event that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// What it says.
    pub data: Value,
}

/// An open stream.
#[derive(Debug)]
pub struct Stream {
    /// The reply, whose body is read bit by bit.
    pub response: reqwest::Response,
    read: Vec<u8>,
    /// The last id that was sent, also without an event.
    pub last_id: Option<String>,
    /// How many comments there were.
    pub comments: usize,
}

impl Stream {
    /// Opens a stream, which must be one.
    ///
    /// # Panics
    /// When the reply is something else.
    pub async fn open(call: &Call) -> Self {
        let opened = Self::attempt(call).await.expect("a reply");
        assert_eq!(opened.response.status().as_u16(), 200);
        let kind = opened.response.headers().get("content-type");
        assert_eq!(
            kind.and_then(|kind| kind.to_str().ok()),
            Some("text/event-stream")
        );
        opened
    }

    /// The same; what goes wrong on the way is returned.
    pub async fn attempt(call: &Call) -> Result<Self, reqwest::Error> {
        Ok(Self {
            response: call.open().await?,
            read: Vec::new(),
            last_id: None,
            comments: 0,
        })
    }

    /// The next event; nothing when the stream has ended, however that was.
    ///
    /// # Panics
    /// When what is sent is no event.
    pub async fn next(&mut self) -> Option<Sent> {
        loop {
            while let Some(end) = self.read.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.read.drain(..end + 2).collect();
                let block = String::from_utf8(block).expect("events are UTF-8");
                if let Some(event) = self.event(block.trim_end()) {
                    return Some(event);
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.read.extend_from_slice(&chunk);
        }
    }

    /// All events until the stream ends.
    pub async fn rest(&mut self) -> Vec<Sent> {
        let mut all = Vec::new();
        while let Some(event) = self.next().await {
            all.push(event);
        }
        all
    }

    fn event(&mut self, block: &str) -> Option<Sent> {
        let (mut kind, mut data) = (String::new(), None);
        for line in block.lines() {
            let (name, value) = line.split_once(": ").expect("a field");
            match name {
                "id" => self.last_id = Some(value.to_owned()),
                "event" => value.clone_into(&mut kind),
                "data" => data = Some(serde_json::from_str(value).expect("data is JSON")),
                "retry" => assert!(value.parse::<u32>().is_ok()),
                "" => self.comments += 1,
                _ => panic!("no field of an event: {line}"),
            }
        }
        Some(Sent {
            id: self.last_id.clone().expect("events have ids"),
            kind,
            data: data?,
        })
    }
}
