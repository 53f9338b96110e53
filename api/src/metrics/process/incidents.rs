//! The incidents of an organisation, and what became of the reviews of those that are closed.

use std::collections::HashMap;

use entity::Timestamp;
use entity::vocabulary::{
    DetectionSource, IncidentCategory, IncidentStatus, Requirement, ReviewStatus,
};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::closures::{Closure, Times};
use super::coverage_body::ReviewCoverage;
use super::item::{Step, ending, read};
use super::requirement::Policies;
use super::store::incidents::{self as store, IncidentRow, ReviewState};
use crate::kernel::access::Caller;
use crate::kernel::error::Result;

/// The incidents of an organisation.
#[derive(Debug)]
pub(super) struct Incidents {
    /// The closed ones.
    pub(super) closed: Vec<Closed>,
    /// What is known of each.
    pub(super) known: HashMap<Uuid, Known>,
}

/// What reviews are told apart by of an incident.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) category: IncidentCategory,
    pub(super) detection_source: DetectionSource,
    pub(super) backfilled: bool,
    pub(super) closure: Closure,
}

/// A closed incident.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) row: IncidentRow,
    pub(super) tags: Vec<String>,
    pub(super) instant: Timestamp,
    /// Whether a policy made its review mandatory.
    pub(super) mandatory: bool,
    /// The review that came furthest, if it has one.
    pub(super) review: Option<Reviewing>,
}

/// What became of a review.
#[derive(Clone, Debug)]
pub(super) struct Reviewing {
    pub(super) id: Uuid,
    pub(super) key: String,
    pub(super) coverage: ReviewCoverage,
    /// The step that waived or cancelled it, if one did.
    pub(super) ending: Option<Step>,
}

/// What the reviews of an incident come to.
#[derive(Clone, Debug)]
struct Reviewed {
    furthest: Reviewing,
    /// Whether the policy of any of them says that it has to be held.
    mandatory: bool,
}

/// What a review keeps of its policy, as far as it is asked here.
#[derive(Debug, Deserialize)]
struct Kept {
    rules: KeptRules,
}

#[derive(Debug, Deserialize)]
struct KeptRules {
    requirement: Requirement,
}

impl Incidents {
    /// Reads the incidents, where their reviews stand and which policies there were: three queries.
    pub(super) async fn read(connection: &impl ConnectionTrait, caller: &Caller) -> Result<Self> {
        let mut reviewed = reviewed(store::states(connection, caller).await?)?;
        let policies = Policies::read(store::policy_versions(connection, caller).await?)?;
        let mut incidents = Self {
            closed: Vec::new(),
            known: HashMap::new(),
        };
        for row in store::incidents(connection, caller).await? {
            let times = Times::read(&row.timestamps)?;
            let closure = times.closure();
            let known = Known {
                category: row.category,
                detection_source: row.detection_source,
                backfilled: row.backfilled,
                closure,
            };
            incidents.known.insert(row.id, known);
            if row.status == IncidentStatus::Closed || closure != Closure::Unknown {
                let own = reviewed.remove(&row.id);
                incidents.closed.push(Closed {
                    tags: read(&row.tags)?,
                    instant: times.instant(row.created_at),
                    mandatory: own.as_ref().is_some_and(|own| own.mandatory)
                        || policies.made_mandatory(&row),
                    review: own.map(|own| own.furthest),
                    row,
                });
            }
        }
        Ok(incidents)
    }
}

impl Closed {
    /// What became of its review.
    pub(super) fn coverage(&self) -> ReviewCoverage {
        let review = self.review.as_ref();
        review.map_or(ReviewCoverage::Without, |review| review.coverage)
    }
}

/// How far the reviews of each incident came. Of several that came as far the first counts.
fn reviewed(states: Vec<ReviewState>) -> Result<HashMap<Uuid, Reviewed>> {
    let mut all: HashMap<Uuid, Reviewed> = HashMap::new();
    for state in states {
        let incidents: Vec<Uuid> = read(&state.incident_ids)?;
        if incidents.is_empty() {
            continue;
        }
        let own = Reviewed {
            mandatory: is_mandatory(&state)?,
            furthest: reviewing(state)?,
        };
        for incident in incidents {
            let so_far = all.entry(incident).or_insert_with(|| own.clone());
            so_far.mandatory |= own.mandatory;
            if own.furthest.coverage > so_far.furthest.coverage {
                so_far.furthest = own.furthest.clone();
            }
        }
    }
    Ok(all)
}

fn is_mandatory(state: &ReviewState) -> Result<bool> {
    let kept: Option<Kept> = state.policy_snapshot.as_deref().map(read).transpose()?;
    Ok(kept.is_some_and(|kept| kept.rules.requirement == Requirement::Mandatory))
}

fn reviewing(state: ReviewState) -> Result<Reviewing> {
    let coverage = match state.status {
        ReviewStatus::Published | ReviewStatus::Closed => ReviewCoverage::Reviewed,
        ReviewStatus::Draft | ReviewStatus::InProgress | ReviewStatus::InReview => {
            ReviewCoverage::UnderReview
        }
        ReviewStatus::Waived => ReviewCoverage::Waived,
        ReviewStatus::Cancelled => ReviewCoverage::Cancelled,
    };
    let given_up = matches!(coverage, ReviewCoverage::Waived | ReviewCoverage::Cancelled);
    let steps: Vec<Step> = if given_up {
        read(&state.transitions)?
    } else {
        Vec::new()
    };
    Ok(Reviewing {
        ending: ending(state.status, &steps).cloned(),
        id: state.id,
        key: state.key,
        coverage,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_reviews_the_furthest_counts() {
        use ReviewStatus::{Cancelled, Closed, Draft, InReview, Published, Waived};
        let incident = Uuid::from_u128(1);
        let state = |status: ReviewStatus| ReviewState {
            id: Uuid::nil(),
            key: String::new(),
            status,
            incident_ids: format!("[\"{incident}\"]"),
            transitions: "[]".to_owned(),
            policy_snapshot: None,
        };
        for (statuses, expected) in [
            (vec![Cancelled], ReviewCoverage::Cancelled),
            (vec![Waived, Cancelled], ReviewCoverage::Waived),
            (vec![Cancelled, Draft, Waived], ReviewCoverage::UnderReview),
            (vec![InReview], ReviewCoverage::UnderReview),
            (vec![Published, Draft], ReviewCoverage::Reviewed),
            (vec![Closed], ReviewCoverage::Reviewed),
        ] {
            let states: Vec<ReviewState> = statuses.iter().copied().map(state).collect();
            let found = reviewed(states).expect("readable");
            let found = found.get(&incident).expect("one");
            assert_eq!(found.furthest.coverage, expected, "{statuses:?}");
            assert!(!found.mandatory);
        }
    }
}
