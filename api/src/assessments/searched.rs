//! What of an assessment is found by search.

use entity::assessment::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of an assessment.
pub fn text(row: &Model) -> Text {
    let points = row.strengths.0.iter().chain(&row.weaknesses.0);
    let own = [row.summary.as_deref(), row.not_applicable_reason.as_deref()];
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Assessment.as_str(),
        id: row.id,
        parent: None,
        title: format!("{}: {}", row.dimension.label(), row.rating.label()),
        body: lines(
            own.into_iter()
                .chain(points.map(|point| Some(point.text.as_str()))),
        ),
        traits: Vec::new(),
        at: row.created_at,
    }
}
