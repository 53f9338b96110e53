//! Bodies and parameters of groups.

use entity::Timestamp;
use entity::contribution::Outcomes;
use entity::contribution_group::{self, Model};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::contributions::body::tag;
use crate::kernel::audit::stored;
use crate::kernel::body::Patch;
use crate::kernel::error::Result;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes};

/// A group as it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeGroup {
    /// What its contributions have in common.
    #[schema(min_length = 1, max_length = 200, example = "Alerts without an owner")]
    pub title: String,
    /// The same at length.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Several of us saw alerts that nobody was responsible for"
    )]
    pub summary: Option<String>,
}

/// A change of a group.
pub type GroupPatch = Patch<MakeGroup>;

impl From<&Model> for MakeGroup {
    fn from(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            summary: row.summary.clone(),
        }
    }
}

/// A group of contributions.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupBody {
    /// Its id.
    id: Uuid,
    /// The review.
    review_id: Uuid,
    /// The workshop.
    workshop_id: Uuid,
    /// What its contributions have in common.
    #[schema(example = "Alerts without an owner")]
    title: String,
    /// The same at length.
    #[schema(example = "Several of us saw alerts that nobody was responsible for")]
    summary: Option<String>,
    /// How many votes it got, once they were counted.
    #[schema(minimum = 0, example = 7)]
    votes: Option<i32>,
    /// What came of it.
    outcomes: Outcomes,
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
            at("/summary", self.summary.as_deref()),
        ]
    }
}

impl From<Model> for GroupBody {
    fn from(row: Model) -> Self {
        Self {
            wording_notes: notes(&row),
            id: row.id,
            review_id: row.review_id,
            workshop_id: row.workshop_id,
            title: row.title,
            summary: row.summary,
            votes: row.votes,
            outcomes: row.outcomes.0,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

impl GroupBody {
    /// The entity tag: the version, and the votes, which are counted without another.
    pub fn tag(&self) -> String {
        tag(self.version, self.votes)
    }
}

/// A page of groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupList {
    /// The groups, in order.
    items: Vec<GroupBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which group.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct GroupPath {
    /// Id of the group.
    pub group: Uuid,
}

crate::sorts! {
    /// Order of a list of groups.
    GroupSort of contribution_group::Entity, default CreatedAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    Title TitleDescending "title" "-title" Title;
    Votes VotesDescending "votes" "-votes" Votes nullable;
}

/// Which groups, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListGroups {
    /// That led to any of these findings, actions or lessons.
    #[serde(default)]
    pub outcome_id: Vec<Uuid>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: GroupSort,
}

/// What an audit record keeps of a group.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    stored(&GroupBody::from(row.clone()), &["wording_notes"])
}
