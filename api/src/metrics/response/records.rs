//! The incidents behind a response metric, a page at a time.

use entity::vocabulary::IncidentCategory;
use sea_orm::ConnectionTrait;

use super::body::IncidentFilter;
use super::records_body::{RecordsQuery, ResponseRecord, Standing};
use super::rules::{self, Measure, ResponseMetricName};
use super::store::{self, Position, Row};
use super::tally::in_window;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest};
use crate::metrics::window;

/// One page of the incidents that a metric counted, newest record first.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    query: &RecordsQuery,
    filter: &IncidentFilter,
    request: &PageRequest<'_>,
) -> Result<Page<ResponseRecord>> {
    window::check_order(("from", filter.from), ("to", filter.to))?;
    let limit = request.limit();
    let mut items = Vec::new();
    let mut last: Option<Position> = None;
    let mut more = false;
    let chunk = store::Chunk::of_page(limit, query.standing.is_empty());
    store::walk(
        connection,
        caller,
        filter,
        chunk,
        request.position()?,
        |row| {
            let position = (row.created_at, row.id);
            let Some(record) = record(row, query.metric, filter) else {
                return true;
            };
            if !query.standing.is_empty() && !query.standing.contains(&record.standing) {
                return true;
            }
            more = items.len() == limit;
            if !more {
                items.push(record);
                last = Some(position);
            }
            !more
        },
    )
    .await?;
    let next = match last.filter(|_| more) {
        Some((at, id)) => Some(request.cursor_after(at, id)?),
        None => None,
    };
    Ok(Page { items, next })
}

/// What an incident contributes, if it is one that the metric looks at.
fn record(row: Row, metric: ResponseMetricName, filter: &IncidentFilter) -> Option<ResponseRecord> {
    let instant = rules::instant(&row.timestamps.0, row.created_at);
    if row.category == IncidentCategory::Test || !in_window(filter, instant) {
        return None;
    }
    let (start, stop) = rules::ends(metric, &row.timestamps.0);
    let measure = rules::measure(start, stop);
    Some(ResponseRecord {
        incident_id: row.id,
        severity: row.severity,
        category: row.category,
        status: row.status,
        detection_source: row.detection_source,
        backfilled: row.backfilled,
        instant,
        standing: Standing::from(measure),
        start: start.map(Into::into),
        stop: stop.map(Into::into),
        duration_seconds: match measure {
            Measure::Measured { seconds, .. } => Some(seconds),
            _ => None,
        },
        duration_days: match measure {
            Measure::Days(days) => Some(days),
            _ => None,
        },
        title: row.title,
    })
}
