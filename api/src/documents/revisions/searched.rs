//! What of a revision of a document is found by search.

use entity::document_revision::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a revision, unless it is withdrawn.
pub fn text(row: &Model) -> Option<Text> {
    row.withdrawn_at.is_none().then(|| Text {
        organization: row.organization_id,
        review: None,
        kind: ResourceKind::DocumentRevision.as_str(),
        id: row.id,
        parent: Some(row.document_id),
        title: row.label.clone(),
        body: lines([row.summary.as_deref()]),
        traits: Vec::new(),
        at: row.published_at,
    })
}
