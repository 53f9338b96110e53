//! What of a recommendation of the library is found by search.

use entity::recommendation_template::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a recommendation of the library.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: None,
        kind: ResourceKind::RecommendationTemplate.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([
            row.rationale.as_deref(),
            row.expected_effect.as_deref(),
            row.closure_criteria.as_deref(),
            Some(row.tags.0.join(" ").as_str()),
        ]),
        traits: Vec::new(),
        at: row.created_at,
    }
}
