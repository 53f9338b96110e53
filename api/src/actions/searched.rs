//! What of an action, its progress and its verifications is found by search.

use entity::{action, action_progress, verification};
use uuid::Uuid;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of an action.
pub fn text(row: &action::Model) -> Text {
    Text {
        organization: row.organization_id,
        review: Some(row.review_id),
        kind: ResourceKind::Action.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([
            row.description.as_deref(),
            row.closure_criteria.as_deref(),
            row.owner_name.as_deref(),
            Some(row.tags.0.join(" ").as_str()),
        ]),
        traits: Vec::new(),
        at: row.created_at,
    }
}

/// The text of progress, if it has a note.
pub fn progress(row: &action_progress::Model, review: Uuid) -> Option<Text> {
    Some(Text {
        organization: row.organization_id,
        review: Some(review),
        kind: ResourceKind::Progress.as_str(),
        id: row.id,
        parent: Some(row.action_id),
        title: row.note.clone()?,
        body: String::new(),
        traits: Vec::new(),
        at: row.at,
    })
}

/// The text of a verification, if it has a note or evidence.
pub fn verification(row: &verification::Model, review: Uuid) -> Option<Text> {
    let evidence = row.evidence.0.iter().map(|one| one.title.as_str());
    let mut said = row.note.as_deref().into_iter().chain(evidence);
    Some(Text {
        organization: row.organization_id,
        review: Some(review),
        kind: ResourceKind::Verification.as_str(),
        id: row.id,
        parent: Some(row.action_id),
        title: said.next()?.to_owned(),
        body: lines(said.map(Some)),
        traits: Vec::new(),
        at: row.created_at,
    })
}
