//! The feed as server-sent events. A part is read when the one before has been taken, so that a slow
//! reader holds one part and delays nobody.

use std::fmt::Write as _;
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::Instant;

use super::body::ChangeBody;
use super::reader::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::places::Place;

/// How many changes are read and sent at once.
const PART: usize = 200;
/// How often a stream shows that it is alive, and tells where it is.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it looks whether its credential still holds.
const CHECK: Duration = Duration::from_secs(2);
/// How long what follows a change is gathered, so that many changes are few parts.
const GATHER: Duration = Duration::from_millis(10);
/// How long a reader waits before they come back.
const RETRY: Duration = Duration::from_secs(1);

/// A stream in the making.
#[derive(Debug)]
struct Telling {
    reader: Reader,
    /// When it ends, after all that there is by then.
    until: Instant,
    /// When something was last sent.
    sent: Instant,
    /// When changes were last read.
    read: Option<Instant>,
    has_begun: bool,
    is_over: bool,
    _place: Place,
}

/// The events of a stream that goes on for some time.
pub fn events(
    reader: Reader,
    time: Duration,
    place: Place,
) -> impl Stream<Item = Result<Bytes, Error>> {
    let now = Instant::now();
    let telling = Telling {
        reader,
        until: now + time,
        sent: now,
        read: None,
        has_begun: false,
        is_over: false,
        _place: place,
    };
    futures_util::stream::unfold(telling, |mut telling| async move {
        let text = telling.next().await?;
        telling.sent = Instant::now();
        Some((Ok(Bytes::from(text)), telling))
    })
}

impl Telling {
    /// What is sent next; nothing when the stream ends.
    async fn next(&mut self) -> Option<String> {
        if !self.has_begun {
            self.has_begun = true;
            // Whoever is cut off before the first change still knows where they began.
            let cursor = self.reader.cursor().ok()?;
            return Some(format!("retry: {}\nid: {cursor}\n\n", RETRY.as_millis()));
        }
        while !self.is_over && !self.reader.is_ending() {
            self.gather().await;
            // An ended credential ends the stream, and so does a database that is away: whoever
            // comes back is told why.
            let part = self.reader.read(PART).await.ok()?;
            let now = Instant::now();
            let (alive, left) = (self.sent + HEARTBEAT, self.until.duration_since(now));
            self.is_over = left.is_zero() && !part.more;
            if !part.items.is_empty() {
                self.read = Some(now).filter(|_| !part.more);
                return written(&part.items).ok();
            }
            if self.is_over {
                break;
            }
            if now >= alive {
                let cursor = self.reader.cursor().ok()?;
                return Some(format!(": alive\nid: {cursor}\n\n"));
            }
            let time = left.min(alive - now).min(CHECK);
            self.reader.wait(time).await;
        }
        None
    }

    /// Waits for what follows what was read just now.
    async fn gather(&mut self) {
        if let Some(read) = self.read.take() {
            tokio::time::sleep_until(read + GATHER).await;
        }
    }
}

/// Changes as events.
fn written(changes: &[ChangeBody]) -> Result<String> {
    let mut text = String::with_capacity(changes.len() * 512);
    for change in changes {
        let data = serde_json::to_string(change)
            .map_err(|error| Error::Internal(format!("a change cannot be written: {error}")))?;
        let (cursor, kind) = (change.cursor(), change.kind());
        let _ = write!(text, "id: {cursor}\nevent: {kind}\ndata: {data}\n\n");
    }
    Ok(text)
}
