//! What the resources of a document are called here. Pure.
//!
//! A service of one organisation keeps the ids of a document, so that what refers to them from elsewhere
//! still does. Where organisations share a service, an id may be somebody else's: whether it is must
//! neither be found out nor matter. So each organisation has names of its own for what it imports, which
//! follow from the document's and keep their order.

use std::collections::HashMap;

use entity::organization::OrganizationId;
use ring::digest::{Context, SHA256};
use serde_json::Value;
use uuid::Uuid;

/// How ids of a document become ids here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// As they are.
    Kept,
    /// To names of one organisation.
    Own(OrganizationId),
}

impl Naming {
    /// What an id of a document is here.
    pub fn of(self, id: Uuid) -> Uuid {
        let Self::Own(organization) = self else {
            return id;
        };
        let mut digest = Context::new(&SHA256);
        digest.update(organization.as_bytes());
        digest.update(id.as_bytes());
        let digest = digest.finish();
        // Time and counter stay, so that the order does.
        let mut bytes = *id.as_bytes();
        bytes[12..].copy_from_slice(&digest.as_ref()[..4]);
        Uuid::from_bytes(bytes)
    }
}

/// The new names of ids.
pub type Names = HashMap<Uuid, Uuid>;

/// Texts in which an id is no reference: another system's names, and what was frozen.
const NOT_OURS: &[&str] = &["external_refs", "external_id", "content", "markdown"];

/// Gives every id in a document its new name, wherever it stands. What has no new name stays.
pub fn rename(value: &mut Value, names: &Names) {
    match value {
        Value::String(text) => {
            if let Some(new) = text.parse().ok().and_then(|id: Uuid| names.get(&id)) {
                *text = new.to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    _ if NOT_OURS.contains(&name.as_str()) => {}
                    // An earlier revision is kept as a text.
                    Value::String(text) if name == "body" => *text = renamed_within(text, names),
                    field => rename(field, names),
                }
            }
        }
        _ => {}
    }
}

/// How long an id is as a text.
const LENGTH: usize = 36;

/// A text of JSON with new names for the ids in it.
fn renamed_within(text: &str, names: &Names) -> String {
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (before, behind) = rest.split_at(quote + 1);
        renamed.push_str(before);
        rest = behind;
        let quoted = behind
            .get(..LENGTH)
            .filter(|_| behind[LENGTH..].starts_with('"'));
        let new = quoted
            .and_then(|quoted| quoted.parse().ok())
            .and_then(|id: Uuid| names.get(&id));
        if let Some(new) = new {
            renamed.push_str(&new.to_string());
            rest = &behind[LENGTH..];
        }
    }
    renamed.push_str(rest);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(0x0192_f0c4_7b1e_7c3a_9d52_0000_0000_0000 + number)
    }

    #[test]
    fn each_organisation_has_names_of_its_own_in_the_same_order() {
        let [one, other] =
            [1, 2].map(|number| Naming::Own(OrganizationId(Uuid::from_u128(number))));
        assert_eq!(Naming::Kept.of(id(7)), id(7));
        assert_eq!(one.of(id(7)), one.of(id(7)));
        assert_ne!(one.of(id(7)), other.of(id(7)));
        assert_ne!(one.of(id(7)), id(7));
        assert_eq!(one.of(id(7)).get_version_num(), 7);
        let later = Uuid::from_u128(id(7).as_u128() + (1 << 32));
        assert!(one.of(id(7)) < one.of(later));
    }

    #[test]
    fn ids_are_renamed_wherever_they_refer_to_something() {
        let names = Names::from([(id(1), id(101)), (id(2), id(102))]);
        let earlier = json!({ "id": id(1), "event_ids": [id(2), id(3)], "note": "\"" }).to_string();
        let mut document = json!({
            "id": id(1),
            "event_ids": [id(2), id(3)],
            "nested": [{ "finding_id": id(2) }],
            "external_refs": [{ "system": "jira", "id": id(1).to_string() }],
            "external_id": id(1).to_string(),
            "content": id(1).to_string(),
            "body": earlier,
        });
        rename(&mut document, &names);
        let expected = json!({
            "id": id(101),
            "event_ids": [id(102), id(3)],
            "nested": [{ "finding_id": id(102) }],
            "external_refs": [{ "system": "jira", "id": id(1).to_string() }],
            "external_id": id(1).to_string(),
            "content": id(1).to_string(),
            "body": json!({ "id": id(101), "event_ids": [id(102), id(3)], "note": "\"" }).to_string(),
        });
        assert_eq!(document, expected);
    }

    proptest::proptest! {
        #[test]
        fn any_text_stays_as_it_is_when_nothing_has_a_new_name(text in "\\PC*") {
            proptest::prop_assert_eq!(renamed_within(&text, &Names::new()), text);
        }
    }
}
