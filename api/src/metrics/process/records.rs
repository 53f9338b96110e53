//! The reviews behind the process metrics, a page at a time, newest first.

use entity::Timestamp;
use sea_orm::ConnectionTrait;

use super::body::ReviewFilter;
use super::closures::Closure;
use super::durations::Span;
use super::incidents::Incidents;
use super::item::Item;
use super::reading::Reviews;
use super::records_body::{
    ProcessDuration, ProcessFlag, ProcessRecord, ProcessRecordsQuery, ReviewEnding,
};
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest};
use crate::metrics::response::records_body::Standing;

/// One page of the reviews that were counted.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (query, filter): (&ProcessRecordsQuery, &ReviewFilter),
    request: &PageRequest<'_>,
    now: Timestamp,
) -> Result<Page<ProcessRecord>> {
    let position = request.position()?;
    let incidents = Incidents::read(connection, caller).await?;
    let reviews = Reviews::read(connection, (caller, filter), &incidents, now).await?;
    let wanted = reviews.items.iter().filter(|item| {
        position.is_none_or(|last| (item.created_at, item.id) < last) && is_wanted(item, query, now)
    });
    let limit = request.limit();
    let mut page: Vec<&Item> = wanted.take(limit + 1).collect();
    let more = page.len() > limit;
    page.truncate(limit);
    let next = match page.last().filter(|_| more) {
        Some(last) => Some(request.cursor_after(last.created_at, last.id)?),
        None => None,
    };
    Ok(Page {
        items: page
            .into_iter()
            .map(|item| record(item, query, now))
            .collect(),
        next,
    })
}

fn is_wanted(item: &Item, query: &ProcessRecordsQuery, now: Timestamp) -> bool {
    let standing = query
        .duration
        .map(|which| Standing::from(item.duration(which)));
    let stands = standing
        .is_none_or(|standing| query.standing.is_empty() || query.standing.contains(&standing));
    let has_kind = || {
        query
            .finding_kind
            .iter()
            .any(|kind| item.findings_of(*kind) > 0)
    };
    stands
        && query.is.iter().all(|flag| item.is(*flag, now))
        && (query.finding_kind.is_empty() || has_kind())
        && (query.absent_function.is_empty() || item.lacked(&query.absent_function))
        && (query.obligation_status.is_empty() || item.has_obligation(&query.obligation_status))
        && (query.feedback_occasion.is_empty() || item.has_feedback(&query.feedback_occasion))
}

impl From<Span> for Standing {
    fn from(span: Span) -> Self {
        match span {
            Span::Known(_) => Self::Measured,
            Span::Missing => Self::Missing,
            Span::Invalid => Self::Invalid,
            Span::Imprecise => Self::Imprecise,
        }
    }
}

fn record(item: &Item, query: &ProcessRecordsQuery, now: Timestamp) -> ProcessRecord {
    let seconds = |which: ProcessDuration| match item.duration(which) {
        Span::Known(seconds) => Some(seconds),
        _ => None,
    };
    let (sent_back, reopened) = item.returns();
    let flags = ProcessFlag::ALL
        .iter()
        .copied()
        .filter(|flag| item.is(*flag, now));
    let waiting = || item.lessons.iter().filter(|lesson| lesson.is_waiting());
    ProcessRecord {
        review_id: item.id,
        review_key: item.key.clone(),
        title: item.title.clone(),
        kind: item.kind,
        severity: item.severity,
        status: item.status,
        incidents_closed_at: match item.incidents_closed {
            Closure::At(at) | Closure::Roughly(at) => Some(at),
            Closure::Unknown => None,
        },
        created_at: item.created_at,
        backfilled: item.backfilled,
        workshop_due_at: item.workshop_due.own,
        workshop_due_by_policy: item.workshop_due.by_policy,
        publish_due_at: item.publication_due.own,
        publish_due_by_policy: item.publication_due.by_policy,
        workshop_held_at: item.workshop_at(),
        first_published_at: item.published_at(),
        closed_at: item.closed_at(),
        time_to_open_seconds: seconds(ProcessDuration::TimeToOpen),
        time_to_workshop_seconds: seconds(ProcessDuration::TimeToWorkshop),
        time_to_publish_seconds: seconds(ProcessDuration::TimeToPublish),
        opened_to_workshop_seconds: seconds(ProcessDuration::OpenedToWorkshop),
        workshop_to_published_seconds: seconds(ProcessDuration::WorkshopToPublished),
        opened_to_published_seconds: seconds(ProcessDuration::OpenedToPublished),
        published_to_briefed_seconds: seconds(ProcessDuration::PublishedToBriefed),
        published_to_closed_seconds: seconds(ProcessDuration::PublishedToClosed),
        standing: query
            .duration
            .map(|which| Standing::from(item.duration(which))),
        is: flags.collect(),
        ending: item.ending().map(ReviewEnding::from),
        sent_back,
        reopened,
        events: item.events,
        events_with_evidence: item.events_with_evidence,
        findings: item.findings.iter().sum(),
        completeness_score: item.completeness,
        workshops: item.sessions.iter().map(Into::into).collect(),
        lessons_waiting: waiting().count() as u64,
        oldest_lesson_seconds: waiting().map(|lesson| lesson.age(now)).max(),
        obligations: item.obligations.len() as u64,
        obligations_unmet: item.obligations.iter().filter(|one| one.is_unmet()).count() as u64,
        feedback: item.feedback.iter().map(Into::into).collect(),
    }
}
