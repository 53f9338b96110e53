//! The feed of changes at work: a thousand changes a second, followed by ten streams.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::load::{Connection, Target, at};
use crate::table::{Bound, Table};
use crate::{event, open_review};

/// How many clients follow.
const STREAMS: usize = 10;
/// How many connections write, each of them so many changes with so much time for each.
const WRITERS: u32 = 16;
const CHANGES: u32 = 625;
const TIME_FOR_EACH: Duration = Duration::from_millis(16);

/// When a change was told or answered, by the id of its resource.
type Times = HashMap<String, Instant>;

/// Writes and follows.
pub(crate) async fn measure(target: &Target, table: &mut Table) -> Result<()> {
    let review = open_review(target).await?;
    let all = usize::try_from(WRITERS * CHANGES)?;
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let stream = Following::open(target, &review).await?;
        streams.push(tokio::spawn(stream.read(all)));
    }
    let started = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write(target.clone(), review.clone(), writer, started)))
        .collect();
    let mut answered = Times::new();
    for writer in writers {
        answered.extend(writer.await??);
    }
    let rate = f64::from(WRITERS * CHANGES) / started.elapsed().as_secs_f64();
    let (mut wrong, mut ways) = (0, Vec::new());
    for stream in streams {
        let (told, doubled) = stream.await??;
        wrong += doubled + answered.keys().filter(|id| !told.contains_key(*id)).count();
        let way =
            |(id, at): (&String, &Instant)| Some(at.saturating_duration_since(*answered.get(id)?));
        ways.extend(told.iter().filter_map(way));
    }
    ways.sort_unstable();
    let how = format!("{STREAMS} streams follow, {WRITERS} connections write");
    // The last of them is waited for, which takes a little of the time.
    table.add(
        "changes written and told",
        how,
        rate,
        "/s",
        Bound::AtLeast(990.0),
    );
    let what = "changes missed or told twice";
    let how = format!("of {all} by {STREAMS} streams");
    table.add(
        what,
        how,
        f64::from(u32::try_from(wrong)?),
        "",
        Bound::AtMost(0.0),
    );
    let [half, most] = [50, 99].map(|percent| at(&ways, percent).as_secs_f64() * 1_000.0);
    let what = "from the answer to a change to its event, p99";
    table.add(
        what,
        format!("median {half:.1} ms"),
        most,
        "ms",
        Bound::AtMost(500.0),
    );
    Ok(())
}

/// Appends events at a pace; when each was answered.
async fn write(target: Target, review: String, writer: u32, started: Instant) -> Result<Times> {
    let path = format!("/api/v1/reviews/{review}/events");
    let mut connection = Connection::open(target.address).await?;
    let mut answered = Times::new();
    for number in 0..CHANGES {
        let due = started + TIME_FOR_EACH * number + TIME_FOR_EACH / WRITERS * writer;
        tokio::time::sleep_until(due.into()).await;
        let request = target.post(&path, "", &event(writer * CHANGES + number));
        connection.send(&request).await?;
        let body: serde_json::Value = serde_json::from_slice(connection.body())?;
        let id = body["id"].as_str().context("an event has an id")?;
        answered.insert(id.to_owned(), Instant::now());
    }
    Ok(answered)
}

/// A stream of changes over a plain socket.
struct Following {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Following {
    async fn open(target: &Target, review: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(target.address).await?;
        let path = format!("/api/v1/changes/stream?type=event.append&review={review}");
        stream.write_all(&target.get(&path)).await?;
        let mut opened = Self {
            stream,
            read: Vec::new(),
        };
        // What is told first shows that it has begun.
        while !opened.read.windows(5).any(|five| five == b"\nid: ") {
            opened.more().await?;
        }
        ensure!(opened.read.starts_with(b"HTTP/1.1 200"), "no stream");
        Ok(opened)
    }

    async fn more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.read);
        let read = tokio::time::timeout(Duration::from_secs(20), read).await;
        ensure!(
            read.context("the stream says nothing more")?? > 0,
            "the stream ended"
        );
        Ok(())
    }

    /// Reads until so many changes were told; when each was, and how many were told again.
    async fn read(mut self, all: usize) -> Result<(Times, usize)> {
        const BEFORE: &[u8] = b"\"resource\":{\"type\":\"event\",\"id\":\"";
        let (mut told, mut again) = (Times::new(), 0);
        while told.len() < all {
            self.more().await?;
            let now = Instant::now();
            while let Some(place) = find(&self.read, BEFORE) {
                let start = place + BEFORE.len();
                let Some(id) = self.read.get(start..start + 36) else {
                    break;
                };
                let id = std::str::from_utf8(id)?.to_owned();
                again += usize::from(told.insert(id, now).is_some());
                self.read.drain(..start + 36);
            }
        }
        Ok((told, again))
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
