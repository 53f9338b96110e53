//! Request bodies: read within bounds, judged by their schema, then typed.

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::envelope::RequestTime;
use super::error::{Code, Error, Fault, Result};
use super::idempotency::BodyDigest;
pub use super::patch::Patch;
use super::schema;

mod extent;
mod json;
mod unfit;

pub use extent::{Extent, MAX_VALUES};
pub use json::value_of;
use json::{Unreadable, value_as_told};
pub use unfit::Unfit;

/// The largest body of an ordinary request, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// The largest body of a batch, in bytes.
pub const MAX_BATCH: usize = 16 * 1024 * 1024;
/// The largest document of a whole review, in bytes: as much is exported, and imported again.
pub const MAX_IMPORT: usize = 32 * 1024 * 1024;

/// A JSON body of type `T` that keeps to `T`'s schema, or is noted to be [`Unfit`]: then it is refused
/// whatever becomes of it.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&request, payload, MAX_BODY, &["application/json"]).await?;
            Ok(Self(unfit::read(&request, parse(&bytes, MAX_VALUES)?)?))
        })
    }
}

/// An optional JSON body: an empty one stands for `{}`.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for OptionalBody<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&request, payload, MAX_BODY, &["application/json"]).await?;
            let value = if bytes.is_empty() {
                Value::Object(Map::new())
            } else {
                parse(&bytes, MAX_VALUES)?
            };
            Ok(Self(unfit::read(&request, value)?))
        })
    }
}

/// Reads a whole body within its limit and notes its digest for the idempotency fingerprint.
pub async fn read(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
    media_types: &[&str],
) -> Result<Bytes> {
    check_media_type(request, media_types)?;
    let too_large = || Code::BodyTooLarge.because(format!("a body may have {limit} bytes at most"));
    let announced = request
        .headers()
        .get("content-length")
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large().into());
    }
    let body = web::Payload::from_request(request, &mut { payload })
        .await
        .map_err(|_| Error::from(Code::MalformedBody.because("the body cannot be read")))?
        .to_bytes_limited(limit);
    let time = RequestTime::of(request.app_data()).for_body();
    let bytes = tokio::time::timeout(time, body)
        .await
        .map_err(|_| Code::RequestTimeout.because("the body did not arrive in time"))?
        .map_err(|_| too_large())?
        .map_err(|_| Code::MalformedBody.because("the body ended early or is encoded wrongly"))?;
    request.extensions_mut().insert(BodyDigest::of(&bytes));
    Ok(bytes)
}

/// The media type of the body without its parameters, in lower case.
pub fn media_type(request: &HttpRequest) -> String {
    let header = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    header
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether a media type names an encoding of texts that JSON does not have.
fn names_other_charset(request: &HttpRequest) -> bool {
    let header = request.headers().get(CONTENT_TYPE);
    let header = header.and_then(|value| value.to_str().ok());
    let parameters = header
        .into_iter()
        .flat_map(|value| value.split(';').skip(1));
    parameters
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .any(|(_, charset)| {
            let charset = charset.trim().trim_matches('"');
            !["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| charset.eq_ignore_ascii_case(known))
        })
}

fn check_media_type(request: &HttpRequest, accepted: &[&str]) -> Result<()> {
    if let Some(encoding) = request.headers().get(CONTENT_ENCODING)
        && encoding.as_bytes() != b"identity"
    {
        return Err(Code::UnsupportedMediaType
            .because("bodies are sent uncompressed")
            .into());
    }
    if names_other_charset(request) {
        return Err(Code::UnsupportedMediaType
            .because("bodies are sent in UTF-8")
            .into());
    }
    let found = media_type(request);
    let empty = found.is_empty()
        && request
            .headers()
            .get("content-length")
            .is_none_or(|length| length == "0")
        && request.headers().get("transfer-encoding").is_none();
    if empty || accepted.contains(&found.as_str()) {
        return Ok(());
    }
    Err(Code::UnsupportedMediaType
        .because(format!("send {}", accepted.join(" or ")))
        .with_header(
            "accept-patch",
            "application/merge-patch+json, application/json",
        )
        .into())
}

/// Parses JSON that nests no deeper than it may, and holds no more than so many values.
pub fn parse(bytes: &[u8], most_values: usize) -> Result<Value> {
    parse_with(value_of, bytes, most_values)
}

/// Like [`parse`], with the numbers as they are written: for what is kept as it was told.
pub fn parse_as_told(bytes: &[u8], most_values: usize) -> Result<Value> {
    parse_with(value_as_told, bytes, most_values)
}

fn parse_with(
    read: fn(&[u8]) -> Result<Value, Unreadable>,
    bytes: &[u8],
    most_values: usize,
) -> Result<Value> {
    let malformed = |detail: &str| Error::from(Code::MalformedBody.because(detail));
    if bytes.is_empty() {
        return Err(malformed("a JSON body is required"));
    }
    if let Some(excess) = Extent::of(bytes).excess(most_values) {
        return Err(malformed(&excess));
    }
    read(bytes).map_err(|found| {
        let place = found.place.map_or_else(String::new, |(line, column)| {
            format!(" at line {line}, column {column}")
        });
        malformed(&format!("the body {}{place}", found.why))
    })
}

/// Judges a value by its type's schema and gives it that type.
pub fn typed<T: ToSchema + DeserializeOwned + 'static>(value: Value) -> Result<T> {
    let faults = schema::faults(schema::validator::<T>(), &value);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    deserialized(value)
}

fn deserialized<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error
            .path()
            .iter()
            .map(|step| format!("/{}", schema::escape(&step.to_string())))
            .collect();
        let pointer = pointer.replace(['[', ']'], "");
        Error::invalid(vec![Fault::at(pointer, "invalid", "is not a valid value")])
    })
}
