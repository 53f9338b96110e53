//! The two incidents as they are written down beside this file, judged by the API's own schemas.
//!
//! A time known to the day is written as midnight UTC, or as an hour that keeps the known order.

use entity::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::actions::input::CreateAction;
use crate::actions::steps::ReportProgress;
use crate::chronology::body::AppendEvent;
use crate::findings::body::RecordFinding;
use crate::incidents::http::RecordIncident;
use crate::kernel::body::typed;
use crate::kernel::error::Error;
use crate::participants::http::AddParticipant;
use crate::reviews::body::OpenReview;

/// An incident with its review and what the review holds.
#[derive(Debug)]
pub(super) struct Case {
    /// When the review was opened.
    pub(super) opened_at: Timestamp,
    /// When its findings were established and its actions agreed; later events follow them.
    pub(super) concluded_at: Timestamp,
    /// The incident.
    pub(super) incident: RecordIncident,
    /// Its review, which does not name the incident yet.
    pub(super) review: OpenReview,
    /// Who takes part.
    pub(super) participants: Vec<AddParticipant>,
    /// The chronology; each event has an `external_id`, by which findings name it.
    pub(super) events: Vec<AppendEvent>,
    /// The findings, each after the one that it is a reason for.
    pub(super) findings: Vec<CaseFinding>,
    /// The actions.
    pub(super) actions: Vec<CaseAction>,
}

/// A finding, with names in place of the ids that it will refer to.
#[derive(Debug)]
pub(super) struct CaseFinding {
    /// What other findings of the case call it.
    pub(super) name: String,
    /// The finding that it is a reason for.
    pub(super) reason_for: Option<String>,
    /// The events that it rests on.
    pub(super) rests_on: Vec<String>,
    /// What it says.
    pub(super) finding: RecordFinding,
}

/// An action, with names in place of the ids of the findings that it answers.
#[derive(Debug)]
pub(super) struct CaseAction {
    /// The findings that it answers.
    pub(super) answers: Vec<String>,
    /// What is to be done.
    pub(super) action: CreateAction,
    /// How it went on, each report with its moment.
    pub(super) progress: Vec<ReportProgress>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    opened_at: Timestamp,
    concluded_at: Timestamp,
    incident: Value,
    review: Value,
    participants: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFinding {
    name: String,
    #[serde(default)]
    reason_for: Option<String>,
    #[serde(default)]
    rests_on: Vec<String>,
    finding: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAction {
    #[serde(default)]
    answers: Vec<String>,
    action: Value,
    #[serde(default)]
    progress: Vec<Value>,
}

/// Both cases, in the order in which they happened.
pub(super) fn all() -> Result<[Case; 2], anyhow::Error> {
    Ok([health_service()?, service_provider()?])
}

/// Ransomware against a national health service.
fn health_service() -> Result<Case, anyhow::Error> {
    read(
        include_str!("health_service/case.json"),
        include_str!("health_service/events.json"),
        include_str!("health_service/findings.json"),
        include_str!("health_service/actions.json"),
    )
}

/// A state actor's intrusion at a service provider.
fn service_provider() -> Result<Case, anyhow::Error> {
    read(
        include_str!("service_provider/case.json"),
        include_str!("service_provider/events.json"),
        include_str!("service_provider/findings.json"),
        include_str!("service_provider/actions.json"),
    )
}

fn read(case: &str, events: &str, findings: &str, actions: &str) -> Result<Case, anyhow::Error> {
    let case: WrittenCase = serde_json::from_str(case)?;
    let findings: Vec<WrittenFinding> = serde_json::from_str(findings)?;
    let actions: Vec<WrittenAction> = serde_json::from_str(actions)?;
    Ok(Case {
        opened_at: case.opened_at,
        concluded_at: case.concluded_at,
        incident: judged("the incident", case.incident)?,
        review: judged("the review", case.review)?,
        participants: all_judged("participant", case.participants)?,
        events: all_judged("event", serde_json::from_str(events)?)?,
        findings: findings
            .into_iter()
            .map(|written| {
                Ok(CaseFinding {
                    finding: judged(&written.name, written.finding)?,
                    name: written.name,
                    reason_for: written.reason_for,
                    rests_on: written.rests_on,
                })
            })
            .collect::<Result<_, anyhow::Error>>()?,
        actions: actions
            .into_iter()
            .map(|written| {
                Ok(CaseAction {
                    answers: written.answers,
                    action: judged("an action", written.action)?,
                    progress: all_judged("report of progress", written.progress)?,
                })
            })
            .collect::<Result<_, anyhow::Error>>()?,
    })
}

fn all_judged<T>(what: &str, values: Vec<Value>) -> Result<Vec<T>, anyhow::Error>
where
    T: ToSchema + DeserializeOwned + 'static,
{
    let numbered = values.into_iter().enumerate();
    numbered
        .map(|(at, value)| judged(&format!("{what} {at}"), value))
        .collect()
}

fn judged<T>(what: &str, value: Value) -> Result<T, anyhow::Error>
where
    T: ToSchema + DeserializeOwned + 'static,
{
    typed(value).map_err(|error: Error| anyhow::anyhow!("demo data, {what}: {error:?}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use entity::vocabulary::{FindingKind, Milestone};

    use super::*;
    use crate::attack;

    fn seconds(case: &Case, from: Milestone, to: Milestone) -> i64 {
        let at = |milestone| {
            let mut marking = case.events.iter().filter(|e| e.marks.contains(&milestone));
            let event = marking.next().expect("a marking event");
            assert!(marking.next().is_none(), "{milestone} is marked twice");
            event.occurred_at.seconds()
        };
        at(to) - at(from)
    }

    #[test]
    fn the_data_keep_to_the_schemas_of_the_requests() {
        let [health, provider] = all().expect("valid data");
        assert_eq!(health.events.len(), 32);
        assert_eq!(provider.events.len(), 24);
    }

    #[test]
    fn the_marks_give_the_durations_that_the_reports_state() {
        use Milestone::{
            Acknowledged, Compromised, Contained, Declared, Detected, Eradicated, ImpactStarted,
            Reported,
        };
        let [health, provider] = all().expect("valid data");
        assert_eq!(seconds(&provider, Compromised, Detected), 801_431);
        assert_eq!(seconds(&provider, Detected, Acknowledged), 720);
        assert_eq!(seconds(&provider, Detected, Contained), 19_860);
        assert_eq!(seconds(&provider, Detected, Eradicated), 71_940);
        assert_eq!(seconds(&health, ImpactStarted, Reported), 6_600);
        assert_eq!(seconds(&health, ImpactStarted, Detected), 12_960);
        assert_eq!(seconds(&health, Detected, Declared), 300);
        assert_eq!(seconds(&health, Compromised, Detected) / 86_400, 57);
    }

    #[test]
    fn every_name_in_a_case_is_one_of_the_case() {
        for case in all().expect("valid data") {
            let mut events = HashSet::new();
            for event in &case.events {
                let name = event.external_id.as_deref().expect("a name");
                assert!(events.insert(name), "{name} is there twice");
            }
            let mut findings = HashSet::new();
            for one in &case.findings {
                let parent = one.reason_for.as_deref();
                assert!(parent.is_none_or(|name| findings.contains(name)), "{one:?}");
                assert!(one.rests_on.iter().all(|e| events.contains(e.as_str())));
                assert!(findings.insert(one.name.as_str()), "{one:?}");
            }
            for one in &case.actions {
                let answers = &mut one.answers.iter();
                assert!(
                    answers.all(|name| findings.contains(name.as_str())),
                    "{one:?}"
                );
                assert!(one.progress.iter().all(|report| report.at.is_some()));
            }
        }
    }

    #[test]
    fn each_case_has_causes_gaps_and_strengths_and_known_techniques() {
        for case in all().expect("valid data") {
            for kind in [
                FindingKind::RootCause,
                FindingKind::ContributingFactor,
                FindingKind::Gap,
                FindingKind::Strength,
            ] {
                let mut findings = case.findings.iter();
                assert!(findings.any(|one| one.finding.kind == kind), "{kind}");
            }
            assert!(attack::warnings(&case.incident.attack_techniques).is_empty());
            for event in &case.events {
                let warnings = attack::warnings(&event.attack_techniques);
                assert!(warnings.is_empty(), "{}", event.summary);
            }
        }
    }
}
