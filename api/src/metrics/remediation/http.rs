//! The route of the remediation metrics.

use actix_web::{HttpResponse, get};

use super::body::RemediationMetricsBody;
use super::query::{ActionFilter, RemediationQuery};
use super::report;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::query::Query;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(read_remediation_metrics);
}

/// Measure remediation
///
/// Counts, rates, distributions, the funnel and a burn-up series of the actions in every review
/// that exists for the caller, each number with its definition and the list behind it. Durations
/// are in seconds. An action is open while it is proposed, open, in progress or blocked; done when
/// it is implemented or verified; ended when it was declined, its risk accepted, or cancelled.
#[utoipa::path(tag = "Metrics", params(RemediationQuery, ActionFilter), security(("oauth2" = ["metrics:read"])), responses((status = 200, body = RemediationMetricsBody)))]
#[get("/metrics/remediation")]
async fn read_remediation_metrics(
    call: Call,
    Query(query): Query<RemediationQuery>,
    Query(filter): Query<ActionFilter>,
) -> Result<HttpResponse> {
    let (read, caller) = (call.read(), call.caller.as_ref());
    let body = report::remediation(read, caller, query, filter, call.now).await?;
    call.ok(&body)
}
