//! Route of deadlines: they are read here and changed where their dates are.

use actix_web::{HttpResponse, get};

use super::body::{DeadlineBody, DeadlineList, ListDeadlines};
use super::store;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::query::Query;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(list_deadlines);
}

/// List deadlines
///
/// What is due, overdue, met, and met too late (`breached`), of everything that has a date: the
/// earliest first. A date without a time is due at the end of that day in UTC. When a deadline
/// approaches, and when it has passed without being met, the service itself puts that on record,
/// once each: see `deadline.approaching`, `deadline.missed`, `action.recheck_due`, `risk.expired`,
/// `recommendation.deferral_ended` and `feedback.opened` in the audit log.
#[utoipa::path(tag = "Deadlines", params(ListDeadlines, Paging), security(("oauth2" = ["reviews:read", "actions:read"])), responses((status = 200, body = DeadlineList)))]
#[get("/deadlines")]
async fn list_deadlines(
    call: Call,
    Query(filter): Query<ListDeadlines>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (caller, request) = (&call.caller, call.page(&paging));
    let page = store::list(call.read(), caller, &filter, call.now, &request).await?;
    call.list(page, |row| DeadlineBody::of(row, call.now))
}
