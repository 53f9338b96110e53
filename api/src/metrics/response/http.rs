//! Routes of the response metrics.

use actix_web::{HttpResponse, get};

use super::body::{IncidentFilter, ResponseMetricsBody, ResponseQuery};
use super::records_body::{RecordsQuery, ResponseRecordList};
use super::{records, report};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::query::Query;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(read_response_metrics)
        .service(list_response_records);
}

/// Measure the response to incidents
///
/// Twelve durations between milestones of incidents, each with its definition, in seconds. An
/// incident belongs to the window by the instant at which it was detected, else occurred, else was
/// recorded. Milestones are taken from an override on the incident, else from an event of a
/// chronology, else from the incident's sender; `sources` counts which. Times known to the minute
/// or the hour count as they are; an incident with an end known only to the day or worse is
/// `n_imprecise` and counted in days apart. Incidents of the category `test` are left out;
/// false positives, near misses and backfilled incidents count unless a filter excludes them.
#[utoipa::path(tag = "Metrics", params(ResponseQuery, IncidentFilter), security(("oauth2" = ["metrics:read"])), responses((status = 200, body = ResponseMetricsBody)))]
#[get("/metrics/response")]
async fn read_response_metrics(
    call: Call,
    Query(query): Query<ResponseQuery>,
    Query(filter): Query<IncidentFilter>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let body = report::response(read, caller, query, filter, call.now).await?;
    call.ok(&body)
}

/// List the incidents behind a response metric
///
/// Takes the filters of the metric and answers with exactly the incidents that it counted, with
/// the start and the stop that were used.
#[utoipa::path(tag = "Metrics", params(RecordsQuery, IncidentFilter, Paging), security(("oauth2" = ["metrics:read", "incidents:read"])), responses((status = 200, body = ResponseRecordList)))]
#[get("/metrics/response/records")]
async fn list_response_records(
    call: Call,
    Query(query): Query<RecordsQuery>,
    Query(filter): Query<IncidentFilter>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let page = records::list(read, caller, &query, &filter, &call.page(&paging)).await?;
    call.list(page, |record| record)
}
