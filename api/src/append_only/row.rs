//! What makes a table an append-only log.

use sea_orm::{EntityTrait, FromQueryResult, IntoActiveModel};
use serde::Serialize;

use super::body::Stamp;
use crate::kernel::database::search::Text;

/// The columns of a log's table.
pub type ColumnOf<R> = <<R as Row>::Entity as EntityTrait>::Column;

/// A row of an append-only log, in its current revision.
pub trait Row:
    Clone
    + PartialEq
    + Send
    + Sync
    + FromQueryResult
    + IntoActiveModel<<Self::Entity as EntityTrait>::ActiveModel>
{
    /// Its table.
    type Entity: EntityTrait<Model = Self, ActiveModel: Send>;
    /// How it is told.
    type Body: From<Self> + Serialize;
    /// The kind of resource in audit records and revisions.
    const RESOURCE: &'static str;
    /// What the audit log calls an appending.
    const APPEND: &'static str;
    /// What the audit log calls an amendment.
    const AMEND: &'static str;
    /// What the audit log calls a retraction.
    const RETRACT: &'static str;
    /// Whether what it says may change its review, which then has to be held alone.
    const MOVES_REVIEW: bool;
    /// Column of its id.
    const ID: ColumnOf<Self>;
    /// Column of the organisation.
    const ORGANIZATION: ColumnOf<Self>;
    /// Column of the review.
    const REVIEW: ColumnOf<Self>;
    /// Column of the time that the log is ordered by.
    const AT: ColumnOf<Self>;
    /// Column of the retraction's time.
    const RETRACTED_AT: ColumnOf<Self>;

    /// What it has besides what it says.
    fn stamp(&self) -> Stamp;

    /// By which text search finds it; none once it is retracted.
    fn searched(&self) -> Option<Text>;

    /// The same words under another stamp.
    #[must_use]
    fn stamped(self, stamp: Stamp) -> Self;
}

/// Makes a table of `entity` an append-only log, ordered by one of its columns.
macro_rules! append_only {
    ($table:ident by $at:ident, told as $body:ty, called $resource:literal, moves review $moves:literal) => {
        impl crate::append_only::row::Row for entity::$table::Model {
            type Entity = entity::$table::Entity;
            type Body = $body;
            const RESOURCE: &'static str = $resource;
            const APPEND: &'static str = concat!($resource, ".append");
            const AMEND: &'static str = concat!($resource, ".amend");
            const RETRACT: &'static str = concat!($resource, ".retract");
            const MOVES_REVIEW: bool = $moves;
            const ID: entity::$table::Column = entity::$table::Column::Id;
            const ORGANIZATION: entity::$table::Column = entity::$table::Column::OrganizationId;
            const REVIEW: entity::$table::Column = entity::$table::Column::ReviewId;
            const AT: entity::$table::Column = entity::$table::Column::$at;
            const RETRACTED_AT: entity::$table::Column = entity::$table::Column::RetractedAt;

            fn stamp(&self) -> crate::append_only::body::Stamp {
                crate::append_only::body::Stamp {
                    id: self.id,
                    organization: self.organization_id,
                    review: self.review_id,
                    retraction: crate::append_only::body::Retraction::of(
                        self.retracted_at,
                        self.retracted_by.clone(),
                        self.retraction_reason.clone(),
                    ),
                    version: self.version,
                    created_at: self.created_at,
                    created_by: self.created_by.clone(),
                    updated_at: self.updated_at,
                }
            }

            fn searched(&self) -> Option<crate::kernel::database::search::Text> {
                super::searched::text(self)
            }

            fn stamped(self, stamp: crate::append_only::body::Stamp) -> Self {
                let (retracted_at, retracted_by, retraction_reason) =
                    crate::append_only::body::Retraction::columns(stamp.retraction);
                Self {
                    id: stamp.id,
                    organization_id: stamp.organization,
                    review_id: stamp.review,
                    retracted_at,
                    retracted_by,
                    retraction_reason,
                    version: stamp.version,
                    created_at: stamp.created_at,
                    created_by: stamp.created_by,
                    updated_at: stamp.updated_at,
                    ..self
                }
            }
        }
    };
}

pub(crate) use append_only;
