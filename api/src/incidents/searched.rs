//! What of an incident is found by search, and what reviews about it may have in common with others.

use entity::incident::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;
use crate::traits::Trait;

/// The text of an incident.
pub fn text(row: &Model) -> Text {
    let names = [
        &row.affected_assets.0,
        &row.affected_services.0,
        &row.attack_techniques.0,
        &row.tags.0,
    ];
    let names = names.map(|names| names.join(" "));
    let references: Vec<&str> = row
        .external_refs
        .0
        .iter()
        .map(|reference| reference.id.as_str())
        .collect();
    let references = references.join(" ");
    let also = names
        .iter()
        .chain([&references])
        .map(|text| Some(text.as_str()));
    let traits = Trait::Asset
        .of_all(&row.affected_assets.0)
        .chain(Trait::Service.of_all(&row.affected_services.0))
        .chain(Trait::Technique.of_all(&row.attack_techniques.0))
        .chain(Trait::Tag.of_all(&row.tags.0));
    Text {
        organization: row.organization_id,
        review: None,
        kind: ResourceKind::Incident.as_str(),
        id: row.id,
        parent: None,
        title: row.title.clone(),
        body: lines([row.summary.as_deref()].into_iter().chain(also)),
        traits: traits.collect(),
        at: row.created_at,
    }
}
