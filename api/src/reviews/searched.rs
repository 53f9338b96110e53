//! What of a review is found by search, and what others may have in common with it.

use entity::review::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;
use crate::traits::{Trait, telling_words};

/// The text of a review.
pub fn text(row: &Model) -> Text {
    let telling = lines([Some(row.title.as_str()), row.summary.as_deref()]);
    let tags = Trait::Tag.of_all(&row.tags.0);
    Text {
        organization: row.organization_id,
        review: Some(row.id),
        kind: ResourceKind::Review.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([
            row.summary.as_deref(),
            Some(row.key.as_str()),
            Some(row.tags.0.join(" ").as_str()),
        ]),
        traits: tags.chain(telling_words(&telling)).collect(),
        at: row.created_at,
    }
}
