//! What a finding of each kind says, and which chains of reasons are sound.

use std::collections::HashMap;

use entity::vocabulary::{FindingKind, ReviewStatus};
use uuid::Uuid;

use super::body::RecordFinding;
use crate::chronology::store::Cited;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// The longest why-chain.
pub const MAX_CHAIN: usize = 32;

/// Whether findings of a review in this state can be amended or retracted.
pub fn amendable(status: ReviewStatus) -> bool {
    !matches!(status, ReviewStatus::Waived | ReviewStatus::Cancelled)
}

/// Which kinds of finding have a field.
struct Use {
    field: &'static str,
    given: bool,
    allowed: bool,
    required: bool,
    whose: &'static str,
}

impl Use {
    fn fault(&self) -> Option<Fault> {
        let (code, verb) = match (self.given, self.allowed, self.required) {
            (true, false, _) => ("not_for_this_kind", "is only"),
            (false, _, true) => ("required", "is required"),
            _ => return None,
        };
        let detail = format!("{verb} for {}", self.whose);
        Some(Fault::at(format!("/{}", self.field), code, detail))
    }
}

/// The faults of a finding, beyond what its schema says.
pub fn check(finding: &RecordFinding) -> Vec<Fault> {
    use FindingKind::{ContributingFactor, Gap, NearMiss, Observation, RootCause, Strength};
    let cause = matches!(finding.kind, RootCause | ContributingFactor);
    let gap = finding.kind == Gap;
    let causes = "root causes and contributing factors";
    let uses = [
        Use {
            field: "cause_category",
            given: finding.cause_category.is_some(),
            allowed: cause,
            required: cause,
            whose: causes,
        },
        Use {
            field: "cause_detail",
            given: finding.cause_detail.is_some(),
            allowed: cause,
            required: false,
            whose: causes,
        },
        Use {
            field: "factor_kind",
            given: finding.factor_kind.is_some(),
            allowed: cause || matches!(finding.kind, Strength | NearMiss),
            required: false,
            whose: "root causes, contributing factors, strengths and near misses",
        },
        Use {
            field: "gap_category",
            given: finding.gap_category.is_some(),
            allowed: gap,
            required: gap,
            whose: "gaps",
        },
        Use {
            field: "control",
            given: finding.control.is_some(),
            allowed: finding.kind != Observation,
            required: false,
            whose: "findings that are more than observations",
        },
        Use {
            field: "no_recommendation_reason",
            given: finding.no_recommendation_reason.is_some(),
            allowed: gap,
            required: false,
            whose: "gaps",
        },
    ];
    let mut faults: Vec<Fault> = uses.iter().filter_map(Use::fault).collect();
    faults.extend(repeated("/event_ids", &finding.event_ids));
    faults.extend(repeated("/attack_techniques", &finding.attack_techniques));
    faults
}

/// The faults of the events that a finding rests on: each is one of its review, and what is new to
/// the finding still stands.
pub fn check_events(ids: &[Uuid], stored: &[Uuid], known: &[Cited]) -> Vec<Fault> {
    let fault = |at: usize, code, detail| Fault::at(format!("/event_ids/{at}"), code, detail);
    let judged = ids.iter().enumerate().filter_map(|(at, id)| {
        match known.iter().find(|event| event.id == *id) {
            None => Some(fault(at, "not_found", "is no event of this review")),
            Some(event) if event.retracted_at.is_some() && !stored.contains(id) => {
                Some(fault(at, "retracted", "is a retracted event"))
            }
            Some(_) => None,
        }
    });
    judged.collect()
}

/// What every finding of a review is a reason for, and which of them stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chains(HashMap<Uuid, Link>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    parent: Option<Uuid>,
    stands: bool,
}

impl FromIterator<(Uuid, Option<Uuid>, bool)> for Chains {
    fn from_iter<I: IntoIterator<Item = (Uuid, Option<Uuid>, bool)>>(links: I) -> Self {
        let links = links.into_iter();
        Self(
            links
                .map(|(id, parent, stands)| (id, Link { parent, stands }))
                .collect(),
        )
    }
}

impl Chains {
    /// The finding itself, what it is a reason for, and so on; one step more than allowed at most.
    fn upwards(&self, from: Uuid) -> impl Iterator<Item = Uuid> {
        let parent = |at: &Uuid| self.0.get(at)?.parent;
        std::iter::successors(Some(from), parent).take(MAX_CHAIN + 1)
    }

    /// How many steps the longest chain has that leads up to the finding, itself included.
    fn height(&self, of: Uuid) -> usize {
        let steps = |from: &Uuid| self.upwards(*from).position(|at| at == of);
        1 + self.0.keys().filter_map(steps).max().unwrap_or_default()
    }
}

/// The fault of making `parent` the parent of `finding`, which is `None` while it is new.
pub fn check_chain(finding: Option<Uuid>, parent: Uuid, chains: &Chains) -> Option<Fault> {
    let fault = |code, detail: &str| Some(Fault::at("/parent_id", code, detail));
    let Some(link) = chains.0.get(&parent) else {
        return fault("not_found", "is no finding of this review");
    };
    if !link.stands {
        return fault("retracted", "is retracted");
    }
    if finding.is_some_and(|finding| chains.upwards(parent).any(|at| at == finding)) {
        return fault("circular", "would make the finding a reason for itself");
    }
    let below = finding.map_or(1, |finding| chains.height(finding));
    if chains.upwards(parent).count() + below > MAX_CHAIN {
        let detail = format!("would make a chain of more than {MAX_CHAIN} steps");
        return fault("too_long", &detail);
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finding(fields: &serde_json::Value) -> RecordFinding {
        let mut whole = serde_json::json!({ "kind": "gap", "statement": "x" });
        for (name, value) in fields.as_object().expect("an object") {
            whole[name] = value.clone();
        }
        serde_json::from_value(whole).expect("well-formed")
    }

    #[test]
    fn each_kind_asks_for_its_own_fields() {
        let cases = [
            (serde_json::json!({}), vec!["/gap_category"]),
            (serde_json::json!({ "gap_category": "policy" }), vec![]),
            (
                serde_json::json!({ "kind": "root_cause" }),
                vec!["/cause_category"],
            ),
            (
                serde_json::json!({ "kind": "strength", "gap_category": "policy", "cause_category": "human_error" }),
                vec!["/cause_category", "/gap_category"],
            ),
            (
                serde_json::json!({ "kind": "strength", "factor_kind": "mitigating", "control": { "function": "detective", "state": "worked" } }),
                vec![],
            ),
            (
                serde_json::json!({ "kind": "observation", "factor_kind": "causal", "control": { "function": "detective", "state": "worked" }, "no_recommendation_reason": "x" }),
                vec!["/factor_kind", "/control", "/no_recommendation_reason"],
            ),
        ];
        for (fields, expected) in cases {
            let found: Vec<_> = check(&finding(&fields))
                .into_iter()
                .filter_map(|fault| fault.pointer)
                .collect();
            assert_eq!(found, expected);
        }
    }

    fn id(number: usize) -> Uuid {
        Uuid::from_u128(number as u128 + 1)
    }

    /// Finding 0 has no parent, each other has the one before it.
    fn chain(length: usize) -> Chains {
        let link = |at: usize| (id(at), at.checked_sub(1).map(id), true);
        (0..length).map(link).collect()
    }

    fn code(finding: Option<Uuid>, parent: Uuid, chains: &Chains) -> Option<String> {
        check_chain(finding, parent, chains).map(|fault| fault.code)
    }

    #[test]
    fn a_chain_of_reasons_has_no_circle_and_an_end() {
        let chains = chain(MAX_CHAIN);
        let last = MAX_CHAIN - 1;
        assert_eq!(code(None, id(3), &chains), None);
        assert_eq!(code(Some(id(4)), id(3), &chains), None);
        assert_eq!(code(None, id(last - 1), &chains), None);
        for (finding, parent, expected) in [
            (Some(id(1)), id(3), "circular"),
            (Some(id(3)), id(3), "circular"),
            (Some(id(0)), id(last), "circular"),
            (None, id(last), "too_long"),
            (None, Uuid::nil(), "not_found"),
        ] {
            assert_eq!(code(finding, parent, &chains).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_hangs_below_a_finding_counts_when_it_moves() {
        let mut chains = chain(20);
        let other = |at: usize| (id(100 + at), at.checked_sub(1).map(|at| id(100 + at)), true);
        chains.0.extend((0..20).map(other).collect::<Chains>().0);
        assert_eq!(code(Some(id(100)), id(11), &chains), None);
        let found = code(Some(id(100)), id(12), &chains);
        assert_eq!(found.as_deref(), Some("too_long"));
    }

    #[test]
    fn nothing_is_a_reason_for_a_retracted_finding() {
        let chains = [(id(0), None, false)].into_iter().collect();
        assert_eq!(code(None, id(0), &chains).as_deref(), Some("retracted"));
    }

    proptest! {
        #[test]
        fn whatever_moves_are_accepted_every_chain_ends_in_time(
            moves in proptest::collection::vec((0..60_usize, 0..60_usize), 0..300)
        ) {
            let mut chains: Chains = (0..60).map(|at| (id(at), None, true)).collect();
            for (finding, parent) in moves {
                if check_chain(Some(id(finding)), id(parent), &chains).is_none() {
                    let link = Link { parent: Some(id(parent)), stands: true };
                    chains.0.insert(id(finding), link);
                }
            }
            for at in 0..60 {
                prop_assert!(chains.upwards(id(at)).count() <= MAX_CHAIN);
            }
        }
    }
}
