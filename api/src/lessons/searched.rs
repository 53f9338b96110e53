//! What of a lesson is found by search, and what its review may have in common with others.

use entity::lesson::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;
use crate::traits::telling_words;

/// The text of a lesson.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Lesson.as_str(),
        id: row.id,
        parent: None,
        title: row.statement.clone(),
        body: lines([row.description.as_deref()]),
        traits: telling_words(&row.statement),
        at: row.created_at,
    }
}
