//! Which changes a reader asks for and may see, and what a record tells of one. No HTTP, no SQL, no
//! clock.

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::kernel::access::Caller;
use crate::resources::{Places, ResourceKind};

/// A type of change that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeFilter {
    /// This one: `event.append`.
    Exactly(String),
    /// All of this kind: `event.*`.
    Of(String),
}

impl TypeFilter {
    /// Reads a type, or a kind with a star.
    pub fn parse(text: &str) -> Self {
        match text.strip_suffix(".*") {
            Some(kind) => Self::Of(kind.to_owned()),
            None => Self::Exactly(text.to_owned()),
        }
    }
}

/// The kinds of resource whose changes the caller may not see.
pub fn hidden_from(caller: &Caller) -> Vec<&'static str> {
    let all = ResourceKind::ALL.iter();
    all.filter(|kind| !kind.is_readable_by(caller))
        .map(|kind| kind.as_str())
        .collect()
}

/// What is told of a change from the resource as it is after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The resource's version.
    pub version: Option<i32>,
    /// How many resources a batch made.
    pub count: Option<u32>,
    /// What it is part of, where its address needs that: an action, a document, a workshop, a measure.
    pub parent: Option<Uuid>,
    /// What of that: a revision.
    pub within: Option<Uuid>,
}

/// The fields of a recorded state that matter; whatever else it has.
#[derive(Default, Deserialize)]
struct State<'a> {
    #[serde(default, borrow)]
    version: Option<&'a RawValue>,
    #[serde(default, borrow)]
    events: Option<&'a RawValue>,
    #[serde(default, borrow)]
    action_id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    document_id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    workshop_id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    measure_id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    revision_id: Option<&'a RawValue>,
}

impl Told {
    /// What a record of that action tells with the state after it.
    pub fn of(action: &str, after: Option<&str>) -> Self {
        let state: State<'_> = after
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let is_batch = action.ends_with("_batch");
        Self {
            version: read(state.version),
            count: read(state.events).filter(|_| is_batch),
            parent: read(state.measure_id)
                .or_else(|| read(state.document_id))
                .or_else(|| read(state.workshop_id))
                .or_else(|| read(state.action_id)),
            within: read(state.revision_id),
        }
    }

    /// What its address needs.
    pub fn places(self, review: Option<Uuid>) -> Places {
        Places {
            review,
            parent: self.parent,
            within: self.within,
        }
    }
}

fn read<'a, T: Deserialize<'a>>(value: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(value?.get()).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::identity::bootstrap::command_line;
    use crate::kernel::access::{Role, ScopeSet};
    use entity::organization::OrganizationId;

    fn caller(scopes: ScopeSet) -> Caller {
        let all = command_line(OrganizationId(Uuid::nil()));
        Caller {
            scopes,
            ..Arc::unwrap_or_clone(all)
        }
    }

    #[test]
    fn a_type_is_one_or_all_of_a_kind() {
        let exactly = TypeFilter::Exactly("event.append".to_owned());
        assert_eq!(TypeFilter::parse("event.append"), exactly);
        assert_eq!(
            TypeFilter::parse("event.*"),
            TypeFilter::Of("event".to_owned())
        );
    }

    #[test]
    fn what_a_scope_reads_is_hidden_without_it() {
        assert_eq!(
            hidden_from(&caller(Role::Reader.scopes())),
            ["api_key", "organization"]
        );
        assert!(hidden_from(&caller(Role::Admin.scopes())).is_empty());
        let none = hidden_from(&caller(ScopeSet::default()));
        assert_eq!(none.len(), ResourceKind::ALL.len());
    }

    #[test]
    fn a_state_tells_its_version_and_a_batch_how_many() {
        let told = |action, text| Told::of(action, Some(text));
        let version = |version| Told {
            version: Some(version),
            ..Told::default()
        };
        assert_eq!(
            told("event.amend", "{\"id\":\"x\",\"version\":3}"),
            version(3)
        );
        assert_eq!(
            told("x.y", "{\"version\":\"1.4\",\"events\":[1]}"),
            Told::default()
        );
        assert_eq!(told("review.update", "{\"events\":7}"), Told::default());
        let batch = told(
            "event.append_batch",
            "{\"events\":7,\"body_sha256\":\"00\"}",
        );
        assert_eq!(batch.count, Some(7));
        for none in [
            None,
            Some(""),
            Some("[]"),
            Some("{}"),
            Some("{\"version\":null}"),
        ] {
            assert_eq!(Told::of("event.append", none), Told::default());
        }
        let action = "{\"action_id\":\"00000000-0000-0000-0000-000000000007\"}";
        assert_eq!(
            told("verification.create", action).parent,
            Some(Uuid::from_u128(7))
        );
    }
}
