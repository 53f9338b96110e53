//! Putting a briefing pack together from the rows of a review. Pure.

use chrono::NaiveDate;
use entity::vocabulary::{FindingKind, ReviewStatus};
use entity::{event, finding, incident};
use sea_orm::Iterable as _;

use super::body::{
    FindingsOfKind, OpenPoint, PackChronology, PackDuration, PackIncident, PackMilestone,
};
use crate::actions::body::ActionBody;
use crate::actions::computed::Computed;
use crate::chronology::body::EventBody;
use crate::findings::body::FindingBody;
use crate::incidents::body::IncidentBody;
use crate::incidents::rules::effective;
use crate::incidents::seen::SeenEvents;
use crate::lifecycle::rules::{Facts, Step, unmet};
use crate::metrics::response::rules::{Measure, ResponseMetricName, ends, measure};

/// How many events stand for a chronology in which none is key.
const MOST_EVENTS: usize = 200;

/// The chronology in short.
pub fn chronology(events: Vec<event::Model>) -> PackChronology {
    let standing: Vec<event::Model> = events
        .into_iter()
        .filter(|one| one.retracted_at.is_none())
        .collect();
    let total_events = standing.len();
    let is_key = |one: &event::Model| one.is_key || one.has_marks;
    let any_key = standing.iter().any(is_key);
    let (key, others): (Vec<_>, Vec<_>) = standing
        .into_iter()
        .partition(|one| is_key(one) || !any_key);
    PackChronology {
        total_events,
        key_events: key
            .into_iter()
            .take(if any_key { usize::MAX } else { MOST_EVENTS })
            .map(EventBody::from)
            .collect(),
        hindsight_events: others
            .into_iter()
            .filter(|one| one.hindsight_only)
            .map(EventBody::from)
            .collect(),
    }
}

/// The findings that stand, by kind and within it by risk.
pub fn findings(rows: &[finding::Model]) -> Vec<FindingsOfKind> {
    let of_kind = |kind: FindingKind| {
        let mut own: Vec<&finding::Model> = rows
            .iter()
            .filter(|one| one.kind == kind && one.retracted_at.is_none())
            .collect();
        own.sort_by_key(|one| std::cmp::Reverse(one.risk_score));
        FindingsOfKind {
            kind,
            findings: own.into_iter().cloned().map(FindingBody::from).collect(),
        }
    };
    let all = FindingKind::iter().map(of_kind);
    all.filter(|of| !of.findings.is_empty()).collect()
}

/// An incident with its course.
pub fn incident(row: incident::Model, seen: &SeenEvents) -> PackIncident {
    let times = &row.timestamps.0;
    let mut milestones: Vec<PackMilestone> = times
        .iter()
        .filter_map(|(milestone, time)| {
            let (known, source) = effective(time)?;
            Some(PackMilestone {
                milestone: *milestone,
                at: known.at,
                precision: known.precision,
                source: source.into(),
            })
        })
        .collect();
    milestones.sort_by_key(|one| one.at);
    let durations = ResponseMetricName::ALL.iter().filter_map(|metric| {
        let (start, stop) = ends(*metric, times);
        duration(*metric, measure(start, stop))
    });
    PackIncident {
        durations: durations.collect(),
        milestones,
        incident: IncidentBody::of(row, seen),
    }
}

fn duration(metric: ResponseMetricName, measure: Measure) -> Option<PackDuration> {
    let known = PackDuration {
        metric,
        seconds: None,
        days: None,
        is_contradictory: false,
    };
    match measure {
        Measure::Measured { seconds, .. } => Some(PackDuration {
            seconds: Some(seconds),
            ..known
        }),
        Measure::Days(days) => Some(PackDuration {
            days: Some(days),
            ..known
        }),
        Measure::Invalid => Some(PackDuration {
            is_contradictory: true,
            ..known
        }),
        Measure::Missing | Measure::Imprecise => None,
    }
}

/// The actions as they are shown on a day.
pub fn actions(
    rows: Vec<entity::action::Model>,
    computed: &mut std::collections::HashMap<uuid::Uuid, Computed>,
    today: NaiveDate,
) -> Vec<ActionBody> {
    let shown = rows.into_iter().map(|row| {
        let own = computed.remove(&row.id).unwrap_or_default();
        ActionBody::of(row, own, today)
    });
    shown.collect()
}

/// What the next steps of a review's life wait for, as far as a session can do something about it:
/// neither the state of the review nor who asks.
pub fn open_points(facts: &Facts) -> Vec<OpenPoint> {
    let steps: &[Step] = match facts.status {
        ReviewStatus::Draft | ReviewStatus::InProgress => &[Step::Submit, Step::Publish],
        ReviewStatus::InReview => &[Step::Publish],
        ReviewStatus::Published => &[Step::Close],
        ReviewStatus::Closed | ReviewStatus::Waived | ReviewStatus::Cancelled => &[],
    };
    let points = steps.iter().flat_map(|step| {
        unmet(*step, facts).into_iter().map(|fault| OpenPoint {
            step: step.name(),
            code: fault.code,
            detail: fault.detail,
        })
    });
    points
        .filter(|point| !["wrong_state", "approver_is_owner"].contains(&point.code.as_str()))
        .collect()
}
