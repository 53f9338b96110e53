//! What of an improvement measure is found by search.

use entity::improvement_measure::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of an improvement measure.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::ImprovementMeasure.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([row.description.as_deref()]),
        traits: Vec::new(),
        at: row.created_at,
    }
}
