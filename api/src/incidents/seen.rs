//! Which events of an incident's milestones exist for whoever looks at it.

use std::collections::HashSet;

use entity::incident::Model;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::IncidentBody;
use crate::chronology;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;

/// The events that exist for somebody: those of restricted reviews do for members only.
#[derive(Clone, Debug)]
pub enum SeenEvents {
    /// All.
    All,
    /// These.
    Only(HashSet<Uuid>),
}

impl SeenEvents {
    /// Those that the milestones of some incidents name and that exist for the caller: one query,
    /// however many incidents they are.
    pub async fn of(
        connection: &impl ConnectionTrait,
        caller: &Caller,
        incidents: &[Model],
    ) -> Result<Self> {
        if caller.sees_restricted() {
            return Ok(Self::All);
        }
        let times = incidents.iter().flat_map(|row| row.timestamps.0.values());
        let named: HashSet<Uuid> = times
            .filter_map(|time| time.event.as_ref().map(|event| event.event_id))
            .collect();
        if named.is_empty() {
            return Ok(Self::none());
        }
        let named: Vec<Uuid> = named.into_iter().collect();
        let seen = chronology::store::visible_among(connection, caller, &named).await?;
        Ok(Self::Only(seen.into_iter().collect()))
    }

    /// None: for what is shown to more people than the one who asks.
    pub fn none() -> Self {
        Self::Only(HashSet::new())
    }

    /// Whether an event is among them.
    pub fn holds(&self, event: &Uuid) -> bool {
        match self {
            Self::All => true,
            Self::Only(seen) => seen.contains(event),
        }
    }
}

/// An incident as it is shown to the caller.
pub async fn shown(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    row: Model,
) -> Result<IncidentBody> {
    let seen = SeenEvents::of(connection, caller, std::slice::from_ref(&row)).await?;
    Ok(IncidentBody::of(row, &seen))
}
