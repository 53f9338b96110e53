//! From marked events to the canonical timestamps of the incidents that their reviews are about.

use std::collections::BTreeMap;

use entity::incident::{EventTime, KnownTime};
use entity::vocabulary::{Milestone, TimeBasis, TimePrecision};
use entity::{JsonColumn, Timestamp, event, review_incident};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::incidents;
use crate::kernel::call::Change;
use crate::kernel::error::Result;

/// An event that marks milestones.
type Marking = (Uuid, Timestamp, TimePrecision, JsonColumn<Vec<Milestone>>);

/// Fills the timestamps of these incidents from every chronology about them. Where several events
/// mark one milestone, the earliest counts.
pub async fn refill(change: &Change, incidents: &[Uuid]) -> Result<()> {
    for incident in incidents {
        let mut marked = BTreeMap::new();
        for (event_id, at, precision, milestones) in marking(&**change, *incident).await? {
            for milestone in milestones.0 {
                marked.entry(milestone).or_insert_with(|| EventTime {
                    time: KnownTime {
                        at,
                        precision,
                        basis: TimeBasis::Event,
                        earliest: None,
                        latest: None,
                    },
                    event_id,
                });
            }
        }
        incidents::service::mark(change, *incident, &marked).await?;
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
        .filter(event::Column::HasMarks.eq(true))
        .filter(event::Column::RetractedAt.is_null())
        .order_by_asc(event::Column::OccurredAt)
        .order_by_asc(event::Column::Id)
        .into_tuple()
        .all(connection)
        .await?)
}
