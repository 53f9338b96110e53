//! The cases behind the learning metrics, a page at a time, the latest first.

use entity::Timestamp;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{LearningFilter, LearningSubject};
use super::cases::{Case, Cases, Standings};
use super::records_body::{LearningRecord, LearningRecordsQuery, RepeatedTrait};
use super::standing::ActionsThen;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::kernel::page::{Page, PageRequest};
use crate::metrics::window;

/// One page of the cases that were counted.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (query, filter): (&LearningRecordsQuery, &LearningFilter),
    request: &PageRequest<'_>,
    now: Timestamp,
) -> Result<Page<LearningRecord>> {
    let zone = window::zone(query.time_zone.as_deref())?;
    let position = request.position()?;
    let all = Cases::read(connection, caller, filter).await?;
    let mut standings = Standings::new(&all.reviews, now, zone);
    let mut order: Vec<&Case> = all.all.iter().collect();
    order.sort_unstable_by_key(|case| std::cmp::Reverse((case.instant, case.id)));
    let behind = |case: &&Case| position.is_none_or(|last| (case.instant, case.id) < last);
    let limit = request.limit();
    let mut items: Vec<((Timestamp, Uuid), LearningRecord)> = Vec::new();
    let mut more = false;
    for case in order.into_iter().filter(behind) {
        if !is_wanted(case, &all, query, &mut standings)? {
            continue;
        }
        more = items.len() == limit;
        if more {
            break;
        }
        items.push(((case.instant, case.id), record(case, &all, &mut standings)?));
    }
    let next = match items.last().filter(|_| more) {
        Some(((at, id), _)) => Some(request.cursor_after(*at, *id)?),
        None => None,
    };
    Ok(Page {
        items: items.into_iter().map(|(_, record)| record).collect(),
        next,
    })
}

fn is_wanted(
    case: &Case,
    all: &Cases,
    query: &LearningRecordsQuery,
    standings: &mut Standings<'_>,
) -> Result<bool> {
    let latest = case.latest();
    let agrees = |asked: Option<bool>, is: bool| asked.is_none_or(|asked| asked == is);
    let published = latest.map(|one| all.reviews[one.review].is_published(case.instant));
    let shares = || {
        let mut values = case
            .matches
            .iter()
            .map(|one| all.traits.name(one.of).1.to_lowercase());
        values.any(|value| {
            query
                .value
                .iter()
                .any(|asked| asked.to_lowercase() == value)
        })
    };
    let fits = agrees(query.known, case.is_known())
        && agrees(query.recurrent, latest.is_some())
        && (query.after_publication.is_none() || query.after_publication == published)
        && (query.value.is_empty() || shares());
    if !fits || query.standing.is_empty() {
        return Ok(fits);
    }
    let Some(latest) = latest else {
        return Ok(false);
    };
    let standing = standings.of(latest.review, case.instant)?.standing();
    Ok(query.standing.contains(&standing))
}

fn record(case: &Case, all: &Cases, standings: &mut Standings<'_>) -> Result<LearningRecord> {
    let mut shared = Vec::with_capacity(case.matches.len());
    for one in &case.matches {
        let (of, value) = all.traits.name(one.of);
        let review = &all.reviews[one.review];
        let actions = standings.of(one.review, case.instant)?;
        shared.push(RepeatedTrait {
            of,
            value: value.to_owned(),
            n_earlier: one.n_earlier,
            review_id: review.id,
            review_key: review.key.clone(),
            review_title: review.title.clone(),
            began_at: review.began,
            published_at: review.published_at,
            published_by_then: review.is_published(case.instant),
            standing: actions.standing(),
            actions,
        });
    }
    shared.sort_by(|a, b| (a.of, &a.value).cmp(&(b.of, &b.value)));
    let latest = case.latest();
    let then = latest.map(|one| standings.of(one.review, case.instant));
    Ok(LearningRecord {
        subject: case.subject,
        incident_id: (case.subject == LearningSubject::Incident).then_some(case.id),
        review_ids: case
            .reviews
            .iter()
            .map(|place| all.reviews[*place].id)
            .collect(),
        title: case.title.clone(),
        severity: case.severity,
        category: case.category,
        instant: case.instant,
        known: case.is_known(),
        recurrent: latest.is_some(),
        after_publication: latest.map(|one| all.reviews[one.review].is_published(case.instant)),
        standing: then.transpose()?.map(ActionsThen::standing),
        shared,
    })
}
