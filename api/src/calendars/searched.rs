//! What of a calendar is found by search.

use entity::calendar::Model;

use crate::kernel::database::search::Text;
use crate::resources::ResourceKind;
use crate::text::lines;

/// The text of a calendar.
pub fn text(row: &Model) -> Text {
    Text {
        organization: row.organization_id,
        review: None,
        kind: ResourceKind::Calendar.as_str(),
        id: row.id,
        parent: None,
        title: row.name.clone(),
        body: lines(
            row.holidays
                .0
                .iter()
                .map(|holiday| Some(holiday.name.as_str())),
        ),
        traits: Vec::new(),
        at: row.created_at,
    }
}
