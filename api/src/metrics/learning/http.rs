//! Routes of the learning metrics.

use crate::kernel::mount::ServiceConfig;
use actix_web::{HttpResponse, get};

use super::body::{LearningFilter, LearningMetricsBody, LearningQuery};
use super::records_body::{LearningRecordList, LearningRecordsQuery};
use super::{records, report};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::page::Paging;
use crate::kernel::query::Query;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(read_learning_metrics)
        .service(list_learning_records);
}

/// Measure what recurred and what helped
///
/// A case is an incident in a review, or a review of none. It recurs when it shares a trait with a
/// review whose own subject began earlier: the category of a root cause, a contributing factor, a
/// category of gap, a control that did not work, or an ATT&CK technique. Of the reviews that share a
/// trait the latest counts, with the state of its actions on the day of the recurrence. Broad traits
/// recur often: `by_trait` tells them apart, and `trait` leaves only some. Only reviews that exist for
/// the caller are compared.
#[utoipa::path(tag = "Metrics", params(LearningQuery, LearningFilter), security(("oauth2" = ["metrics:read"])), responses((status = 200, body = LearningMetricsBody)))]
#[get("/metrics/learning")]
async fn read_learning_metrics(
    call: Call,
    Query(query): Query<LearningQuery>,
    Query(filter): Query<LearningFilter>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let body = report::learning(read, caller, query, filter, call.now).await?;
    call.ok(&body)
}

/// List the cases behind the learning metrics
///
/// Takes the filters of the metrics and answers with exactly the cases that they counted, each with
/// what it shares and with which earlier review.
#[utoipa::path(tag = "Metrics", params(LearningRecordsQuery, LearningFilter, Paging), security(("oauth2" = ["metrics:read", "incidents:read", "reviews:read"])), responses((status = 200, body = LearningRecordList)))]
#[get("/metrics/learning/records")]
async fn list_learning_records(
    call: Call,
    Query(query): Query<LearningRecordsQuery>,
    Query(filter): Query<LearningFilter>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let asked = (&query, &filter);
    let page = records::list(read, caller, asked, &call.page(&paging), call.now).await?;
    call.list(page, |record| record)
}
