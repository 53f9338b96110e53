//! What other features read of incidents: when each stands, and what it contributes to a metric.

use entity::Timestamp;
use entity::vocabulary::IncidentCategory;
use sea_orm::ConnectionTrait;

use super::body::IncidentFilter;
use super::rules::{self, Measure, ResponseMetricName};
use super::store;
use super::tally::in_window;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::link::Link;

/// What one incident contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The instant it stands at: detected, else occurred, else created.
    pub instant: Timestamp,
    /// What it contributes to the metric, if one was asked for.
    pub measure: Option<Measure>,
}

/// What the incidents of a filter contribute; tests are left out.
pub async fn contributions(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    filter: &IncidentFilter,
    metric: Option<ResponseMetricName>,
) -> Result<Vec<Contribution>> {
    let mut found = Vec::new();
    store::walk(connection, caller, filter, store::Chunk::ALL, None, |row| {
        let times = &row.timestamps.0;
        let instant = rules::instant(times, row.created_at);
        if row.category != IncidentCategory::Test && in_window(filter, instant) {
            let measure = metric.map(|metric| {
                let (start, stop) = rules::ends(metric, times);
                rules::measure(start, stop)
            });
            found.push(Contribution { instant, measure });
        }
        true
    })
    .await?;
    Ok(found)
}

/// The address of the incidents of a filter, as a metric sees them: all of them, or those of one
/// standing.
pub fn records_url(
    metric: ResponseMetricName,
    standing: Option<&str>,
    filter: &IncidentFilter,
) -> String {
    let link = Link::to("/api/v1/metrics/response/records").with("metric", metric.as_str());
    let link = match standing {
        Some(standing) => link.with("standing", standing),
        None => link,
    };
    link.with_all(filter).into_string()
}
