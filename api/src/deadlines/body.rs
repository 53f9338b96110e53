//! Bodies and parameters of deadlines.

use entity::Timestamp;
use entity::deadline::{self, Model};
use entity::vocabulary::{DeadlineKind, DeadlineState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules;

/// A deadline.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineBody {
    /// Its id.
    id: Uuid,
    /// What is due.
    kind: DeadlineKind,
    /// The kind of resource that is due.
    #[schema(example = "action")]
    resource_type: &'static str,
    /// Its id.
    resource_id: Uuid,
    /// What it is called.
    #[schema(example = "Alert when the backup agent is stopped")]
    title: String,
    /// The review that it belongs to, if it belongs to one.
    review_id: Option<Uuid>,
    /// Who is to meet it: their subject, or their name where that is not known.
    #[schema(example = "ada@example.org")]
    owner: Option<String>,
    /// The last moment that is in time.
    due_at: Timestamp,
    /// When it was met.
    met_at: Option<Timestamp>,
    /// Where it stands now.
    state: DeadlineState,
    /// When it was set first.
    created_at: Timestamp,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl DeadlineBody {
    /// A deadline as it stands at a moment.
    pub fn of(row: Model, now: Timestamp) -> Self {
        Self {
            state: rules::state(&row, now),
            id: row.id,
            kind: row.kind,
            resource_type: rules::telling(row.kind).resource,
            resource_id: row.resource_id,
            title: row.title,
            review_id: row.review_id,
            owner: row.owner,
            due_at: row.due_at,
            met_at: row.met_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A page of deadlines.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineList {
    /// The deadlines, in order.
    items: Vec<DeadlineBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

crate::sorts! {
    /// Order of a list of deadlines.
    DeadlineSort of deadline::Entity, default DueAt;
    DueAt DueAtDescending "due_at" "-due_at" DueAt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which deadlines, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListDeadlines {
    /// With any of these ids.
    #[serde(default)]
    pub id: Vec<Uuid>,
    /// Any of these kinds.
    #[serde(default)]
    pub kind: Vec<DeadlineKind>,
    /// Standing at any of these.
    #[serde(default)]
    pub state: Vec<DeadlineState>,
    /// Of any of these reviews.
    #[serde(default)]
    pub review_id: Vec<Uuid>,
    /// Of any of these resources.
    #[serde(default)]
    pub resource_id: Vec<Uuid>,
    /// To be met by any of these: a subject, or the name of somebody whose subject is not known.
    #[serde(default)]
    #[param(example = json!(["ada@example.org"]))]
    pub owner: Vec<String>,
    /// Due at or after.
    pub due_at_from: Option<Timestamp>,
    /// Due before.
    pub due_at_to: Option<Timestamp>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: DeadlineSort,
}
