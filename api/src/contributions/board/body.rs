//! A board as it is set and shown.

use entity::Timestamp;
use entity::board::Model;
use entity::vocabulary::{BoardPhase, ContributionPrompt};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::audit::stored;
use crate::kernel::error::Result;
use crate::kernel::etag;

/// A board as it is set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBoard {
    /// Whether nobody is to know who contributed what. It can be decided until the board is opened,
    /// and once it is promised it is never taken back.
    #[schema(example = true)]
    pub anonymous: bool,
    /// What people are asked; anything when it is empty.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub prompts: Vec<ContributionPrompt>,
    /// How many votes each person has, one for each contribution or group.
    #[serde(default = "five")]
    #[schema(minimum = 1, maximum = 50, default = 5, example = 5)]
    pub votes_per_person: i32,
}

fn five() -> i32 {
    5
}

/// A board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardBody {
    /// The workshop.
    workshop_id: Uuid,
    /// The review.
    review_id: Uuid,
    /// Whether nobody knows who contributed what.
    #[schema(example = true)]
    anonymous: bool,
    /// Where it stands; moved by its verbs only.
    phase: BoardPhase,
    /// What people are asked; anything when it is empty.
    prompts: Vec<ContributionPrompt>,
    /// How many votes each person has, one for each contribution or group.
    #[schema(minimum = 1, maximum = 50, example = 5)]
    votes_per_person: i32,
    /// How many contributions are on it. Null while an anonymous board collects: who watches the
    /// number would see who is at it.
    #[schema(minimum = 0, example = 17)]
    contribution_count: Option<usize>,
    /// How many groups are on it.
    #[schema(minimum = 0, example = 4)]
    group_count: usize,
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
}

/// How much is on a board that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Contributions.
    pub contributions: usize,
    /// Groups.
    pub groups: usize,
}

impl BoardBody {
    /// A board with so much on it.
    pub fn of(row: Model, holds: Holdings) -> Self {
        let hidden = is_hidden(&row);
        Self {
            workshop_id: row.workshop_id,
            review_id: row.review_id,
            anonymous: row.anonymous,
            phase: row.phase,
            prompts: row.prompts.0,
            votes_per_person: row.votes_per_person,
            contribution_count: (!hidden).then_some(holds.contributions),
            group_count: holds.groups,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }

    /// The entity tag: the version, and what is on it, which changes without it.
    pub fn tag(&self) -> String {
        let shown = self.contribution_count.unwrap_or_default();
        etag::tag(self.version, &format!("{shown}-{}", self.group_count))
    }
}

/// Whether the contributions on it are hidden from everybody.
pub fn is_hidden(row: &Model) -> bool {
    row.anonymous && matches!(row.phase, BoardPhase::Preparing | BoardPhase::Collecting)
}

/// What an audit record keeps of a board: everything that is stored, nothing that is counted.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    let body = BoardBody::of(row.clone(), Holdings::default());
    stored(&body, &["contribution_count", "group_count"])
}
