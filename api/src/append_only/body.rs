//! What all of them take and tell alike.

use entity::Timestamp;
use entity::organization::OrganizationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::call::Change;
use crate::kernel::ids;

/// A retraction: what is retracted stays readable, struck out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retract {
    /// Why it is retracted.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "It belongs to another incident"
    )]
    pub reason: String,
}

/// When, by whom and why something was retracted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Retraction {
    /// When.
    pub(super) at: Timestamp,
    /// Who.
    #[schema(example = "ada@example.org")]
    pub(super) by: String,
    /// Why.
    #[schema(example = "It belongs to another incident")]
    pub(super) reason: String,
}

impl Retraction {
    /// What the columns of a row say.
    pub fn of(at: Option<Timestamp>, by: Option<String>, reason: Option<String>) -> Option<Self> {
        Some(Self {
            at: at?,
            by: by.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
        })
    }

    /// What the columns of a row are to say.
    pub fn columns(
        retraction: Option<Self>,
    ) -> (Option<Timestamp>, Option<String>, Option<String>) {
        match retraction {
            Some(Self { at, by, reason }) => (Some(at), Some(by), Some(reason)),
            None => (None, None, None),
        }
    }
}

/// What every row of a log has besides what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub organization: OrganizationId,
    /// In which review.
    pub review: Uuid,
    /// When, by whom and why it was retracted, if it was.
    pub retraction: Option<Retraction>,
    /// Number of the revision, from 1.
    pub version: i32,
    /// When it was appended.
    pub created_at: Timestamp,
    /// Who appended it.
    pub created_by: String,
    /// When it was last amended or retracted.
    pub updated_at: Timestamp,
}

impl Stamp {
    /// The stamp of what is put into one of the organisation's reviews now.
    pub fn new(change: &Change, review: Uuid) -> Self {
        Self {
            id: ids::next(),
            organization: change.organization(),
            review,
            retraction: None,
            version: 1,
            created_at: change.now,
            created_by: change.caller.subject.clone(),
            updated_at: change.now,
        }
    }

    /// The stamp of its next revision.
    #[must_use]
    pub fn revised(self, now: Timestamp) -> Self {
        Self {
            version: self.version + 1,
            updated_at: now,
            ..self
        }
    }
}
