//! Bodies of agendas and of the briefing pack.

use entity::Timestamp;
use entity::vocabulary::{AgendaTopicKind, FindingKind, Milestone, TimePrecision};
use entity::workshop::{AgendaTopic, Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions::body::ActionBody;
use crate::assessments::body::AssessmentBody;
use crate::chronology::body::EventBody;
use crate::communications::body::CommunicationBody;
use crate::contributions::board::body::BoardBody;
use crate::contributions::body::ContributionBody;
use crate::contributions::groups::body::GroupBody;
use crate::decisions::body::DecisionBody;
use crate::findings::body::FindingBody;
use crate::impacts::body::ImpactBody;
use crate::incidents::body::{IncidentBody, TimeSourceName};
use crate::lessons::body::LessonBody;
use crate::metrics::response::rules::ResponseMetricName;
use crate::participants::http::ParticipantBody;
use crate::recommendations::body::RecommendationBody;
use crate::reviews::body::ReviewBody;
use crate::workshops::body::WorkshopBody;
use crate::workshops::carry_over::body::CarryOverBody;
use crate::workshops::invitations::body::InvitationBody;

/// An agenda as it is set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAgenda {
    /// The topics, in order; together no longer than the workshop.
    #[schema(max_items = 50)]
    pub topics: Vec<AgendaTopic>,
}

/// How an agenda is made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateAgenda {
    /// Whether it is only shown, and the workshop keeps the agenda that it has.
    #[serde(default)]
    #[schema(default = false, example = false)]
    pub dry_run: bool,
}

/// A topic in its place.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgendaSlot {
    /// What it is about.
    kind: AgendaTopicKind,
    /// Its title.
    #[schema(example = "Walk through the chronology")]
    title: String,
    /// How long it takes, in minutes.
    #[schema(minimum = 1, maximum = 960, example = 25)]
    minutes: i32,
    /// What to bear in mind.
    #[schema(example = "events: 12, of them key: 5")]
    notes: Option<String>,
    /// How many minutes into the session it begins.
    #[schema(minimum = 0, example = 5)]
    starts_after_minutes: i32,
    /// When it begins, where the session has a time.
    starts_at: Option<Timestamp>,
}

/// The agenda of a workshop.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgendaBody {
    /// The workshop.
    workshop_id: Uuid,
    /// How long the workshop is to take, in minutes.
    #[schema(minimum = 5, maximum = 960, example = 90)]
    duration_minutes: i32,
    /// How long the topics take together, in minutes.
    #[schema(minimum = 0, example = 85)]
    total_minutes: i32,
    /// Whether they fit; they may not any more after the workshop was made shorter.
    #[schema(example = true)]
    fits: bool,
    /// The topics, in order.
    topics: Vec<AgendaSlot>,
}

impl AgendaBody {
    /// Topics in a workshop.
    pub fn of(workshop: &Model, topics: Vec<AgendaTopic>) -> Self {
        let mut total_minutes = 0;
        let slots = topics.into_iter().map(|topic| {
            let starts_after_minutes = total_minutes;
            total_minutes += topic.minutes;
            AgendaSlot {
                kind: topic.kind,
                title: topic.title,
                minutes: topic.minutes,
                notes: topic.notes,
                starts_after_minutes,
                starts_at: workshop
                    .scheduled_at
                    .map(|at| at.plus_seconds(i64::from(starts_after_minutes) * 60)),
            }
        });
        Self {
            topics: slots.collect(),
            workshop_id: workshop.id,
            duration_minutes: workshop.duration_minutes,
            fits: total_minutes <= workshop.duration_minutes,
            total_minutes,
        }
    }
}

/// A moment that an incident's course is measured by.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackMilestone {
    /// Which.
    pub milestone: Milestone,
    /// When.
    pub at: Timestamp,
    /// How exactly that is known.
    pub precision: TimePrecision,
    /// Where it is from.
    pub source: TimeSourceName,
}

/// How long a part of the response took.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackDuration {
    /// Which part; `/metrics/response` defines it.
    pub metric: ResponseMetricName,
    /// How long, in seconds; null where one end is known only to the day or worse.
    #[schema(example = 20700)]
    pub seconds: Option<i64>,
    /// How long, in calendar days, where one end is known only to the day.
    #[schema(example = 57)]
    pub days: Option<i64>,
    /// Whether it ends before it begins, so that one of the two must be wrong.
    #[schema(example = false)]
    pub is_contradictory: bool,
}

/// An incident, with its course in moments and durations.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackIncident {
    /// The incident.
    pub incident: IncidentBody,
    /// Its milestones, by time.
    pub milestones: Vec<PackMilestone>,
    /// How long the parts of the response took, as far as both ends are known.
    pub durations: Vec<PackDuration>,
}

/// The chronology in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackChronology {
    /// How many events stand in the whole chronology.
    #[schema(minimum = 0, example = 56)]
    pub total_events: usize,
    /// The events that are key or mark a milestone, by time; where none is, all of them, up to 200.
    pub key_events: Vec<EventBody>,
    /// The others that were known only in hindsight, by time.
    pub hindsight_events: Vec<EventBody>,
}

/// The findings of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsOfKind {
    /// The kind.
    pub kind: FindingKind,
    /// The findings, the riskiest first.
    pub findings: Vec<FindingBody>,
}

/// A step of a why-chain.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhyStep {
    /// The finding.
    pub finding_id: Uuid,
    /// What it is a reason for; null for the one that the chain explains.
    pub parent_id: Option<Uuid>,
    /// How often one has asked why: 0 for the one that the chain explains.
    #[schema(minimum = 0, maximum = 31, example = 1)]
    pub depth: usize,
    /// What kind of finding it is.
    pub kind: FindingKind,
    /// What was established.
    #[schema(example = "Alerts had no accountable owner")]
    pub statement: String,
}

/// A finding with everything that explains it, each reason before its own reasons.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhyChain {
    /// The finding that is explained.
    pub finding_id: Uuid,
    /// It and its reasons, as a tree written from the top.
    pub steps: Vec<WhyStep>,
}

/// A group with its contributions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackGroup {
    /// The group.
    pub group: GroupBody,
    /// Its contributions, in the order of their prompts.
    pub contributions: Vec<ContributionBody>,
}

/// What people contributed to the workshop, as far as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackContributions {
    /// How it was collected, and where that stands; null where the workshop has no board.
    pub board: Option<BoardBody>,
    /// The groups; those with the most votes first.
    pub groups: Vec<PackGroup>,
    /// What is in no group; what has the most votes first, then in the order of the prompts.
    pub ungrouped: Vec<ContributionBody>,
}

/// Something that is not settled yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenPoint {
    /// The step of the review's life that waits for it.
    #[schema(example = "publish")]
    pub step: &'static str,
    /// Stable word for it.
    #[schema(example = "gap_without_answer")]
    pub code: String,
    /// What is missing.
    #[schema(example = "no strength is recorded: something always went well")]
    pub detail: String,
}

/// Everything that a session goes through.
#[derive(Debug, Serialize, ToSchema)]
pub struct BriefingPack {
    /// The workshop, with its agenda and its ground rules.
    pub workshop: WorkshopBody,
    /// Who is invited.
    pub invitations: Vec<InvitationBody>,
    /// The review.
    pub review: ReviewBody,
    /// Who takes part in the review.
    pub participants: Vec<ParticipantBody>,
    /// The incidents, with their course.
    pub incidents: Vec<PackIncident>,
    /// The chronology in short.
    pub chronology: PackChronology,
    /// The decisions that stand, by when they were taken.
    pub decisions: Vec<DecisionBody>,
    /// The communications that stand, by when they were sent.
    pub communications: Vec<CommunicationBody>,
    /// How well the response worked, by dimension.
    pub assessments: Vec<AssessmentBody>,
    /// What the incident cost, by estimate and dimension.
    pub impacts: Vec<ImpactBody>,
    /// The findings that stand, by kind.
    pub findings: Vec<FindingsOfKind>,
    /// What explains what.
    pub why_chains: Vec<WhyChain>,
    /// The recommendations, the oldest first.
    pub recommendations: Vec<RecommendationBody>,
    /// The actions, the oldest first.
    pub actions: Vec<ActionBody>,
    /// The lessons, the oldest first.
    pub lessons: Vec<LessonBody>,
    /// What people contributed to the workshop, by group.
    pub contributions: PackContributions,
    /// What a follow-up carries over; null for other workshops.
    pub carry_over: Option<CarryOverBody>,
    /// What the next steps of the review's life wait for.
    pub open_points: Vec<OpenPoint>,
}
