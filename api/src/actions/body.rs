//! An action as it is shown.

use chrono::NaiveDate;
use entity::action::{Ending, Model, PriorityInputs};
use entity::shared::{ExternalRef, Person};
use entity::vocabulary::{ActionStatus, ActionStrength, ActionType, StakeholderFunction};
use entity::{JsonColumn, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::computed::Computed;
use super::rules;
use crate::kernel::audit::stored;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::priority::body::PriorityBody;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// Who is to do an action.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnerBody {
    /// The participant, if the owner takes part in the review.
    participant_id: Option<Uuid>,
    /// Name to show.
    #[schema(example = "Ada Okafor")]
    name: String,
    /// Subject of their tokens, if it is known.
    #[schema(example = "ada@example.org")]
    subject: Option<String>,
    /// The part of the organisation that the participant stands for.
    function: Option<StakeholderFunction>,
}

/// An action.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionBody {
    /// Its id.
    id: Uuid,
    /// The review it comes from.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// What is to be done.
    #[schema(example = "Alert when the backup agent is stopped")]
    title: String,
    /// More about it.
    #[schema(example = "The agent was stopped six hours before the encryption; nobody was told.")]
    description: Option<String>,
    /// What it is meant to achieve.
    #[serde(rename = "type")]
    action_type: ActionType,
    /// How strong its effect is likely to be.
    strength: Option<ActionStrength>,
    /// Where it stands; moved by progress, verifications and verbs only.
    status: ActionStatus,
    /// How much of it is done, in percent, as last reported.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    percent: Option<i32>,
    /// Who is to do it.
    owner: Option<OwnerBody>,
    /// When it is due.
    #[schema(example = "2026-06-30")]
    due_on: Option<NaiveDate>,
    /// Whether it is past its due date today (UTC) and neither done nor ended.
    #[schema(example = false)]
    overdue: bool,
    /// How often its due date was moved later.
    #[schema(minimum = 0, example = 1)]
    slips: i32,
    /// How often its due date was changed.
    #[schema(minimum = 0, example = 1)]
    due_date_changes: i32,
    /// How much work it is, in days.
    #[schema(minimum = 0, example = 2.5)]
    effort_days: Option<f64>,
    /// The findings it answers.
    finding_ids: Vec<Uuid>,
    /// The accepted recommendations that it carries out.
    recommendation_ids: Vec<Uuid>,
    /// What must hold for it to be done.
    #[schema(example = "Stopping the agent on a test server raises an alert within five minutes")]
    closure_criteria: Option<String>,
    /// The actions that have to be done first, as far as they exist for the caller.
    depends_on: Vec<Uuid>,
    /// Those of `depends_on` that are neither done nor ended.
    blocked_by: Vec<Uuid>,
    /// Tags to filter by.
    #[schema(example = json!(["vpn"]))]
    tags: Vec<String>,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// What it is ranked by, as given.
    priority_inputs: PriorityInputs,
    /// How important it is, and why.
    priority: PriorityBody,
    /// How often it was reopened, by hand or by a failed verification.
    #[schema(minimum = 0, example = 0)]
    reopened_count: i32,
    /// How often a verification found it ineffective.
    #[schema(minimum = 0, example = 0)]
    ineffective_count: i32,
    /// When somebody committed to it; absent while it is only proposed.
    committed_at: Option<Timestamp>,
    /// When it was implemented; absent again after it was reopened.
    implemented_at: Option<Timestamp>,
    /// Who owned it when it was reported implemented; they verify it as little as its owner does.
    implemented_by: Option<Person>,
    /// When it was first verified; absent again after it was reopened.
    verified_at: Option<Timestamp>,
    /// When it was declined, its risk accepted, or it was cancelled.
    ended_at: Option<Timestamp>,
    /// Why it was declined, its risk accepted, or it was cancelled.
    ended: Option<Ending>,
    /// The latest moment that progress was reported of.
    last_progress_at: Option<Timestamp>,
    /// Version of the resource, which its ETag begins with.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
    /// Phrases in its texts that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![
            at("/title", self.title.as_str()),
            at("/description", self.description.as_deref()),
            at("/closure_criteria", self.closure_criteria.as_deref()),
        ]
    }
}

impl ActionBody {
    /// An action as it is shown on a day.
    pub fn of(row: Model, computed: Computed, today: NaiveDate) -> Self {
        let wording_notes = notes(&row);
        let hidden = computed.hidden;
        let seen = |mut ids: Vec<Uuid>| {
            ids.retain(|id| !hidden.contains(id));
            ids
        };
        let overdue = rules::is_overdue(row.status, row.due_on, today);
        Self {
            wording_notes,
            priority: PriorityBody::of(&row, computed.rank),
            owner: row.owner_name.map(|name| OwnerBody {
                participant_id: row.owner_participant_id,
                name,
                subject: row.owner_subject,
                function: row.owner_function,
            }),
            blocked_by: seen(computed.blocked_by),
            overdue,
            id: row.id,
            review_id: row.review_id,
            review_key: row.review_key,
            title: row.title,
            description: row.description,
            action_type: row.action_type,
            strength: row.strength,
            status: row.status,
            percent: row.percent,
            due_on: row.due_on,
            slips: row.slips,
            due_date_changes: row.due_date_changes,
            effort_days: row.effort_days,
            finding_ids: row.finding_ids.0,
            recommendation_ids: row.recommendation_ids.0,
            closure_criteria: row.closure_criteria,
            depends_on: seen(row.depends_on.0),
            tags: row.tags.0,
            external_refs: row.external_refs.0,
            priority_inputs: row.priority_inputs.0,
            reopened_count: row.reopened_count,
            ineffective_count: row.ineffective_count,
            committed_at: row.committed_at,
            implemented_at: row.implemented_at,
            implemented_by: row.implemented_by.map(|JsonColumn(person)| person),
            verified_at: row.verified_at,
            ended_at: row.ended_at,
            ended: row.ended.map(|column| column.0),
            last_progress_at: row.last_progress_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and what can differ without it: the day, the rank, the blockers.
    pub fn tag(&self) -> String {
        let mut variant = Vec::new();
        if self.overdue {
            variant.push("overdue".to_owned());
        }
        if let Some(rank) = self.priority.rank() {
            variant.push(format!("r{rank}"));
        }
        if !self.blocked_by.is_empty() {
            variant.push(format!("b{}", etag::digest(&self.blocked_by)));
        }
        etag::tag(self.version, &variant.join("-"))
    }
}

/// What an audit record keeps of an action: everything that is stored, nothing that is computed.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = ActionBody::of(row.clone(), Computed::default(), NaiveDate::default());
    let mut state = stored(&body, &["overdue", "blocked_by"])?;
    if let Some(priority) = state["priority"].as_object_mut() {
        priority.shift_remove("rank");
    }
    Ok(state)
}
