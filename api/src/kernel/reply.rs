//! Answers as values: status, headers and JSON, so that they can be kept and given again.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::etag;

/// Bytes that the JSON of one resource seldom exceeds.
const USUAL: usize = 4 * 1024;

/// What became of a PUT of what there is one of per key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put<M> {
    /// There was none: it was created.
    Created(M),
    /// There was one: it is as it was sent now, or was like that already.
    Stored(M),
}

/// A successful answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Reply {
    fn json(status: u16, body: &impl Serialize) -> Result<Self> {
        let unwritten = |error: &dyn fmt::Display| {
            Error::Internal(format!("an answer cannot be written: {error}"))
        };
        let mut text = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut text, body).map_err(|error| unwritten(&error))?;
        let body = String::from_utf8(text).map_err(|error| unwritten(&error))?;
        Ok(Self {
            status,
            headers: Vec::new(),
            body,
        })
    }

    /// 200 with a body that was written before: JSON, unless a header says what else.
    pub fn written(body: String) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body,
        }
    }

    /// 200 with a body.
    pub fn ok(body: &impl Serialize) -> Result<Self> {
        Self::json(200, body)
    }

    /// 201 with the new resource, where it is, and its tag.
    pub fn created(
        location: impl Into<String>,
        tag: String,
        body: &impl Serialize,
    ) -> Result<Self> {
        let reply = Self::json(201, body)?.with_header("location", location.into());
        Ok(reply.with_tag(tag))
    }

    /// 204 without a body.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// Adds the resource's entity tag.
    #[must_use]
    pub fn with_tag(self, tag: String) -> Self {
        self.with_header("etag", tag)
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: String) -> Self {
        self.set_header(name, &value);
        self
    }

    /// Says that it is the answer of an earlier request with the same `Idempotency-Key`.
    #[must_use]
    pub fn replayed(self) -> Self {
        self.with_header("idempotency-replayed", "true".to_owned())
    }

    /// Adds a header in place.
    pub fn set_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// The JSON text.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// What is stored of it.
    pub(super) fn to_stored(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What was stored of it.
    pub(super) fn from_stored(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The answer to a write.
    pub fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut builder = HttpResponse::build(status);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value.as_str()),
            ) {
                builder.append_header((name, value));
            }
        }
        if self.body.is_empty() {
            return builder.finish();
        }
        if !self.headers.iter().any(|(name, _)| name == "content-type") {
            builder.content_type("application/json");
        }
        builder.body(self.body)
    }

    /// The answer to a read: 304 when the client has this representation already.
    ///
    /// A reply without a tag gets one from its bytes.
    pub fn into_read_response(mut self, request: &HttpRequest) -> HttpResponse {
        let tag = match self.headers.iter().find(|(name, _)| name == "etag") {
            Some((_, tag)) => tag.clone(),
            None => {
                let digest = ring::digest::digest(&ring::digest::SHA256, self.body.as_bytes());
                let hex: String = digest.as_ref()[..12]
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                let tag = format!("\"{hex}\"");
                self.set_header("etag", &tag);
                tag
            }
        };
        if etag::none_match(request.headers(), &tag) {
            return HttpResponse::NotModified()
                .insert_header(("etag", tag))
                .finish();
        }
        self.into_response()
    }
}
