//! In what the incidents, documents and revisions that were here already are not as a document has
//! them. They stay as they are: whoever imports is told where that leaves the two apart.

use std::collections::HashMap;

use sea_orm::prelude::Uuid;
use serde::Serialize;
use serde_json::Value;

use super::body::{Arrival, Arrived};
use super::resolve::{Matched, known};
use super::store;
use crate::kernel::call::Change;
use crate::kernel::error::Result;
use crate::whole::rows::Rows;

/// What every copy has of its own, or by what else there is here.
const OWN: [&str; 10] = [
    "id",
    "document_id",
    "version",
    "sequence",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "current_revision",
    "review_due_on",
];

/// Says of everything that was matched in which fields it differs. The rows are named as they are here.
pub(super) async fn tell(change: &Change, rows: &Rows, matched: &mut Matched) -> Result<()> {
    let organization = change.organization();
    let ids: Vec<Uuid> = known(&matched.incidents).into_iter().collect();
    let here = crate::incidents::store::with_ids(&**change, organization, &ids).await?;
    let here = by_id(here.iter().map(|row| (row.id, row)));
    let there = by_id(rows.incidents.iter().map(|row| (row.id, row)));
    compare(&mut matched.incidents, &here, &there);

    let documents = known(&matched.documents);
    let here = store::documents_with(&**change, organization, &documents).await?;
    let here = by_id(here.iter().map(|row| (row.id, row)));
    let there = by_id(rows.documents.iter().map(|row| (row.id, row)));
    compare(&mut matched.documents, &here, &there);

    let mut here = Vec::new();
    for document in documents {
        here.extend(store::revisions_of(&**change, document).await?);
    }
    let here = by_id(here.iter().map(|row| (row.id, row)));
    let there = by_id(rows.document_revisions.iter().map(|row| (row.id, row)));
    compare(&mut matched.revisions, &here, &there);
    Ok(())
}

fn by_id<M: Serialize>(rows: impl Iterator<Item = (Uuid, M)>) -> HashMap<Uuid, Value> {
    rows.map(|(id, row)| (id, serde_json::to_value(row).unwrap_or_default()))
        .collect()
}

fn compare(arrived: &mut [Arrived], here: &HashMap<Uuid, Value>, there: &HashMap<Uuid, Value>) {
    let matched = |one: &&mut Arrived| one.outcome == Arrival::Matched;
    for one in arrived.iter_mut().filter(matched) {
        if let (Some(here), Some(there)) = (here.get(&one.id), there.get(&one.id)) {
            one.differs = fields_apart(here, there);
        }
    }
}

/// The fields, in their order, whose values are not the same.
fn fields_apart(here: &Value, there: &Value) -> Vec<String> {
    let fields = here.as_object().into_iter().flatten();
    let apart = fields.filter(|(name, value)| {
        !OWN.contains(&name.as_str()) && there.get(name.as_str()) != Some(*value)
    });
    apart.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_each_copy_has_of_its_own_sets_nothing_apart() {
        let here = json!({ "id": 1, "title": "a", "tags": ["x"], "version": 3, "summary": null });
        let mut there =
            json!({ "id": 2, "title": "a", "tags": ["x"], "version": 1, "summary": null });
        assert_eq!(fields_apart(&here, &there), [""; 0]);
        there["tags"] = json!(["x", "y"]);
        there["summary"] = json!("more");
        assert_eq!(fields_apart(&here, &there), ["tags", "summary"]);
    }
}
