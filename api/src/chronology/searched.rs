//! What of an event is found by search, and what its review may have in common with others.

use entity::event::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;
use crate::traits::Trait;

/// The text of an event, unless it is retracted.
pub fn text(row: &Model) -> Option<Text> {
    row.retracted_at.is_none().then(|| Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Event.as_str(),
        id: row.id,
        parent: None,
        title: row.summary.clone(),
        body: lines([
            row.description.as_deref(),
            row.actor_role.as_deref(),
            row.source.as_deref(),
            row.external_id.as_deref(),
        ]),
        traits: Trait::Technique.of_all(&row.attack_techniques.0).collect(),
        at: row.occurred_at,
    })
}
