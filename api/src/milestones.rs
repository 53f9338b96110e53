//! From marked events to the canonical timestamps of the incidents that their reviews are about.

use std::collections::{BTreeMap, BTreeSet};

use entity::incident::{EventTime, KnownTime};
use entity::vocabulary::{Milestone, TimeBasis, TimePrecision};
use entity::{JsonColumn, Timestamp, event, review_incident};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::{chronology, closures, incidents};

/// An event that marks milestones.
#[derive(Debug, FromQueryResult)]
struct Marking {
    id: Uuid,
    occurred_at: Timestamp,
    precision: TimePrecision,
    marks: JsonColumn<Vec<Milestone>>,
}

/// Fills the timestamps of these incidents from every chronology about them. Where several events
/// mark one milestone, the earliest counts. A change of `review` is the reason for it.
///
/// Each incident is held before its marks are read, so that of two changes the later sees what the
/// earlier marked; they are held in one order, so that no two changes wait for each other.
pub async fn refill(change: &Change, review: Uuid, incidents: &[Uuid]) -> Result<()> {
    let incidents: BTreeSet<Uuid> = incidents.iter().copied().collect();
    for id in incidents {
        let incident = incidents::store::lock(change, change.organization(), id).await?;
        let Some(incident) = incident else {
            continue;
        };
        let mut marked = BTreeMap::new();
        for marking in marking(&**change, id).await? {
            for milestone in marking.marks.0 {
                marked.entry(milestone).or_insert_with(|| EventTime {
                    time: KnownTime {
                        at: marking.occurred_at,
                        precision: marking.precision,
                        basis: TimeBasis::Event,
                        earliest: None,
                        latest: None,
                    },
                    event_id: marking.id,
                });
            }
        }
        if let Some(saved) = incidents::service::mark(change, review, incident, &marked).await? {
            closures::follow(change, &saved).await?;
        }
    }
    Ok(())
}

/// The marking events of an incident's reviews, earliest first.
async fn marking(connection: &impl ConnectionTrait, incident: Uuid) -> Result<Vec<Marking>> {
    let link = event::Entity::belongs_to(review_incident::Entity)
        .from(event::Column::ReviewId)
        .to(review_incident::Column::ReviewId)
        .into();
    Ok(event::Entity::find()
        .select_only()
        .columns([
            event::Column::Id,
            event::Column::OccurredAt,
            event::Column::Precision,
            event::Column::Marks,
        ])
        .join(JoinType::InnerJoin, link)
        .filter(review_incident::Column::IncidentId.eq(incident))
        .filter(chronology::store::marks())
        .filter(event::Column::RetractedAt.is_null())
        .order_by_asc(event::Column::OccurredAt)
        .order_by_asc(event::Column::Id)
        .into_model()
        .all(connection)
        .await?)
}
