//! What of an impact is found by search.

use entity::impact::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of an impact.
pub fn text(row: &Model) -> Text {
    let counted = row.quantities.0.iter().map(|one| one.label.as_deref());
    let lost = row.costs.0.iter().map(|one| one.label.as_deref());
    let (dimension, rating) = (row.dimension.label(), row.rating.label());
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Impact.as_str(),
        id: row.id,
        parent: None,
        title: format!("{dimension}: {rating} ({})", row.snapshot.label()),
        body: lines(
            [row.narrative.as_deref()]
                .into_iter()
                .chain(counted)
                .chain(lost),
        ),
        traits: Vec::new(),
        at: row.created_at,
    }
}
