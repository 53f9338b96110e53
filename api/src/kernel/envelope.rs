//! What surrounds every request: its id, its time limit, its problem document, its measure.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_cors::CorsError;
use actix_web::body::{self, BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpResponse, web};

use super::error::{Code, Problem, Refusal};
use super::ids;
use super::telemetry::{self, Route};

/// The id of a request, as the client sent it or as it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The request's id: the client's when it is sane, and otherwise one that is made.
    pub fn of(request: &ServiceRequest) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return known.clone();
        }
        let sane = |id: &&str| {
            (1..=128).contains(&id.len())
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.:/+=".contains(&b))
        };
        let sent = request
            .headers()
            .get("x-request-id")
            .and_then(|id| id.to_str().ok())
            .filter(sane);
        let id = Self(sent.map_or_else(|| ids::next().to_string(), str::to_owned));
        request.extensions_mut().insert(id.clone());
        id
    }
}

/// How long a request may take.
#[derive(Clone, Copy, Debug)]
pub struct RequestTime(pub Duration);

impl RequestTime {
    /// Of a request whose application says nothing.
    const USUAL: Self = Self(Duration::from_secs(30));

    /// How long its body may take to arrive: less, so that it is told whose fault it was.
    pub fn for_body(self) -> Duration {
        let early = (self.0 / 3).min(Duration::from_secs(5));
        self.0.saturating_sub(early)
    }

    /// What the application says.
    pub fn of(told: Option<&web::Data<Self>>) -> Self {
        told.map_or(Self::USUAL, |told| ***told)
    }
}

/// When a request is given up. Whoever waits on purpose moves it.
#[derive(Clone, Debug)]
pub struct Deadline(Rc<Cell<tokio::time::Instant>>);

impl Deadline {
    fn after(limit: Duration) -> Self {
        Self(Rc::new(Cell::new(tokio::time::Instant::now() + limit)))
    }

    /// Gives the request more time.
    pub fn extend(&self, by: Duration) {
        self.0.set(self.0.get() + by);
    }

    async fn passed(self) {
        while tokio::time::Instant::now() < self.0.get() {
            tokio::time::sleep_until(self.0.get()).await;
        }
    }
}

/// The outermost middleware.
pub async fn envelope(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = RequestId::of(&request);
    let method = request.method().clone();
    if method == Method::HEAD {
        // The protocol layer leaves the body of an answer to HEAD away by itself.
        request.head_mut().method = Method::GET;
    }
    let limit = RequestTime::of(request.app_data());
    let path = request.path().to_owned();
    let deadline = Deadline::after(limit.0);
    request.extensions_mut().insert(deadline.clone());
    let answered = tokio::select! {
        biased;
        answered = next.call(request) => Some(answered),
        () = deadline.passed() => None,
    };
    let response = match answered {
        Some(Ok(response)) => response.map_into_boxed_body(),
        Some(Err(error)) => {
            let status = error.as_response_error().status_code();
            return Err(lost(of_status(status), path, &id, &method, started));
        }
        None => {
            let late = Code::Unavailable.because(
                "the request took too long; look whether it took effect before it is sent again",
            );
            let late = late.with_header("retry-after", "1");
            return Err(lost(late, path, &id, &method, started));
        }
    };
    let mut response = as_problem(response, &id);
    if method == Method::HEAD && response.response().body().size() == BodySize::Stream {
        // Nobody is sent it, and it may have no end.
        response = response.map_body(|_, _| BoxBody::new(body::None::new()));
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = response.request().extensions().get::<Route>().cloned();
    telemetry::measure(&method, route, response.status(), started.elapsed());
    Ok(response)
}

/// A refusal whose request is gone already, written out.
#[derive(Debug, thiserror::Error)]
#[error("{}", refusal.detail)]
struct Lost {
    refusal: Refusal,
    path: String,
    id: String,
}

fn lost(
    refusal: Refusal,
    path: String,
    id: &RequestId,
    method: &Method,
    started: Instant,
) -> actix_web::Error {
    telemetry::measure(method, None, refusal.code.status(), started.elapsed());
    Lost {
        refusal,
        path,
        id: id.0.clone(),
    }
    .into()
}

impl actix_web::ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.refusal.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = written(self.refusal.clone(), self.path.clone(), &self.id);
        if let Ok(value) = HeaderValue::from_str(&self.id) {
            response
                .headers_mut()
                .insert(HeaderName::from_static("x-request-id"), value);
        }
        response
    }
}

/// The problem document of a refusal.
fn written(refusal: Refusal, instance: String, request_id: &str) -> HttpResponse {
    let document = Problem {
        kind: format!("/problems/{}", refusal.code.as_str()),
        title: refusal.code.title().to_owned(),
        status: refusal.code.status().as_u16(),
        detail: refusal.detail,
        instance,
        code: refusal.code.as_str().to_owned(),
        request_id: request_id.to_owned(),
        errors: refusal.faults,
    };
    let body = serde_json::to_string(&document).unwrap_or_default();
    let mut written = HttpResponse::build(refusal.code.status());
    written.content_type("application/problem+json");
    for (name, value) in refusal.headers {
        written.append_header((name, value));
    }
    written.body(body)
}

/// Gives every refusal its document, also those that the framework made.
fn as_problem(mut response: ServiceResponse<BoxBody>, id: &RequestId) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let refusal = response.response_mut().extensions_mut().remove::<Refusal>();
    let refusal = match refusal {
        Some(refusal) => refusal,
        None if status.is_client_error() || status.is_server_error() => {
            if is_written(&response) {
                return response;
            }
            let error = response.response().error();
            match error.and_then(|error| error.as_error::<CorsError>()) {
                Some(refused) => of_preflight(refused),
                None => of_status(status),
            }
        }
        None => return response,
    };
    let instance = response.request().path().to_owned();
    let (request, old) = response.into_parts();
    let mut written = written(refusal, instance, &id.0);
    for (name, value) in old.headers() {
        if name != CONTENT_TYPE && name != "content-length" {
            written.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, written)
}

/// Whether an error already has a body of its own that is meant for the client.
fn is_written(response: &ServiceResponse<BoxBody>) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"application/problem+json")
            || kind.as_bytes().starts_with(b"application/json")
    })
}

/// The refusal of a browser's question whether it may call.
fn of_preflight(refused: &CorsError) -> Refusal {
    match refused {
        CorsError::OriginNotAllowed | CorsError::MissingOrigin => Code::OriginNotAllowed
            .because("the origin is not among those that DEBRIEF_CORS_ORIGINS names"),
        other => Code::InvalidRequest.because(other.to_string()),
    }
}

/// The refusal behind a bare status of the framework.
fn of_status(status: StatusCode) -> Refusal {
    let found = Code::ALL
        .iter()
        .copied()
        .find(|code| code.status() == status)
        // That is the one for whatever breaks HTTP; others of its status say what it was.
        .filter(|code| code.status() != StatusCode::BAD_REQUEST);
    let code = found.unwrap_or(if status.is_client_error() {
        Code::InvalidRequest
    } else {
        Code::Internal
    });
    code.because(code.title())
}
