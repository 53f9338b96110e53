//! One request at work: who calls, what they read with, and the one way to change anything.
//!
//! [`Call::write`] begins the transaction, replays or remembers the idempotent answer, records the
//! audit entries and commits. A feature cannot change anything without all of it.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use entity::Timestamp;
use entity::organization::OrganizationId;
use serde::Serialize;

use super::access::Caller;
use super::body::Unfit;
use super::credential::bearer;
use super::database::Database;
use super::envelope::{Deadline, RequestId};
use super::error::{Error, Result};
use super::etag::Precondition;
use super::idempotency::{self, BodyDigest, IdempotencyKey};
use super::page::{Page, PageRequest, Paging};
use super::reply::Reply;
use super::state::State;

mod change;
mod unsigned;

pub use change::Change;
pub use unsigned::Unsigned;

/// A request of an authenticated caller.
#[derive(Clone, Debug)]
pub struct Call {
    request: HttpRequest,
    /// The service's state.
    pub state: State,
    /// Who calls.
    pub caller: Arc<Caller>,
    /// The moment the request is judged by.
    pub now: Timestamp,
    /// The expected version.
    pub precondition: Precondition,
}

impl FromRequest for Call {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Call {
    fn of(request: &HttpRequest) -> Result<Self> {
        let state = request
            .app_data::<web::Data<State>>()
            .ok_or_else(|| Error::Internal("the application has no state".to_owned()))?;
        let caller = request
            .extensions()
            .get::<Arc<Caller>>()
            .cloned()
            .ok_or_else(|| {
                Error::Internal("an operation without security asks who calls".to_owned())
            })?;
        Ok(Self {
            precondition: Precondition::from_headers(request.headers())?,
            state: state.get_ref().clone(),
            now: state.clock.now(),
            caller,
            request: request.clone(),
        })
    }

    /// The caller's organisation.
    pub fn organization(&self) -> OrganizationId {
        self.caller.organization
    }

    /// The request's id.
    pub fn request_id(&self) -> RequestId {
        let extensions = self.request.extensions();
        extensions.get::<RequestId>().cloned().unwrap_or_default()
    }

    /// The credential that the request came with.
    pub fn credential(&self) -> Result<String> {
        let credential = bearer(self.request.headers())?;
        Ok(credential.unwrap_or_default().to_owned())
    }

    /// The value of a header, if it has one that is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// Takes so much longer on purpose.
    pub fn take_longer(&self, by: Duration) {
        if let Some(deadline) = self.request.extensions().get::<Deadline>() {
            deadline.extend(by);
        }
    }

    /// A connection to read with.
    pub fn read(&self) -> &Database {
        &self.state.database
    }

    /// Answers a read: 200 with the body, or 304.
    pub fn ok(&self, body: &impl Serialize) -> Result<HttpResponse> {
        Ok(Reply::ok(body)?.into_read_response(&self.request))
    }

    /// Answers a read of one resource with its tag.
    pub fn ok_tagged(&self, tag: String, body: &impl Serialize) -> Result<HttpResponse> {
        Ok(Reply::ok(body)?
            .with_tag(tag)
            .into_read_response(&self.request))
    }

    /// Answers a read with JSON that was written before.
    pub fn ok_text(&self, tag: String, json: String) -> Result<HttpResponse> {
        Ok(Reply::written(json)
            .with_tag(tag)
            .into_read_response(&self.request))
    }

    /// Answers a read of one resource with a text that is not JSON.
    pub fn ok_as(&self, media_type: &str, name: &str, text: String) -> HttpResponse {
        let reply = Reply::written(text)
            .with_header("content-type", media_type.to_owned())
            .with_header(
                "content-disposition",
                format!("attachment; filename=\"{name}\""),
            );
        reply.into_read_response(&self.request)
    }

    /// Which page was asked for, bound to this route, query and organisation.
    pub fn page<'a>(&'a self, paging: &'a Paging) -> PageRequest<'a> {
        let filters = self
            .request
            .query_string()
            .split('&')
            .filter(|pair| !pair.starts_with("cursor=") && !pair.starts_with("limit="))
            .collect::<Vec<_>>()
            .join("&");
        PageRequest {
            paging,
            binding: format!(
                "{}\n{}\n{filters}",
                self.organization().0,
                self.request.path()
            ),
            key: &self.state.cursor_key,
        }
    }

    /// Answers with a page of a list and the link to the next.
    pub fn list<M, B: Serialize>(
        &self,
        page: Page<M>,
        body: impl FnMut(M) -> B,
    ) -> Result<HttpResponse> {
        let next = page.next.clone();
        let body = ListBody {
            items: page.items.into_iter().map(body).collect::<Vec<_>>(),
            next_cursor: page.next,
        };
        self.ok_listed(next.as_deref(), &body)
    }

    /// Answers with a page that says more than its items, and the link to the next.
    pub fn ok_listed(&self, next: Option<&str>, body: &impl Serialize) -> Result<HttpResponse> {
        let reply = Reply::ok(body)?;
        let reply = match next {
            Some(cursor) => reply.with_header("link", self.link_to(cursor)),
            None => reply,
        };
        Ok(reply.into_read_response(&self.request))
    }

    /// The link to the page behind a cursor.
    pub fn link_to(&self, cursor: &str) -> String {
        let query = self.request.query_string();
        let mut pairs: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
            .collect();
        let next = format!("cursor={cursor}");
        pairs.push(&next);
        format!(
            "<{}?{}>; rel=\"next\"",
            self.request.path(),
            pairs.join("&")
        )
    }

    /// Answers a POST that changes nothing; with an idempotency key the answer is kept all the same.
    pub async fn answer(&self, reply: Reply) -> Result<HttpResponse> {
        if self.idempotency_key()?.is_none() {
            return Ok(reply.into_response());
        }
        self.write(async |_| Ok(reply)).await
    }

    /// Changes something: all of it, with its audit record and its remembered answer, or nothing.
    pub async fn write(
        &self,
        work: impl AsyncFnOnce(&Change) -> Result<Reply>,
    ) -> Result<HttpResponse> {
        if let Some(unfit) = Unfit::taken_from(&self.request) {
            return Err(unfit.refusal(self.judged(work).await));
        }
        let key = self.idempotency_key()?;
        let _running = key
            .as_ref()
            .map(|key| self.state.in_flight.start(key))
            .transpose()?;
        let tx = self.state.database.begin().await?;
        let change = Change::new(tx, Arc::clone(&self.caller), self.now);
        let change = change.of_request(self.request_id());
        match Self::attempt(&change, key.as_ref(), work).await {
            Ok(Outcome::First(reply)) => {
                change.commit().await?;
                Ok(reply.into_response())
            }
            Ok(Outcome::Replayed(reply)) => {
                // Nothing was changed; but what is told again may still wait to be durable.
                change.commit().await?;
                Ok(reply.into_response())
            }
            Err(error) => {
                change.undo().await;
                Err(error)
            }
        }
    }

    /// What is said against a change that is not to be made.
    async fn judged(&self, work: impl AsyncFnOnce(&Change) -> Result<Reply>) -> Option<Error> {
        let tx = self.state.database.begin().await.ok()?;
        let change = Change::new(tx, Arc::clone(&self.caller), self.now);
        let judged = work(&change).await.err();
        change.undo().await;
        judged
    }

    /// Everything that a change does before its commit.
    async fn attempt(
        change: &Change,
        key: Option<&IdempotencyKey>,
        work: impl AsyncFnOnce(&Change) -> Result<Reply>,
    ) -> Result<Outcome> {
        let Some(key) = key else {
            return work(change).await.map(Outcome::First);
        };
        if let Some(reply) = idempotency::replay(change, key, change.now).await? {
            return Ok(Outcome::Replayed(reply));
        }
        let reply = work(change).await?;
        idempotency::remember(change, key, &reply, change.now).await?;
        Ok(Outcome::First(reply))
    }

    fn idempotency_key(&self) -> Result<Option<IdempotencyKey>> {
        if self.request.method() != actix_web::http::Method::POST {
            return Ok(None);
        }
        let body = self.request.extensions().get::<BodyDigest>().copied();
        let precondition = self
            .request
            .headers()
            .get("if-match")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let parts = [
            "POST",
            self.request.path(),
            self.request.query_string(),
            precondition,
        ];
        IdempotencyKey::from_headers(self.request.headers(), &self.caller, &parts, body)
    }
}

/// What an attempt at a change came to.
enum Outcome {
    /// It was made, and this is its answer.
    First(Reply),
    /// It was made before, and this was its answer.
    Replayed(Reply),
}

/// A page as it is sent.
#[derive(Debug, Serialize)]
struct ListBody<B> {
    items: Vec<B>,
    next_cursor: Option<String>,
}
