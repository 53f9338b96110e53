//! A recommendation as it is shown.

use chrono::NaiveDate;
use entity::Timestamp;
use entity::recommendation::{DispositionStep, Model};
use entity::shared::ExternalRef;
use entity::vocabulary::{ActionStrength, ActionType, Disposition};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// A recommendation.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecommendationBody {
    /// Its id.
    id: Uuid,
    /// The review it comes from.
    review_id: Uuid,
    /// The review's key.
    #[schema(example = "PIR-2026-0042")]
    review_key: String,
    /// The recommendation of the library that it was made from.
    template_id: Option<Uuid>,
    /// What is proposed.
    #[schema(example = "Give every class of alert an owner and a deadline")]
    title: String,
    /// Why.
    #[schema(example = "Six weeks of alerts reached a mailbox that nobody read.")]
    rationale: Option<String>,
    /// What would be better then.
    #[schema(example = "No high-risk alert waits longer than an hour")]
    expected_effect: Option<String>,
    /// What its actions would be meant to achieve.
    action_type: Option<ActionType>,
    /// How strong their effect is likely to be.
    action_strength: Option<ActionStrength>,
    /// How much work it is, 1 (little) to 5 (very much).
    #[schema(minimum = 1, maximum = 5, example = 2)]
    effort: Option<i32>,
    /// What would have to hold for it to be done.
    #[schema(example = "An alert without an owner raises a page within 15 minutes")]
    closure_criteria: Option<String>,
    /// The findings it answers.
    finding_ids: Vec<Uuid>,
    /// The actions that carry it out, while it is accepted.
    action_ids: Vec<Uuid>,
    /// Tags to filter by.
    #[schema(example = json!(["alerting"]))]
    tags: Vec<String>,
    /// Its names in other systems.
    external_refs: Vec<ExternalRef>,
    /// What was decided about it; moved by verbs only.
    disposition: Disposition,
    /// When that was decided; absent while it is only proposed.
    decided_at: Option<Timestamp>,
    /// The day on which it is looked at again, while it is deferred.
    #[schema(example = "2027-03-31")]
    deferred_until: Option<NaiveDate>,
    /// The last day of its risk acceptance, while its risk is accepted.
    #[schema(example = "2027-06-30")]
    expires_on: Option<NaiveDate>,
    /// The recommendation that says the same, while it is a duplicate.
    duplicate_of_id: Option<Uuid>,
    /// Every decision about it, the oldest first.
    history: Vec<DispositionStep>,
    /// Version of the resource, as in its ETag.
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
            at("/rationale", self.rationale.as_deref()),
            at("/expected_effect", self.expected_effect.as_deref()),
            at("/closure_criteria", self.closure_criteria.as_deref()),
        ]
    }
}

impl From<Model> for RecommendationBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        Self {
            wording_notes,
            id: row.id,
            review_id: row.review_id,
            review_key: row.review_key,
            template_id: row.template_id,
            title: row.title,
            rationale: row.rationale,
            expected_effect: row.expected_effect,
            action_type: row.action_type,
            action_strength: row.action_strength,
            effort: row.effort,
            closure_criteria: row.closure_criteria,
            finding_ids: row.finding_ids.0,
            action_ids: row.action_ids.0,
            tags: row.tags.0,
            external_refs: row.external_refs.0,
            disposition: row.disposition,
            decided_at: row.decided_at,
            deferred_until: row.deferred_until,
            expires_on: row.expires_on,
            duplicate_of_id: row.duplicate_of_id,
            history: row.history.0,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}
