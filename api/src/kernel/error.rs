//! Refusals: the one enum of what can go wrong for a client, and the one table from it to a status.
//!
//! A handler returns [`Error`]; the outermost middleware turns it into `application/problem+json`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use sea_orm::DbErr;
use serde::Serialize;
use utoipa::ToSchema;

mod database;

use database::{is_unavailable, unique};

/// The result of everything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($variant:ident $status:literal $code:literal $title:literal $text:literal;)+) => {
        /// Every kind of problem, by its stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $(#[doc = $text] $variant,)+ }

        impl Code {
            /// Every code, in the order of their statuses.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The HTTP status it is sent with.
            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$variant => $status,)+ };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// The stable word clients switch on.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The short text for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// What it means and what to do, as `/problems/{code}` tells it.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

codes! {
    MalformedBody 400 "malformed_body" "The body is not what its media type says" "The body cannot be parsed: it is empty, truncated, not UTF-8, not JSON, nested too deeply, of too many values, or compressed wrongly, or an object in it names a member twice. Nothing was changed.";
    InvalidParameter 400 "invalid_parameter" "A parameter is not valid" "A path, query or header parameter is unknown, repeated or out of its bounds; `errors` names each, and for unknown ones lists the known.";
    InvalidCursor 400 "invalid_cursor" "The cursor is not valid here" "A cursor works only as it was given out, with the same filters, order and organisation. Start again from the first page.";
    InvalidRequest 400 "invalid_request" "The request cannot be understood" "The request breaks HTTP or OAuth 2.0 rules.";
    Unauthenticated 401 "unauthenticated" "No valid credential" "Send `Authorization: Bearer` with an API key or a token that is current, meant for this service and signed by a key it knows.";
    MissingScope 403 "missing_scope" "The credential lacks a scope" "The credential is valid but has not the scope that this operation asks for; the detail names it.";
    Forbidden 403 "forbidden" "Not yours to do" "The credential is valid, but what it asks for would exceed its own rights.";
    OriginNotAllowed 403 "origin_not_allowed" "Not open to this origin" "A browser asked whether pages of another origin may call. `DEBRIEF_CORS_ORIGINS` does not name that origin.";
    NotFound 404 "not_found" "Nothing here" "No such route or resource exists for this credential's organisation.";
    MethodNotAllowed 405 "method_not_allowed" "The route has no such method" "The `Allow` header lists the methods that the route has.";
    NotAcceptable 406 "not_acceptable" "No acceptable representation" "The operation answers with the media types that its documentation names, mostly `application/json`, and problems with `application/problem+json`; the `Accept` header excludes them.";
    RequestTimeout 408 "request_timeout" "The request took too long to arrive" "The body did not arrive in time. Send it again.";
    Conflict 409 "conflict" "It conflicts with what is stored" "Something unique is taken already, or something else still refers to this; `errors` says what.";
    StateConflict 409 "state_conflict" "Its state does not allow this" "The lifecycle of the resource does not allow the step now; `errors` lists every unmet condition.";
    RequestInProgress 409 "request_in_progress" "The first request with this key still runs" "Another request with the same `Idempotency-Key` has not ended yet. Wait as `Retry-After` says, then repeat it.";
    StaleVersion 412 "stale_version" "It changed since you read it" "`If-Match` names a version that is not the current one, or `If-None-Match` rules out what there is; the `ETag` header has the current. Read it again, then repeat the change.";
    BodyTooLarge 413 "body_too_large" "The body is too large" "The body exceeds the limit that the operation states.";
    UriTooLong 414 "uri_too_long" "The address of the request is too long" "Path and query together exceed 32 KiB as they are sent. Filter by fewer values, and put the results together.";
    UnsupportedMediaType 415 "unsupported_media_type" "The body's media type is not supported" "Send `application/json`; for PATCH `application/merge-patch+json` too, for batches `application/x-ndjson` too.";
    ValidationFailed 422 "validation_failed" "The body breaks rules" "The body can be read but breaks rules; `errors` lists every fault with a JSON Pointer.";
    IdempotencyMismatch 422 "idempotency_key_reused" "The key was used for another request" "This `Idempotency-Key` belongs to a request with another method, path or body. Use a new key for a new request.";
    PreconditionRequired 428 "precondition_required" "If-Match is missing" "Changing a resource needs `If-Match` with the ETag that you read, so that nobody's change is lost.";
    RateLimited 429 "rate_limited" "Too many requests" "The credential or address exceeds its rate; `Retry-After` says when to go on.";
    Internal 500 "internal" "The service failed" "A fault of the service; it is in its log under the request id.";
    Unavailable 503 "unavailable" "Not available now" "The database cannot be reached or not be written to, or the issuer's key set cannot be reached. Repeat the request as `Retry-After` says.";
}

/// One fault of a request: where it is, a stable code, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the faulty value in the body; empty for the body as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/actions/0/due_on", nullable = false)]
    pub pointer: Option<String>,
    /// Name of the faulty path, query or header parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit", nullable = false)]
    pub parameter: Option<String>,
    /// Zero-based index of the faulty item of a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 17, minimum = 0, nullable = false)]
    pub index: Option<usize>,
    /// Stable word for the kind of fault.
    #[schema(example = "too_long")]
    pub code: String,
    /// What is wrong, for people.
    #[schema(example = "has 301 characters, at most 300 are allowed")]
    pub detail: String,
}

impl Fault {
    /// A fault at a place in the body.
    pub fn at(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer.into()),
            ..Self::of(code, detail)
        }
    }

    /// The same fault of a value that is part of a larger body.
    #[must_use]
    pub fn under(self, pointer: &str) -> Self {
        Self {
            pointer: self.pointer.map(|own| format!("{pointer}{own}")),
            ..self
        }
    }

    /// A fault of a parameter.
    pub fn parameter(name: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self {
            parameter: Some(name.into()),
            ..Self::of(code, detail)
        }
    }

    /// A fault of the request as a whole, or an unmet condition.
    pub fn of(code: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: None,
            index: None,
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}

/// A refusal on its way to the client.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Refusal {
    /// What kind it is.
    pub code: Code,
    /// What happened this time.
    pub detail: String,
    /// Every single fault, where there are several.
    pub faults: Vec<Fault>,
    /// Headers that go with it: `Allow`, `ETag`, `Retry-After`, `WWW-Authenticate`.
    pub headers: Vec<(&'static str, String)>,
}

impl Refusal {
    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds faults: the first of them, where there are more than anybody reads.
    #[must_use]
    pub fn with_faults(mut self, mut faults: Vec<Fault>) -> Self {
        faults.truncate(MAX_FAULTS);
        self.faults = faults;
        self
    }
}

impl Code {
    /// A refusal of this kind.
    pub fn because(self, detail: impl Into<String>) -> Refusal {
        Refusal {
            code: self,
            detail: detail.into(),
            faults: Vec::new(),
            headers: Vec::new(),
        }
    }
}

/// How many faults are told at most.
pub const MAX_FAULTS: usize = 1_000;

/// How many rules of a body are broken, in words.
pub fn broken(count: usize) -> String {
    match count {
        1 => "one rule is broken".to_owned(),
        count if count > MAX_FAULTS => format!(
            "more than {MAX_FAULTS} rules are broken; `errors` lists the first {MAX_FAULTS} faults"
        ),
        count => format!("{count} rules are broken"),
    }
}

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client asked for something that is refused.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The service broke its own rules.
    #[error("{0}")]
    Internal(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Error {
    /// Nothing by that name for this caller.
    pub fn not_found(what: &str) -> Self {
        Code::NotFound.because(format!("no such {what}")).into()
    }

    /// Rules of a body that were broken, all at once.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Code::ValidationFailed
            .because(broken(faults.len()))
            .with_faults(faults)
            .into()
    }

    /// The same refusal, of a value that stands at `pointer` in a larger body.
    #[must_use]
    pub fn under(self, pointer: &str) -> Self {
        let Self::Refused(mut refusal) = self else {
            return self;
        };
        for fault in &mut refusal.faults {
            let place = fault.pointer.take();
            fault.pointer = place.map(|place| format!("{pointer}{place}"));
        }
        Self::Refused(refusal)
    }

    /// A step that the lifecycle does not allow, with every unmet condition.
    pub fn state(detail: impl Into<String>, unmet: Vec<Fault>) -> Self {
        Code::StateConflict
            .because(detail)
            .with_faults(unmet)
            .into()
    }

    /// Whether a unique constraint was violated.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(error) if unique(error))
    }

    /// The refusal that the client gets; the cause stays in the log.
    pub fn into_refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => *refusal,
            Self::Database(error) if is_unavailable(&error) => {
                tracing::warn!(cause = %error, "the database cannot be reached");
                Code::Unavailable
                    .because("the database cannot be reached, or not be written to")
                    .with_header("retry-after", "1")
            }
            Self::Database(error) if unique(&error) => {
                tracing::info!(cause = %error, "a unique constraint was violated");
                Code::Conflict.because("something unique is taken already")
            }
            Self::Database(error) => {
                tracing::error!(cause = %error, "a query failed");
                Code::Internal.because("the service failed; its log has the cause")
            }
            Self::Internal(cause) => {
                tracing::error!(%cause, "the service broke its own rules");
                Code::Internal.because("the service failed; its log has the cause")
            }
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => refusal.code.status(),
            Self::Database(error) if is_unavailable(error) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Leaves the refusal in the response; the envelope middleware writes it out.
    fn error_response(&self) -> HttpResponse {
        let refusal = match self {
            Self::Refused(refusal) => (**refusal).clone(),
            Self::Database(error) => Self::Database(error.clone()).into_refusal(),
            Self::Internal(cause) => Self::Internal(cause.clone()).into_refusal(),
        };
        let mut response = HttpResponse::new(refusal.code.status());
        response.extensions_mut().insert(refusal);
        response
    }
}

/// The body of every 4xx and 5xx answer (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// URI reference of the problem's documentation at this service.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/problems/validation_failed")]
    pub kind: String,
    /// Short text that is the same for every problem of this type.
    #[schema(example = "The body breaks rules")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// What happened this time.
    #[schema(example = "2 rules are broken")]
    pub detail: String,
    /// URI reference of the request that was refused.
    #[schema(format = "uri-reference", example = "/api/v1/reviews")]
    pub instance: String,
    /// Stable word for the type, to switch on.
    #[schema(example = "validation_failed")]
    pub code: String,
    /// The request's id, as in `X-Request-Id` and the service's log.
    #[schema(example = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    pub request_id: String,
    /// Every fault or unmet condition, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}
