//! Groups of records: the largest by name, the rest together, so that an answer stays bounded.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

/// How many groups an answer names; what is left is one group, `other`.
pub(super) const MAX_GROUPS: usize = 50;

/// What the records of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroupPart {
    /// The field they are grouped by.
    #[schema(example = "severity")]
    pub field: &'static str,
    /// Its value in this group; null where the records have none.
    #[schema(example = "high")]
    pub value: Option<String>,
}

/// The values that make a group, in the order of the fields; absent where a record has none.
pub(super) type Key = Vec<Option<String>>;

/// Records by what they are grouped by, each named by its place in a list.
#[derive(Debug, Default)]
pub(super) struct Groups(HashMap<Key, Vec<usize>>);

/// A group: its key, or none for the rest, and its records.
pub(super) type Group = (Option<Key>, Vec<usize>);

impl Groups {
    /// Puts a record in a group.
    pub(super) fn add(&mut self, key: Key, record: usize) {
        self.0.entry(key).or_default().push(record);
    }

    /// The largest groups, then the rest; ties go by name. Never ranked by what is measured.
    pub(super) fn largest(self) -> Vec<Group> {
        let mut all: Vec<(Key, Vec<usize>)> = self.0.into_iter().collect();
        all.sort_by(|(a, of_a), (b, of_b)| of_b.len().cmp(&of_a.len()).then_with(|| a.cmp(b)));
        let rest = all.split_off(all.len().min(MAX_GROUPS));
        let mut others: Vec<usize> = rest.into_iter().flat_map(|(_, records)| records).collect();
        others.sort_unstable();
        others.dedup();
        let mut groups: Vec<Group> = all
            .into_iter()
            .map(|(key, records)| (Some(key), records))
            .collect();
        if !others.is_empty() {
            groups.push((None, others));
        }
        groups
    }
}

/// Each key with each of the values behind it.
pub(super) fn crossed(keys: &[Key], values: &[Option<String>]) -> Vec<Key> {
    let longer = |key: &Key| {
        let each = values.iter();
        let each = each.map(|value| [key.as_slice(), std::slice::from_ref(value)].concat());
        each.collect::<Vec<Key>>()
    };
    keys.iter().flat_map(longer).collect()
}

/// The key with the names of its fields.
pub(super) fn parts(fields: &[&'static str], key: &Key) -> Vec<GroupPart> {
    fields
        .iter()
        .zip(key)
        .map(|(field, value)| GroupPart {
            field,
            value: value.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_groups_are_named_and_the_rest_counted_once() {
        let mut groups = Groups::default();
        for group in 0..MAX_GROUPS {
            groups.add(vec![Some(format!("{group:03}"))], 0);
            groups.add(vec![Some(format!("{group:03}"))], 1);
        }
        for small in ["x", "y"] {
            groups.add(vec![Some(small.to_owned())], 7);
        }
        let found = groups.largest();
        assert_eq!(found.len(), MAX_GROUPS + 1);
        assert_eq!(found[0].0, Some(vec![Some("000".to_owned())]));
        assert_eq!(found[MAX_GROUPS], (None, vec![7]));
    }
}
