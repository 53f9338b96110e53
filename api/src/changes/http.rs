//! Routes of the feed of changes.

use std::time::Duration;

use actix_web::{HttpResponse, get};
use tokio::time::Instant;

use super::body::{ChangeFeed, FilterChanges, ListChanges, ResumeStream, StreamChanges};
use super::reader::Reader;
use super::stream;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(list_changes).service(stream_changes);
}

/// The header with which a stream is taken up again.
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// Read the feed of changes
///
/// Every change that the audit log has is here, in the order of the commits and without a gap: to
/// read on with `next_cursor` misses nothing and repeats nothing. What the caller may not read is
/// not told; whether they may is decided when they ask. Nobody's name and no content is in the
/// feed.
///
/// With `wait_seconds` the answer comes when there is a change, or when the time is over.
#[utoipa::path(tag = "Changes", params(FilterChanges, ListChanges), security(("oauth2" = ["changes:read"])), responses((status = 200, description = "The next changes, and where to read on", body = ChangeFeed)))]
#[get("/changes")]
async fn list_changes(
    call: Call,
    Query(asked): Query<FilterChanges>,
    Query(list): Query<ListChanges>,
) -> Result<HttpResponse> {
    let time = Duration::from_secs(list.wait_seconds.into());
    call.take_longer(time);
    let until = Instant::now() + time;
    let cursor = asked.cursor.as_deref().map(|cursor| ("cursor", cursor));
    let mut reader = Reader::new(&call, &asked, cursor, list.from).await?;
    let part = loop {
        let part = reader.read(list.limit).await?;
        let left = until.duration_since(Instant::now());
        if !part.items.is_empty() || left.is_zero() || reader.is_ending() {
            break part;
        }
        reader.wait(left).await;
    };
    let body = ChangeFeed {
        items: part.items,
        next_cursor: reader.cursor()?,
        has_more: part.more,
    };
    // Without a tag or a link: no two cursors are alike.
    Ok(Reply::ok(&body)?.into_response())
}

/// Follow the feed of changes
///
/// The same changes as server-sent events: `id` is the change's cursor, `event` its type, `data` the
/// change as JSON. To take it up again where it was cut off, send the last `id` as `Last-Event-ID`,
/// as clients of such streams do by themselves. A comment every 15 seconds shows that it is alive.
///
/// The stream ends when its time is over, when the credential ends or loses its scope, and when the
/// service stops; an organisation may have a bounded number of them open.
#[utoipa::path(
    tag = "Changes",
    params(FilterChanges, StreamChanges, ResumeStream),
    security(("oauth2" = ["changes:read"])),
    responses((status = 200, description = "The changes as they are made, as server-sent events", body = String, content_type = "text/event-stream"))
)]
#[get("/changes/stream")]
async fn stream_changes(
    call: Call,
    Query(asked): Query<FilterChanges>,
    Query(stream): Query<StreamChanges>,
) -> Result<HttpResponse> {
    let last = call.header(LAST_EVENT_ID).filter(|last| !last.is_empty());
    let cursor = match last {
        Some(last) => Some((LAST_EVENT_ID, last)),
        None => asked.cursor.as_deref().map(|cursor| ("cursor", cursor)),
    };
    let reader = Reader::new(&call, &asked, cursor, stream.from).await?;
    let place = call.state.streams.take(call.organization())?;
    let time = Duration::from_secs(stream.for_seconds.into());
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // No proxy is to gather what is sent.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(stream::events(reader, time, place)))
}
