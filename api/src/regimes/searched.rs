//! What of a regime is found by search.

use entity::organization::OrganizationId;
use entity::regime::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a regime that an organisation has defined; those that everybody has are in the list.
pub fn text(row: &Model) -> Option<Text> {
    let stages = row.stages.0.iter();
    let stages =
        stages.flat_map(|stage| [Some(stage.title.as_str()), stage.description.as_deref()]);
    let said = [
        row.description.as_deref(),
        Some(row.key.as_str()),
        row.jurisdiction.as_deref(),
    ];
    Some(Text {
        organization: OrganizationId(row.organization_id?),
        review: None,
        kind: ResourceKind::Regime.as_str(),
        id: row.id,
        parent: None,
        title: row.name.clone(),
        body: lines(said.into_iter().chain(stages)),
        traits: Vec::new(),
        at: row.created_at,
    })
}
