//! Routes of the process metrics.

use crate::kernel::mount::ServiceConfig;
use actix_web::{HttpResponse, get};

use super::body::{ProcessMetricsBody, ProcessQuery, ReviewFilter};
use super::coverage_body::{CoverageQuery, CoverageRecordList};
use super::records_body::{ProcessRecordList, ProcessRecordsQuery};
use super::{coverage, records, report};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::page::Paging;
use crate::kernel::query::Query;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(read_process_metrics)
        .service(list_process_records)
        .service(list_coverage_records);
}

/// Measure how reviews are held
///
/// By subject: how promptly reviews are opened, brought to their workshop, published and closed, and
/// how much of that within their policies' time; where they stand, how often they go back to work and
/// which were given up; who led their workshops and who came; how long their chronologies are and how
/// much of them rests on evidence; what they establish; what people said of them; how many lessons
/// wait for a document; whether obligations were met; and which closed incidents have a review, and
/// which of them had to.
///
/// What is in time is measured by the date that the policy set, which the review keeps in
/// `policy_snapshot`: to change a review's own `workshop_due_at` or `publish_due_at` moves its
/// deadline and its reminders, not this, and is counted as put off. Durations are in seconds, and each
/// number has its definition and the list behind it. Only reviews that exist for the caller count;
/// those whose incidents are all tests do not.
#[utoipa::path(tag = "Metrics", params(ProcessQuery, ReviewFilter), security(("oauth2" = ["metrics:read"])), responses((status = 200, body = ProcessMetricsBody)))]
#[get("/metrics/process")]
async fn read_process_metrics(
    call: Call,
    Query(query): Query<ProcessQuery>,
    Query(filter): Query<ReviewFilter>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let body = report::process(read, caller, query, filter, call.now).await?;
    call.ok(&body)
}

/// List the reviews behind the process metrics
///
/// Takes the filters of the metrics and answers with exactly the reviews that they counted.
#[utoipa::path(tag = "Metrics", params(ProcessRecordsQuery, ReviewFilter, Paging), security(("oauth2" = ["metrics:read", "reviews:read"])), responses((status = 200, body = ProcessRecordList)))]
#[get("/metrics/process/records")]
async fn list_process_records(
    call: Call,
    Query(query): Query<ProcessRecordsQuery>,
    Query(filter): Query<ReviewFilter>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let asked = (&query, &filter);
    let page = records::list(read, caller, asked, &call.page(&paging), call.now).await?;
    call.list(page, |record| record)
}

/// List the closed incidents behind the coverage
///
/// Each with whether its policy made a review mandatory and what became of its review: of several
/// reviews the furthest counts, and only those that exist for the caller.
#[utoipa::path(tag = "Metrics", params(CoverageQuery, Paging), security(("oauth2" = ["metrics:read", "incidents:read", "reviews:read"])), responses((status = 200, body = CoverageRecordList)))]
#[get("/metrics/process/incidents")]
async fn list_coverage_records(
    call: Call,
    Query(query): Query<CoverageQuery>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let page = coverage::list(read, caller, &query, &call.page(&paging)).await?;
    call.list(page, |record| record)
}
