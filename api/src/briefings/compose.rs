//! Puts the content of a briefing together from the rows of its review. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use entity::briefing::Model;
use entity::vocabulary::{
    ActionStatus, BriefingAudience, BriefingSection, Disposition, FindingKind, LessonStatus,
};
use entity::{
    Timestamp, action, assessment, event, finding, impact, incident, lesson, obligation,
    recommendation, review,
};

use super::content::{
    BriefedAction, BriefedAssessment, BriefedDuration, BriefedEvent, BriefedFinding, BriefedImpact,
    BriefedLesson, BriefedObligation, BriefedRecommendation, BriefingContent, Omission,
};
use super::marks::{self, Marks};
use crate::impacts::rules::totals;
use crate::metrics::response::rules::{Measure, ResponseMetricName, ends, measure};
use crate::obligations::rules::{has_ended, status};

/// How many key events a briefing tells of.
const MOST_EVENTS: usize = 100;

/// Everything that a briefing is put together from.
#[derive(Debug)]
pub struct Source {
    /// The review.
    pub review: review::Model,
    /// Its incidents.
    pub incidents: Vec<incident::Model>,
    /// Its chronology.
    pub events: Vec<event::Model>,
    /// Its assessments.
    pub assessments: Vec<assessment::Model>,
    /// Its impacts.
    pub impacts: Vec<impact::Model>,
    /// Its findings.
    pub findings: Vec<finding::Model>,
    /// Its recommendations.
    pub recommendations: Vec<recommendation::Model>,
    /// Its actions.
    pub actions: Vec<action::Model>,
    /// Its lessons.
    pub lessons: Vec<lesson::Model>,
    /// Its obligations.
    pub obligations: Vec<obligation::Model>,
}

/// The content of a briefing at a moment.
pub fn content(briefing: &Model, source: Source, now: Timestamp) -> BriefingContent {
    use BriefingSection as Section;
    let marks = Marks::from(&source.review);
    let audience = briefing.audience;
    let chosen = &briefing.sections.0;
    let omitted = chosen.iter().filter_map(|section| {
        let reason = marks::omission(*section, audience, marks)?;
        Some(Omission {
            section: *section,
            reason,
        })
    });
    let tells = |section: Section| {
        chosen.contains(&section) && marks::omission(section, audience, marks).is_none()
    };
    let standing = |kinds: &[FindingKind]| findings(&source.findings, kinds);
    let review = source.review;
    let has_review_ended = has_ended(review.status);
    BriefingContent {
        briefing_id: briefing.id,
        audience,
        tlp: review.tlp,
        legal_privilege: review.legal_privilege,
        as_of: now,
        review_id: review.id,
        review_key: review.key,
        review_title: review.title,
        review_status: review.status,
        severity: review.severity,
        headline: briefing.headline.clone(),
        key_messages: briefing.key_messages.0.clone(),
        decisions_wanted: briefing.decisions_wanted.0.clone(),
        sections: chosen.clone(),
        omitted: omitted.collect(),
        causes: tells(Section::Causes)
            .then(|| standing(&[FindingKind::RootCause, FindingKind::ContributingFactor])),
        strengths: tells(Section::Strengths).then(|| standing(&[FindingKind::Strength])),
        gaps: tells(Section::Gaps).then(|| standing(&[FindingKind::Gap])),
        summary: review
            .summary
            .filter(|_| tells(Section::Summary))
            .map(String::from),
        timeline: tells(Section::Timeline).then(|| timeline(source.events)),
        durations: tells(Section::Durations).then(|| durations(&source.incidents)),
        impact: tells(Section::Impact).then(|| impacts(source.impacts)),
        assessments: tells(Section::Assessments).then(|| assessments(source.assessments)),
        recommendations: tells(Section::Recommendations)
            .then(|| recommendations(source.recommendations)),
        actions: tells(Section::Actions).then(|| actions(source.actions, audience)),
        lessons: tells(Section::Lessons).then(|| lessons(source.lessons)),
        obligations: tells(Section::Obligations)
            .then(|| obligations(source.obligations, has_review_ended, now)),
    }
}

fn timeline(events: Vec<event::Model>) -> Vec<BriefedEvent> {
    let key = events
        .into_iter()
        .filter(|one| one.retracted_at.is_none() && (one.is_key || one.has_marks));
    let mut key: Vec<event::Model> = key.collect();
    key.sort_by_key(|one| (one.occurred_at, one.id));
    let told = key.into_iter().take(MOST_EVENTS).map(|one| BriefedEvent {
        occurred_at: one.occurred_at,
        precision: one.precision,
        summary: one.summary,
        marks: one.marks.0,
    });
    told.collect()
}

fn durations(incidents: &[incident::Model]) -> Vec<BriefedDuration> {
    let of = |incident: &incident::Model, metric: ResponseMetricName| {
        let (start, stop) = ends(metric, &incident.timestamps.0);
        let (seconds, days) = match measure(start, stop) {
            Measure::Measured { seconds, .. } => (Some(seconds), None),
            Measure::Days(days) => (None, Some(days)),
            Measure::Missing | Measure::Invalid | Measure::Imprecise => return None,
        };
        Some(BriefedDuration {
            incident: incident.title.clone(),
            metric,
            seconds,
            days,
        })
    };
    let each = incidents.iter().flat_map(|incident| {
        let all = ResponseMetricName::ALL.iter();
        all.filter_map(move |metric| of(incident, *metric))
    });
    each.collect()
}

/// The latest estimate of each dimension.
fn impacts(rows: Vec<impact::Model>) -> Vec<BriefedImpact> {
    let mut latest = BTreeMap::new();
    for row in rows {
        let known = latest.get(&row.dimension);
        if known.is_none_or(|known: &impact::Model| known.snapshot < row.snapshot) {
            latest.insert(row.dimension, row);
        }
    }
    let told = latest.into_values().map(|row| BriefedImpact {
        dimension: row.dimension,
        snapshot: row.snapshot,
        rating: row.rating,
        narrative: row.narrative,
        quantities: row.quantities.0,
        costs: totals(&row.costs.0),
    });
    told.collect()
}

/// The findings of some kinds that stand, the riskiest of each kind first.
fn findings(rows: &[finding::Model], kinds: &[FindingKind]) -> Vec<BriefedFinding> {
    let mut own: Vec<&finding::Model> = rows
        .iter()
        .filter(|one| one.retracted_at.is_none() && kinds.contains(&one.kind))
        .collect();
    own.sort_by_key(|one| (one.kind, Reverse(one.risk_score), one.created_at, one.id));
    let told = own.into_iter().map(|one| BriefedFinding {
        kind: one.kind,
        statement: one.statement.clone(),
        gap_category: one.gap_category,
        risk_score: one.risk_score,
    });
    told.collect()
}

fn assessments(mut rows: Vec<assessment::Model>) -> Vec<BriefedAssessment> {
    rows.sort_by_key(|one| one.dimension);
    let told = rows.into_iter().map(|one| BriefedAssessment {
        dimension: one.dimension,
        rating: one.rating,
        summary: one.summary,
    });
    told.collect()
}

fn recommendations(rows: Vec<recommendation::Model>) -> Vec<BriefedRecommendation> {
    let told = rows
        .into_iter()
        .filter(|one| one.disposition != Disposition::Duplicate)
        .map(|one| BriefedRecommendation {
            decision_wanted: matches!(
                one.disposition,
                Disposition::Proposed | Disposition::Deferred
            ),
            title: one.title,
            rationale: one.rationale,
            disposition: one.disposition,
        });
    let mut told: Vec<BriefedRecommendation> = told.collect();
    told.sort_by_key(|one| !one.decision_wanted);
    told
}

fn actions(rows: Vec<action::Model>, audience: BriefingAudience) -> Vec<BriefedAction> {
    let given_up = [ActionStatus::Declined, ActionStatus::Cancelled];
    let mut rows: Vec<action::Model> = rows
        .into_iter()
        .filter(|one| !given_up.contains(&one.status))
        .collect();
    rows.sort_by(|one, other| {
        let by_priority = other.priority.rank().cmp(&one.priority.rank());
        by_priority
            .then(other.priority_score.total_cmp(&one.priority_score))
            .then(one.id.cmp(&other.id))
    });
    let told = rows.into_iter().map(|one| BriefedAction {
        title: one.title,
        priority: one.priority,
        status: one.status,
        owner: one.owner_name.filter(|_| marks::shows_names(audience)),
        due_on: one.due_on,
    });
    told.collect()
}

fn lessons(rows: Vec<lesson::Model>) -> Vec<BriefedLesson> {
    let told = rows
        .into_iter()
        .filter(|one| one.status != LessonStatus::Retired)
        .map(|one| BriefedLesson {
            statement: one.statement,
            status: one.status,
        });
    told.collect()
}

fn obligations(
    mut rows: Vec<obligation::Model>,
    has_review_ended: bool,
    now: Timestamp,
) -> Vec<BriefedObligation> {
    rows.sort_by_key(|one| (one.due_at, one.id));
    let told = rows.into_iter().map(|one| BriefedObligation {
        status: status(&one, has_review_ended, now),
        title: one.title,
        due_at: one.due_at,
        submitted_at: one.submitted_at,
    });
    told.collect()
}
