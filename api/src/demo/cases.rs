//! The two incidents as they are written down beside this file, judged by the API's own schemas.
//!
//! A time known to the day is written as midnight UTC, or as an hour that keeps the known order.

use entity::Timestamp;
use entity::shared::Person;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::deeds::Deed;
use crate::actions::input::CreateAction;
use crate::actions::steps::{
    AcceptRisk, ActionReason, RecordVerification, ReportProgress, Reschedule,
};
use crate::chronology::body::AppendEvent;
use crate::findings::body::RecordFinding;
use crate::incidents::input::RecordIncident;
use crate::kernel::body::typed;
use crate::kernel::error::Error;
use crate::lifecycle::rules::Step;
use crate::participants::http::AddParticipant;
use crate::reviews::body::OpenReview;

/// An incident with its review and what the review holds.
#[derive(Debug)]
pub(super) struct Case {
    /// When the review was opened.
    pub(super) opened_at: Timestamp,
    /// When its findings were established and its actions agreed.
    pub(super) concluded_at: Timestamp,
    /// The steps of the review's life.
    pub(super) life: Vec<ReviewStep>,
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
    /// What else people did.
    pub(super) deeds: Vec<Deed>,
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
    /// What deeds of the case call it.
    pub(super) name: Option<String>,
    /// The findings that it answers.
    pub(super) answers: Vec<String>,
    /// What is to be done.
    pub(super) action: CreateAction,
    /// How it went on.
    pub(super) steps: Vec<(Timestamp, ActionStep)>,
}

/// What somebody did with an action.
#[derive(Debug)]
pub(super) enum ActionStep {
    /// Its owner told how far it was.
    Report(ReportProgress),
    /// Somebody else tried whether it works.
    Verify(RecordVerification),
    /// Its owner put it off.
    Reschedule(Reschedule),
    /// It was not done.
    Decline(ActionReason),
    /// It was not done and its risk is borne.
    AcceptRisk(AcceptRisk),
}

/// A step of a review's life.
#[derive(Clone, Debug)]
pub(super) struct ReviewStep {
    /// When it was taken.
    pub(super) at: Timestamp,
    /// Who took it.
    pub(super) by: Person,
    /// Which one.
    pub(super) step: Step,
    /// Why.
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    opened_at: Timestamp,
    concluded_at: Timestamp,
    life: Vec<WrittenReviewStep>,
    incident: Value,
    review: Value,
    participants: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenReviewStep {
    at: Timestamp,
    by: Person,
    step: String,
    #[serde(default)]
    reason: Option<String>,
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
    name: Option<String>,
    #[serde(default)]
    answers: Vec<String>,
    action: Value,
    #[serde(default)]
    steps: Vec<WrittenActionStep>,
}

#[derive(Deserialize)]
struct WrittenActionStep {
    at: Timestamp,
    #[serde(flatten)]
    done: WrittenDeed,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenDeed {
    Report(Value),
    Verify(Value),
    Reschedule(Value),
    Decline(Value),
    AcceptRisk(Value),
}

/// Both cases, in the order in which they happened.
pub(super) fn all() -> Result<[Case; 2], anyhow::Error> {
    Ok([health_service()?, service_provider()?])
}

/// What the organisation had settled before.
pub(super) fn organization() -> Result<Vec<Deed>, anyhow::Error> {
    Ok(serde_json::from_str(include_str!("organization.json"))?)
}

/// Ransomware against a national health service.
fn health_service() -> Result<Case, anyhow::Error> {
    read(
        include_str!("health_service/case.json"),
        include_str!("health_service/events.json"),
        include_str!("health_service/findings.json"),
        include_str!("health_service/actions.json"),
        &[
            include_str!("health_service/deeds.json"),
            include_str!("health_service/board.json"),
            include_str!("health_service/feedback.json"),
            include_str!("health_service/briefings.json"),
            include_str!("health_service/amendments.json"),
        ],
    )
}

/// A state actor's intrusion at a service provider.
fn service_provider() -> Result<Case, anyhow::Error> {
    read(
        include_str!("service_provider/case.json"),
        include_str!("service_provider/events.json"),
        include_str!("service_provider/findings.json"),
        include_str!("service_provider/actions.json"),
        &[
            include_str!("service_provider/deeds.json"),
            include_str!("service_provider/board.json"),
            include_str!("service_provider/feedback.json"),
            include_str!("service_provider/briefings.json"),
            include_str!("service_provider/amendments.json"),
        ],
    )
}

fn read(
    case: &str,
    events: &str,
    findings: &str,
    actions: &str,
    deeds: &[&str],
) -> Result<Case, anyhow::Error> {
    let case: WrittenCase = serde_json::from_str(case)?;
    let findings: Vec<WrittenFinding> = serde_json::from_str(findings)?;
    let actions: Vec<WrittenAction> = serde_json::from_str(actions)?;
    let mut done: Vec<Deed> = Vec::new();
    for told in deeds {
        done.extend(serde_json::from_str::<Vec<Deed>>(told)?);
    }
    Ok(Case {
        deeds: done,
        opened_at: case.opened_at,
        concluded_at: case.concluded_at,
        life: case
            .life
            .into_iter()
            .map(review_step)
            .collect::<Result<_, _>>()?,
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
                let steps = written.steps.into_iter().map(action_step);
                Ok(CaseAction {
                    name: written.name,
                    answers: written.answers,
                    action: judged("an action", written.action)?,
                    steps: steps.collect::<Result<_, _>>()?,
                })
            })
            .collect::<Result<_, anyhow::Error>>()?,
    })
}

fn review_step(written: WrittenReviewStep) -> Result<ReviewStep, anyhow::Error> {
    let mut steps = Step::ALL.into_iter();
    let step = steps.find(|step| step.name() == written.step);
    let step = step.ok_or_else(|| anyhow::anyhow!("demo data: no step '{}'", written.step))?;
    Ok(ReviewStep {
        at: written.at,
        by: written.by,
        step,
        reason: written.reason,
    })
}

fn action_step(written: WrittenActionStep) -> Result<(Timestamp, ActionStep), anyhow::Error> {
    let what = "a step of an action";
    let done = match written.done {
        WrittenDeed::Report(value) => ActionStep::Report(ReportProgress {
            at: Some(written.at),
            ..judged(what, value)?
        }),
        WrittenDeed::Verify(value) => ActionStep::Verify(judged(what, value)?),
        WrittenDeed::Reschedule(value) => ActionStep::Reschedule(judged(what, value)?),
        WrittenDeed::Decline(value) => ActionStep::Decline(judged(what, value)?),
        WrittenDeed::AcceptRisk(value) => ActionStep::AcceptRisk(judged(what, value)?),
    };
    Ok((written.at, done))
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

pub(super) fn judged<T>(what: &str, value: Value) -> Result<T, anyhow::Error>
where
    T: ToSchema + DeserializeOwned + 'static,
{
    typed(value).map_err(|error: Error| anyhow::anyhow!("demo data, {what}: {error:?}"))
}

#[cfg(test)]
#[path = "cases_tests.rs"]
mod tests;
