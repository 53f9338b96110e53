//! Appending many events at once: JSON array or NDJSON, all or nothing.

use std::ops::Range;

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::AppendEvent;
use super::{rules, service};
use crate::kernel::audit::hex;
use crate::kernel::body::{Extent, MAX_BATCH, MAX_VALUES, media_type, read, value_of};
use crate::kernel::call::Call;
use crate::kernel::error::{Code, Error, Fault, MAX_FAULTS, Result, broken};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::parts::in_parts;
use crate::kernel::path::Path;
use crate::kernel::reply::Reply;
use crate::kernel::schema;
use crate::reviews::body::ReviewPath;
use entity::Timestamp;

/// How many events a batch may hold.
const MAX_EVENTS: usize = 10_000;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(append_events);
}

/// A batch of events.
#[derive(Debug, ToSchema)]
#[schema(value_type = Vec<AppendEvent>, min_items = 1, max_items = 10000)]
pub struct EventBatch(#[expect(dead_code, reason = "stands for a schema")] Vec<AppendEvent>);

/// What became of one event.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "created")]
pub enum BatchOutcome {
    /// It is new.
    Created,
    /// Its source has sent it before, or it stands in the batch twice.
    Duplicate,
}

/// The result of one event.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchResult {
    /// Its place in the batch, from 0.
    #[schema(minimum = 0, example = 0)]
    index: usize,
    /// Its id; of a duplicate, the id of the stored one.
    id: Uuid,
    /// What became of it.
    outcome: BatchOutcome,
}

/// The results of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchBody {
    /// How many events are new.
    #[schema(minimum = 0, example = 2)]
    created: usize,
    /// How many were stored already.
    #[schema(minimum = 0, example = 0)]
    duplicates: usize,
    /// One result for each event, in the order of the batch.
    results: Vec<BatchResult>,
}

/// Append many events at once
///
/// A JSON array, or one JSON object a line as `application/x-ndjson`; up to 10,000 events or 16
/// MiB. Either all of them are appended, or none: then every fault is listed with the index of
/// its event (up to 1,000 faults).
#[utoipa::path(tag = "Events", params(ReviewPath), request_body(content((EventBatch = "application/json"), (String = "application/x-ndjson"))), security(("oauth2" = ["events:write"])), responses((status = 200, body = BatchBody)))]
#[post("/reviews/{review}/events/batch")]
async fn append_events(
    call: Call,
    request: HttpRequest,
    path: Path<ReviewPath>,
    payload: Payload,
) -> Result<HttpResponse> {
    let types = ["application/json", "application/x-ndjson"];
    let bytes = read(&request, payload.into_inner(), MAX_BATCH, &types).await?;
    let lines = media_type(&request) == "application/x-ndjson";
    let sha256 = hex(ring::digest::digest(&ring::digest::SHA256, &bytes).as_ref());
    let events = events(bytes, lines, call.now).await?;
    call.write(async |change| {
        let items = service::append_all(change, &path.review, events, &sha256).await?;
        let created = items.iter().filter(|item| item.created).count();
        Reply::ok(&BatchBody {
            created,
            duplicates: items.len() - created,
            results: items
                .into_iter()
                .enumerate()
                .map(|(index, item)| BatchResult {
                    index,
                    id: item.id,
                    outcome: if item.created {
                        BatchOutcome::Created
                    } else {
                        BatchOutcome::Duplicate
                    },
                })
                .collect(),
        })
    })
    .await
}

/// The events of a batch, or every fault with the index of its event.
async fn events(bytes: Bytes, lines: bool, now: Timestamp) -> Result<Vec<AppendEvent>> {
    let items = items(&bytes, lines)?;
    let parts = in_parts(items, move |items| {
        let texts = items
            .into_iter()
            .map(|(index, place)| (index, &bytes[place]));
        read_all(texts, now)
    });
    let (mut events, mut faults, mut unreadable) = (Vec::new(), Vec::new(), false);
    for part in parts.await? {
        events.extend(part.events);
        faults.extend(part.faults);
        unreadable |= part.unreadable;
    }
    if faults.is_empty() {
        return Ok(events);
    }
    let (code, detail) = if unreadable {
        let detail = "an event of the batch cannot be read".to_owned();
        (Code::MalformedBody, detail)
    } else {
        (Code::ValidationFailed, broken(faults.len()))
    };
    Err(code.because(detail).with_faults(faults).into())
}

/// Where in the body each event stands, with its index.
fn items(bytes: &Bytes, lines: bool) -> Result<Vec<(usize, Range<usize>)>> {
    let malformed = |detail: String| Error::from(Code::MalformedBody.because(detail));
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("the body is not UTF-8".into()))?;
    let said = |line: &&str| !line.trim().is_empty();
    let extent = Extent::of(bytes);
    let count = if lines {
        text.lines().filter(said).count()
    } else if text.trim_start().starts_with('[') {
        extent.items
    } else {
        1
    };
    if count > MAX_EVENTS {
        return Err(wrong_size(count));
    }
    let items: Vec<&str> = if lines {
        text.lines().filter(said).collect()
    } else {
        if let Some(excess) = extent.excess(usize::MAX) {
            return Err(malformed(excess));
        }
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
            if serde_json::from_str::<IgnoredAny>(text).is_ok() {
                let fault = Fault::at("", "wrong_type", "must be of type array");
                return Error::invalid(vec![fault]);
            }
            let (line, column) = (error.line(), error.column());
            malformed(format!("not a JSON array at line {line}, column {column}"))
        })?;
        items.into_iter().map(RawValue::get).collect()
    };
    if items.is_empty() {
        return Err(wrong_size(0));
    }
    let place = |item: &str| {
        let start = item.as_ptr().addr() - text.as_ptr().addr();
        start..start + item.len()
    };
    Ok(items.into_iter().map(place).enumerate().collect())
}

fn wrong_size(count: usize) -> Error {
    let detail = format!("a batch holds 1 to {MAX_EVENTS} events, not {count}");
    Error::invalid(vec![Fault::at("", "batch_size", detail)])
}

/// The events of a part of a batch, or its faults.
#[derive(Default)]
struct Part {
    events: Vec<AppendEvent>,
    faults: Vec<Fault>,
    unreadable: bool,
}

fn read_all<'a>(items: impl Iterator<Item = (usize, &'a [u8])>, now: Timestamp) -> Part {
    let mut part = Part::default();
    for (index, item) in items {
        match event(item, now) {
            Ok(event) => part.events.push(event),
            Err(Refused { faults, malformed }) => {
                part.unreadable |= malformed;
                part.faults.extend(faults.into_iter().map(|fault| Fault {
                    pointer: Some(format!("/{index}{}", fault.pointer.unwrap_or_default())),
                    index: Some(index),
                    ..fault
                }));
            }
        }
        if part.faults.len() > MAX_FAULTS {
            break;
        }
    }
    part
}

struct Refused {
    faults: Vec<Fault>,
    malformed: bool,
}

fn event(item: &[u8], now: Timestamp) -> Result<AppendEvent, Refused> {
    let malformed = |detail: &str| Refused {
        faults: vec![Fault::at("", "malformed", detail)],
        malformed: true,
    };
    if let Some(excess) = Extent::of(item).excess(MAX_VALUES) {
        return Err(malformed(&excess));
    }
    let value = value_of(item).map_err(|found| malformed(found.why))?;
    let faults = schema::faults(schema::validator::<AppendEvent>(), &value);
    if !faults.is_empty() {
        return Err(Refused {
            faults,
            malformed: false,
        });
    }
    let event: AppendEvent = serde_json::from_value(value).map_err(|_| Refused {
        faults: vec![Fault::at("", "invalid", "is not a valid event")],
        malformed: false,
    })?;
    let faults = rules::check(&event, now);
    if faults.is_empty() {
        Ok(event)
    } else {
        Err(Refused {
            faults,
            malformed: false,
        })
    }
}
