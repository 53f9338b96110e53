//! What of a finding is found by search, and what its review may have in common with others.

use entity::finding::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;
use crate::traits::{Trait, telling_words};

/// The text of a finding, unless it is retracted.
pub fn text(row: &Model) -> Option<Text> {
    let control = row.control.as_ref().map(|control| &control.0);
    let (id, name) = (
        control.and_then(|control| control.id.as_deref()),
        control.and_then(|control| control.name.as_deref()),
    );
    row.retracted_at.is_none().then(|| Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Finding.as_str(),
        id: row.id,
        parent: None,
        title: row.statement.clone(),
        body: lines([
            row.description.as_deref(),
            row.cause_detail.as_deref(),
            id,
            name,
            row.no_recommendation_reason.as_deref(),
        ]),
        traits: Trait::CauseCategory
            .of_all(row.cause_category)
            .chain(Trait::CauseDetail.of_all(row.cause_detail.as_deref()))
            .chain(Trait::FactorArea.of_all(row.factor_area))
            .chain(Trait::GapCategory.of_all(row.gap_category))
            .chain(Trait::Control.of_all(id.or(name)))
            .chain(Trait::Technique.of_all(&row.attack_techniques.0))
            .chain(telling_words(&row.statement))
            .collect(),
        at: row.created_at,
    })
}
