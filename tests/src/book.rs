//! A book of calls that succeeded, from which the document's examples are made: of each operation
//! the first request of each media type, and the first answer of each status and media type.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

use crate::contract::{Contract, Operation};
use crate::reply::Reply;
use crate::stand_ins::StandIns;

/// More objects in a list say no more.
const MOST_OBJECTS: usize = 2;
/// More words in a list say no more.
const MOST_WORDS: usize = 12;
/// More lines of a text say no more.
const MOST_LINES: usize = 40;

/// Calls in the order in which they were made; copies are the same book.
#[derive(Clone, Debug, Default)]
pub struct Book(Arc<Mutex<Vec<Part>>>);

/// A request, or an answer.
#[derive(Debug)]
struct Part {
    operation: &'static str,
    /// Of an answer.
    status: Option<u16>,
    media_type: String,
    said: Value,
}

impl Book {
    fn parts(&self) -> MutexGuard<'_, Vec<Part>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call that succeeded.
    pub fn keep(&self, method: &Method, path: &str, sent: &HeaderMap, body: &[u8], reply: &Reply) {
        let operation = Contract::get().operation(method, path);
        let Some(operation) = operation.filter(|_| (200..300).contains(&reply.status)) else {
            return;
        };
        self.note(operation, None, media_type(sent), body);
        let status = Some(reply.status);
        self.note(operation, status, media_type(&reply.headers), &reply.body);
    }

    fn note(
        &self,
        operation: &'static Operation,
        status: Option<u16>,
        media_type: String,
        body: &[u8],
    ) {
        let Some(said) = read(&media_type, body) else {
            return;
        };
        let part = Part {
            operation: operation.id(),
            status,
            media_type,
            said,
        };
        let mut parts = self.parts();
        if !parts.iter().any(|known| known.is_of(&part)) {
            parts.push(part);
        }
    }

    /// The examples by `operationId`, with stand-ins for what is another each time.
    pub fn examples(&self) -> Map<String, Value> {
        let mut examples = Map::new();
        let mut stand_ins = StandIns::default();
        for part in self.parts().iter() {
            let mut said = part.said.clone();
            if part.status.is_some() {
                shorten(&mut said);
            }
            stand_ins.put_into(&mut said);
            let example = examples.entry(part.operation).or_insert_with(|| json!({}));
            match part.status {
                None => example["requests"][&part.media_type] = said,
                Some(status) => {
                    example["responses"][status.to_string()][&part.media_type] = said;
                }
            }
        }
        examples
    }
}

impl Part {
    fn is_of(&self, other: &Self) -> bool {
        (self.operation, self.status) == (other.operation, other.status)
            && self.media_type == other.media_type
    }
}

/// The media type without its parameters.
fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get("content-type");
    let value = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// A body as an example shows it; nothing where there is none to show.
fn read(media_type: &str, body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body)
        .ok()
        .filter(|text| !text.is_empty())?;
    match media_type {
        "application/json" => serde_json::from_str(text).ok(),
        kind if kind.ends_with("+json") => serde_json::from_str(text).ok(),
        "application/x-www-form-urlencoded" => Some(read_form(text)),
        "application/x-ndjson" | "application/xml" => Some(json!(text)),
        kind if kind.starts_with("text/") => Some(json!(text)),
        _ => None,
    }
}

fn read_form(text: &str) -> Value {
    let url = reqwest::Url::parse(&format!("http://form.example/?{text}"));
    let url = url.expect("a form is a query");
    let fields = url.query_pairs();
    let fields = fields.map(|(name, value)| (name.into_owned(), json!(value)));
    Value::Object(fields.collect())
}

/// Leaves the first few of what is many.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            let objects = items
                .first()
                .is_some_and(|one| one.is_object() || one.is_array());
            items.truncate(if objects { MOST_OBJECTS } else { MOST_WORDS });
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::String(text) => {
            let end = text.match_indices('\n').nth(MOST_LINES - 1);
            if let Some((end, _)) = end {
                text.truncate(end + 1);
            }
        }
        _ => {}
    }
}
