//! What of a workshop is found by search.

use entity::workshop::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a workshop.
pub fn text(row: &Model) -> Text {
    let topics = row.agenda.0.iter();
    let agenda = topics.flat_map(|topic| [Some(topic.title.as_str()), topic.notes.as_deref()]);
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Workshop.as_str(),
        id: row.id,
        parent: None,
        title: row
            .title
            .clone()
            .unwrap_or_else(|| row.kind.label().to_owned()),
        body: lines(
            [
                row.location.as_deref(),
                row.facilitator_name.as_deref(),
                row.minutes.as_deref(),
            ]
            .into_iter()
            .chain(agenda),
        ),
        traits: Vec::new(),
        at: row.scheduled_at.unwrap_or(row.created_at),
    }
}
