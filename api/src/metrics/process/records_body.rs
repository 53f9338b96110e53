//! Parameters and answers of the list of reviews behind the process metrics.

use entity::Timestamp;
use entity::vocabulary::{
    FeedbackOccasion, FindingKind, ObligationStatus, ReviewKind, ReviewStatus, Severity,
    StakeholderFunction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::item::Step;
use super::records_parts::{ProcessFeedback, ProcessWorkshop};
use crate::metrics::response::records_body::Standing;

macro_rules! names {
    ($(#[doc = $doc:literal])+ $name:ident example $example:tt; $($variant:ident $wire:tt $text:literal;)+) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[schema(example = $example)]
        pub enum $name { $(#[doc = $text] #[serde(rename = $wire)] $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }
        }
    };
}

names! {
    /// A duration of a review.
    ProcessDuration example "time_to_publish";
    TimeToOpen "time_to_open" "From the closure of the incidents until it was opened.";
    TimeToWorkshop "time_to_workshop" "From the closure of the incidents until its workshop was held.";
    TimeToPublish "time_to_publish" "From the closure of the incidents until it was first published.";
    OpenedToWorkshop "opened_to_workshop" "From its opening until its workshop was held.";
    WorkshopToPublished "workshop_to_published" "From its workshop until it was first published.";
    OpenedToPublished "opened_to_published" "From its opening until it was first published.";
    PublishedToBriefed "published_to_briefed" "From its first publication until leadership was first briefed.";
    PublishedToClosed "published_to_closed" "From its first publication until it was closed.";
}

names! {
    /// Something that holds of a review.
    ProcessFlag example "reopened";
    WorkshopOnTime "workshop_on_time" "Its workshop was held within the policy's time.";
    WorkshopLate "workshop_late" "Its workshop was held after the policy's date.";
    WorkshopOverdue "workshop_overdue" "It had no workshop and is past the policy's date for it.";
    WorkshopDue "workshop_due" "It had its workshop with a due date, or is overdue for it.";
    WorkshopPutOff "workshop_put_off" "Its date for the workshop is later than the policy's, or absent.";
    PublishedOnTime "published_on_time" "It was first published within the policy's time.";
    PublishedLate "published_late" "It was first published after the policy's date.";
    PublicationOverdue "publication_overdue" "It is unpublished and past the policy's date.";
    PublicationDue "publication_due" "It was published with a due date, or is overdue.";
    PublicationPutOff "publication_put_off" "Its date for the publication is later than the policy's, or absent.";
    Submitted "submitted" "It was submitted at least once.";
    SentBack "sent_back" "It was sent back to work before it was published.";
    Finished "finished" "It was published, waived or cancelled at least once.";
    Reopened "reopened" "It was reopened after that.";
    Waived "waived" "It is waived.";
    Cancelled "cancelled" "It is cancelled.";
    HadSession "had_session" "A workshop of any kind was held.";
    WorkshopHeld "workshop_held" "Its workshop was held: lessons_learned or exercise_debrief.";
    FunctionAbsent "function_absent" "A required function was neither in its workshop nor excused.";
    LedNeutrally "led_neutrally" "Somebody neutral led one of its workshops.";
    LedByOverride "led_by_override" "Somebody who is not neutral led one, for a recorded reason.";
    LedInConflict "led_in_conflict" "Somebody who is not neutral led one, and nobody said why.";
    LedByNobody "led_by_nobody" "Nobody is named who led one of its workshops.";
    WithoutEvents "without_events" "It has no event that was not retracted.";
    WithCause "with_cause" "It has a root cause or a contributing factor.";
    WithStrength "with_strength" "It has a strength.";
    Complete "complete" "Nothing is missing in it: its completeness is 100.";
    WithFeedback "with_feedback" "It has a round of feedback whose summary shows something.";
    LessonWaiting "lesson_waiting" "It has a lesson that is neither embedded in a document nor retired.";
    ObligationUnmet "obligation_unmet" "It has an obligation that is overdue or was missed.";
}

/// Which of the reviews are listed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProcessRecordsQuery {
    /// Only those of which all of these hold.
    #[serde(default)]
    pub is: Vec<ProcessFlag>,
    /// Which duration `standing` is of.
    pub duration: Option<ProcessDuration>,
    /// Only those whose duration has any of these standings; without `duration` it says nothing.
    #[serde(default)]
    pub standing: Vec<Standing>,
    /// Only those with a finding of any of these kinds.
    #[serde(default)]
    pub finding_kind: Vec<FindingKind>,
    /// Only those with a workshop that was held without any of these required functions, while nobody
    /// said why.
    #[serde(default)]
    pub absent_function: Vec<StakeholderFunction>,
    /// Only those with an obligation in any of these states.
    #[serde(default)]
    pub obligation_status: Vec<ObligationStatus>,
    /// Only those with a round of feedback of any of these occasions whose summary shows something.
    #[serde(default)]
    pub feedback_occasion: Vec<FeedbackOccasion>,
}

/// Why a review was not held.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewEnding {
    /// When that was decided.
    pub(super) at: Timestamp,
    /// Why.
    #[schema(example = "The incident was a false alarm")]
    pub(super) reason: Option<String>,
    /// Who approved it, where somebody had to.
    #[schema(example = "ciso@example.org")]
    pub(super) approver: Option<String>,
}

impl From<&Step> for ReviewEnding {
    fn from(step: &Step) -> Self {
        Self {
            at: step.at,
            reason: step.reason.clone(),
            approver: step.approver.clone(),
        }
    }
}

/// What a review contributes to the process metrics.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessRecord {
    /// The review.
    pub(super) review_id: Uuid,
    /// Its key.
    #[schema(example = "PIR-2026-0042")]
    pub(super) review_key: String,
    /// What it is about.
    #[schema(example = "Ransomware on the file servers")]
    pub(super) title: String,
    /// What it reviews.
    pub(super) kind: ReviewKind,
    /// How bad that was.
    pub(super) severity: Severity,
    /// Where it stands.
    pub(super) status: ReviewStatus,
    /// When the last of its incidents was closed, if all are and it is known when.
    pub(super) incidents_closed_at: Option<Timestamp>,
    /// When it was created.
    pub(super) created_at: Timestamp,
    /// Whether an incident of it was recorded long after the fact.
    #[schema(example = false)]
    pub(super) backfilled: bool,
    /// When its workshop is due, as the review says it now.
    pub(super) workshop_due_at: Option<Timestamp>,
    /// The same by its policy, which is what counts; null where that sets none.
    pub(super) workshop_due_by_policy: Option<Timestamp>,
    /// When its publication is due, as the review says it now.
    pub(super) publish_due_at: Option<Timestamp>,
    /// The same by its policy, which is what counts; null where that sets none.
    pub(super) publish_due_by_policy: Option<Timestamp>,
    /// When its workshop was first held.
    pub(super) workshop_held_at: Option<Timestamp>,
    /// When it was first published.
    pub(super) first_published_at: Option<Timestamp>,
    /// When it was last closed, if it is.
    pub(super) closed_at: Option<Timestamp>,
    /// Seconds from the closure of the incidents until it was opened, when they are measured.
    #[schema(minimum = 0, example = 86_400)]
    pub(super) time_to_open_seconds: Option<i64>,
    /// Seconds from the closure of the incidents until its workshop, when they are measured.
    #[schema(minimum = 0, example = 259_200)]
    pub(super) time_to_workshop_seconds: Option<i64>,
    /// Seconds from the closure of the incidents until it was first published, when they are measured.
    #[schema(minimum = 0, example = 864_000)]
    pub(super) time_to_publish_seconds: Option<i64>,
    /// Seconds from its opening until its workshop, when they are measured.
    #[schema(minimum = 0, example = 172_800)]
    pub(super) opened_to_workshop_seconds: Option<i64>,
    /// Seconds from its workshop until it was first published, when they are measured.
    #[schema(minimum = 0, example = 604_800)]
    pub(super) workshop_to_published_seconds: Option<i64>,
    /// Seconds from its opening until it was first published, when they are measured.
    #[schema(minimum = 0, example = 777_600)]
    pub(super) opened_to_published_seconds: Option<i64>,
    /// Seconds from its first publication until leadership was first briefed, when they are measured.
    #[schema(minimum = 0, example = 172_800)]
    pub(super) published_to_briefed_seconds: Option<i64>,
    /// Seconds from its first publication until it was closed, when they are measured.
    #[schema(minimum = 0, example = 5_184_000)]
    pub(super) published_to_closed_seconds: Option<i64>,
    /// How its duration stands that was asked for; absent when none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) standing: Option<Standing>,
    /// Everything that holds of it.
    pub(super) is: Vec<ProcessFlag>,
    /// Why it is waived or cancelled, if it is.
    pub(super) ending: Option<ReviewEnding>,
    /// How often it was sent back to work before it was published.
    #[schema(minimum = 0, example = 1)]
    pub(super) sent_back: u64,
    /// How often it was reopened after it had been published, waived or cancelled.
    #[schema(minimum = 0, example = 0)]
    pub(super) reopened: u64,
    /// Its events, without the retracted.
    #[schema(minimum = 0, example = 48)]
    pub(super) events: u64,
    /// Those of them that have evidence.
    #[schema(minimum = 0, example = 31)]
    pub(super) events_with_evidence: u64,
    /// Its findings, without the retracted.
    #[schema(minimum = 0, example = 9)]
    pub(super) findings: u64,
    /// How complete it is, from 0 to 100.
    #[schema(minimum = 0, maximum = 100, example = 71)]
    pub(super) completeness_score: u32,
    /// Its workshops that were held, the first first.
    pub(super) workshops: Vec<ProcessWorkshop>,
    /// Its lessons that are neither embedded nor retired.
    #[schema(minimum = 0, example = 2)]
    pub(super) lessons_waiting: u64,
    /// How long the oldest of them has waited since it was written down, in seconds.
    #[schema(minimum = 0, example = 1_209_600)]
    pub(super) oldest_lesson_seconds: Option<i64>,
    /// Its obligations, the waived among them.
    #[schema(minimum = 0, example = 3)]
    pub(super) obligations: u64,
    /// Those of them whose due moment has passed without their being met.
    #[schema(minimum = 0, example = 1)]
    pub(super) obligations_unmet: u64,
    /// Its rounds of feedback whose summaries show something, the first first.
    pub(super) feedback: Vec<ProcessFeedback>,
}

/// A page of reviews behind a metric.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessRecordList {
    /// The reviews, newest first.
    items: Vec<ProcessRecord>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}
