//! Which closed incidents had a policy that makes their review mandatory. Pure.

use std::collections::HashMap;

use entity::Timestamp;
use entity::vocabulary::{IncidentCategory, IncidentCertainty, Requirement, ReviewKind, Severity};
use serde::Deserialize;
use uuid::Uuid;

use super::item::read;
use super::store::incidents::{IncidentRow, PolicyVersionRow};
use crate::kernel::error::Result;
use crate::policies::rules::{Reach, Situation};

/// What a policy said of its reach and requirement, in one of its versions.
#[derive(Debug, Deserialize)]
struct Said {
    severities: Vec<Severity>,
    categories: Vec<IncidentCategory>,
    kinds: Vec<ReviewKind>,
    rank: i32,
    requirement: Requirement,
    archived_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// Every policy of an organisation, as it was at any time.
#[derive(Debug, Default)]
pub(super) struct Policies(HashMap<Uuid, Vec<(Timestamp, Said)>>);

impl Policies {
    /// Reads the versions, each policy's in their order.
    pub(super) fn read(rows: Vec<PolicyVersionRow>) -> Result<Self> {
        let mut all: HashMap<Uuid, Vec<(Timestamp, Said)>> = HashMap::new();
        for row in rows {
            let versions = all.entry(row.policy_id).or_default();
            versions.push((row.created_at, read(&row.body)?));
        }
        Ok(Self(all))
    }

    /// Whether the policy that applied when an incident was closed made its review mandatory.
    ///
    /// As when a policy opens reviews: not of a test, nor of a false alarm, nor of what was recorded
    /// long after the fact.
    pub(super) fn made_mandatory(&self, incident: &IncidentRow) -> bool {
        let asked = !incident.backfilled
            && incident.category != IncidentCategory::Test
            && incident.certainty != IncidentCertainty::FalsePositive;
        let situation = Situation {
            severity: Some(incident.severity),
            categories: vec![incident.category],
            kind: Some(ReviewKind::Incident),
        };
        // What was closed before it was known here was judged when it became known.
        let closed = incident.closed_at.map(|at| at.max(incident.created_at));
        asked && self.requirement(&situation, closed) == Some(Requirement::Mandatory)
    }

    /// What the policy that applied at a moment asked for, or the one that applies now; nothing
    /// where only the built-in one did.
    fn requirement(&self, situation: &Situation, at: Option<Timestamp>) -> Option<Requirement> {
        let then = self.0.iter().filter_map(|(id, versions)| {
            let made = at.map_or(versions.len(), |at| {
                versions.partition_point(|(made_at, _)| *made_at <= at)
            });
            let (_, said) = versions.get(made.checked_sub(1)?)?;
            Some((said.reach(*id), said.requirement))
        });
        let matching = then.filter(|(reach, _)| reach.matches(situation));
        let first = matching.min_by_key(|(reach, _)| reach.order());
        first.map(|(_, requirement)| requirement)
    }
}

impl Said {
    fn reach(&self, id: Uuid) -> Reach<'_> {
        Reach {
            id,
            severities: &self.severities,
            categories: &self.categories,
            kinds: &self.kinds,
            rank: self.rank,
            is_archived: self.archived_at.is_some(),
            created_at: self.created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(day * 86_400_000_000).expect("in range")
    }

    /// A version of a policy, made on a day.
    fn version(policy: u128, day: i64, own: serde_json::Value) -> PolicyVersionRow {
        let mut body = json!({
            "severities": [], "categories": [], "kinds": [], "rank": 0,
            "requirement": "mandatory", "archived_at": null, "created_at": at(1),
        });
        for (name, value) in own.as_object().expect("an object") {
            body[name] = value.clone();
        }
        PolicyVersionRow {
            policy_id: Uuid::from_u128(policy),
            body: body.to_string(),
            created_at: at(day),
        }
    }

    fn asked(policies: &Policies, severity: Severity, day: Option<i64>) -> Option<Requirement> {
        let situation = Situation {
            severity: Some(severity),
            categories: vec![IncidentCategory::MaliciousCode],
            kind: Some(ReviewKind::Incident),
        };
        policies.requirement(&situation, day.map(at))
    }

    #[test]
    fn a_policy_says_what_its_version_of_that_day_said() {
        let policies = Policies::read(vec![
            version(1, 2, json!({})),
            version(1, 4, json!({ "requirement": "optional" })),
            version(1, 6, json!({ "archived_at": at(6) })),
        ]);
        let policies = policies.expect("readable");
        for (day, expected) in [
            (Some(1), None),
            (Some(2), Some(Requirement::Mandatory)),
            (Some(3), Some(Requirement::Mandatory)),
            (Some(4), Some(Requirement::Optional)),
            (Some(6), None),
            (None, None),
        ] {
            assert_eq!(asked(&policies, Severity::High, day), expected, "{day:?}");
        }
    }

    #[test]
    fn of_several_that_match_the_first_in_their_order_decides() {
        let policies = Policies::read(vec![
            version(1, 1, json!({ "requirement": "optional" })),
            version(2, 1, json!({ "severities": ["critical"] })),
            version(
                3,
                1,
                json!({ "severities": ["low"], "requirement": "recommended" }),
            ),
            version(4, 1, json!({ "severities": ["low"], "rank": 1 })),
        ]);
        let policies = policies.expect("readable");
        for (severity, expected) in [
            (Severity::High, Requirement::Optional),
            (Severity::Critical, Requirement::Mandatory),
            (Severity::Low, Requirement::Mandatory),
        ] {
            assert_eq!(
                asked(&policies, severity, None),
                Some(expected),
                "{severity}"
            );
        }
    }
}
