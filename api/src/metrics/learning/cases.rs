//! Incidents and reviews as cases of learning: their traits, what they repeat, and what was known.

use std::collections::HashMap;

use chrono_tz::Tz;
use entity::Timestamp;
use entity::vocabulary::{
    DetectionSource, IncidentCategory, ReviewStatus, Severity, StakeholderFunction,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::{LearningFilter, LearningSubject};
use super::recurrence::{Index, Match, latest};
use super::standing::ActionsThen;
use super::store::{self, IncidentRow, ReviewRow};
use super::traits::{Traced, TraitId, Traits};
use crate::actions::facts::ActionFact;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::metrics::remediation::item::Moment;
use crate::metrics::response::rules::instant;
use crate::metrics::window;

/// A review with what it found.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) id: Uuid,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) began: Timestamp,
    /// When it was first published.
    pub(super) published_at: Option<Timestamp>,
    facts: Option<String>,
}

/// A review's owner, and for which function they take part in it.
pub(super) type Owner = (Option<String>, Option<StakeholderFunction>);

/// An incident, or a review of none.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) subject: LearningSubject,
    /// The incident, or the review.
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) category: Option<IncidentCategory>,
    pub(super) detection_source: Option<DetectionSource>,
    pub(super) tags: Vec<String>,
    pub(super) instant: Timestamp,
    /// The reviews that it is in, by their places.
    pub(super) reviews: Vec<usize>,
    /// The owners of those.
    pub(super) owners: Vec<Owner>,
    pub(super) traits: Vec<TraitId>,
    pub(super) matches: Vec<Match>,
}

/// The cases of a filter and what they are compared with.
#[derive(Debug)]
pub(super) struct Cases {
    /// Those that the filter keeps.
    pub(super) all: Vec<Case>,
    pub(super) reviews: Vec<Earlier>,
    pub(super) traits: Traits,
    pub(super) n_test_excluded: u64,
}

impl Cases {
    /// Reads everything that is needed.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        caller: &Caller,
        filter: &LearningFilter,
    ) -> Result<Self> {
        window::check_order(("from", filter.from), ("to", filter.to))?;
        let reviews = store::reviews(connection, caller).await?;
        let incidents = store::incidents(connection, caller).await?;
        let findings = store::findings(connection, caller).await?;
        let places: HashMap<Uuid, usize> = reviews
            .iter()
            .enumerate()
            .map(|(at, review)| (review.id, at))
            .collect();
        let mut traits = Traits::of(&filter.of);
        let mut found = vec![Vec::new(); reviews.len()];
        for row in findings {
            let Some(place) = places.get(&row.review_id) else {
                continue;
            };
            let traced = Traced {
                kind: row.kind,
                cause_category: row.cause_category,
                factor_area: row.factor_area,
                gap_category: row.gap_category,
                control: row.control.map(|column| column.0),
                attack_techniques: row.attack_techniques.0,
            };
            traits.add_finding(&traced, &mut found[*place]);
        }
        Ok(Self::assemble(filter, reviews, incidents, traits, found))
    }

    fn assemble(
        filter: &LearningFilter,
        reviews: Vec<ReviewRow>,
        incidents: Vec<IncidentRow>,
        mut traits: Traits,
        mut found: Vec<Vec<TraitId>>,
    ) -> Self {
        let mut in_reviews: HashMap<Uuid, Vec<usize>> = HashMap::new();
        for (at, review) in reviews.iter().enumerate() {
            for incident in &review.incident_ids.0 {
                in_reviews.entry(*incident).or_default().push(at);
            }
        }
        let established = found.clone();
        let mut cases = Vec::with_capacity(incidents.len());
        let mut began: Vec<Option<Timestamp>> = vec![None; reviews.len()];
        let mut real: Vec<bool> = reviews
            .iter()
            .map(|review| review.incident_ids.0.is_empty())
            .collect();
        for row in incidents {
            let own = in_reviews.remove(&row.id).unwrap_or_default();
            let case = incident_case(row, own, &mut traits);
            for place in &case.reviews {
                let first = began[*place].map_or(case.instant, |first| first.min(case.instant));
                began[*place] = Some(first);
                found[*place].extend(&case.traits);
                real[*place] |= case.category != Some(IncidentCategory::Test);
            }
            cases.push(case);
        }
        for (own, is_real) in found.iter_mut().zip(real) {
            own.sort_unstable();
            own.dedup();
            // Of tests alone nothing is learned that could recur.
            own.retain(|_| is_real);
        }
        cases.extend(reviews.iter().enumerate().filter_map(review_case));
        for case in &mut cases {
            let own = case.reviews.iter().map(|place| &reviews[*place]);
            let own = own.map(|row| (row.owner_subject.clone(), row.owner_function));
            case.owners = own.collect();
            // What was opened between two queries is not among the reviews yet.
            if case.owners.is_empty() {
                case.owners.push((None, None));
            }
        }
        let reviews: Vec<Earlier> = reviews
            .into_iter()
            .zip(began)
            .map(|(row, began)| earlier(row, began))
            .collect();
        let known = reviews
            .iter()
            .zip(&found)
            .map(|(review, own)| (review.began, own.as_slice()));
        let index = Index::new(traits.len(), known);
        let n_test_excluded = keep(&mut cases, filter);
        for case in &mut cases {
            let own = case
                .reviews
                .iter()
                .flat_map(|place| established[*place].iter().copied());
            let mut own: Vec<TraitId> = own.chain(std::mem::take(&mut case.traits)).collect();
            own.sort_unstable();
            own.dedup();
            case.matches = index.matches(case.instant, &case.reviews, &own);
            case.traits = own;
        }
        Self {
            all: cases,
            reviews,
            traits,
            n_test_excluded,
        }
    }
}

fn incident_case(row: IncidentRow, reviews: Vec<usize>, traits: &mut Traits) -> Case {
    let mut own = Vec::new();
    traits.add_techniques(&row.attack_techniques.0, &mut own);
    Case {
        subject: LearningSubject::Incident,
        id: row.id,
        title: row.title,
        severity: row.severity,
        category: Some(row.category),
        detection_source: Some(row.detection_source),
        tags: row.tags.0,
        instant: instant(&row.timestamps.0, row.created_at),
        reviews,
        owners: Vec::new(),
        traits: own,
        matches: Vec::new(),
    }
}

fn review_case((at, row): (usize, &ReviewRow)) -> Option<Case> {
    row.incident_ids.0.is_empty().then(|| Case {
        subject: LearningSubject::Review,
        id: row.id,
        title: row.title.clone(),
        severity: row.severity,
        category: None,
        detection_source: None,
        tags: row.tags.0.clone(),
        instant: row.created_at,
        reviews: vec![at],
        owners: Vec::new(),
        traits: Vec::new(),
        matches: Vec::new(),
    })
}

fn earlier(row: ReviewRow, began: Option<Timestamp>) -> Earlier {
    let publications = row
        .transitions
        .0
        .iter()
        .filter(|step| step.to == ReviewStatus::Published);
    Earlier {
        published_at: publications.map(|step| step.at).min(),
        id: row.id,
        key: row.key,
        title: row.title,
        began: began.unwrap_or(row.created_at),
        facts: row.facts,
    }
}

/// Leaves the cases of the filter; how many of those are tests, which are left out.
fn keep(cases: &mut Vec<Case>, filter: &LearningFilter) -> u64 {
    cases.retain(|case| {
        filter.from.is_none_or(|from| case.instant >= from)
            && filter.to.is_none_or(|to| case.instant < to)
            && (filter.severity.is_empty() || filter.severity.contains(&case.severity))
            && (filter.category.is_empty()
                || case
                    .category
                    .is_some_and(|category| filter.category.contains(&category)))
            && (filter.detection_source.is_empty()
                || case
                    .detection_source
                    .is_some_and(|source| filter.detection_source.contains(&source)))
            && case.owners.iter().any(|owner| filter.takes(owner))
            && (filter.tag.is_empty() || case.tags.iter().any(|tag| filter.tag.contains(tag)))
            && filter
                .tagged
                .is_none_or(|tagged| tagged != case.tags.is_empty())
            && filter.subject.is_none_or(|subject| subject == case.subject)
    });
    let before = cases.len();
    cases.retain(|case| case.category != Some(IncidentCategory::Test));
    (before - cases.len()) as u64
}

impl Case {
    /// Whether any of its traits is known.
    pub(super) fn is_known(&self) -> bool {
        !self.traits.is_empty()
    }

    /// The latest earlier review that it shares a trait with.
    pub(super) fn latest(&self) -> Option<&Match> {
        latest(&self.matches)
    }
}

impl Earlier {
    /// Whether it had been published by then.
    pub(super) fn is_published(&self, then: Timestamp) -> bool {
        self.published_at.is_some_and(|at| at <= then)
    }

    /// What its actions were.
    pub(super) fn facts(&self) -> Result<Vec<ActionFact<'_>>> {
        ActionFact::read_joined(self.facts.as_deref().unwrap_or_default())
    }
}

/// How reviews' actions stood when something recurred. Facts are read once.
#[derive(Debug)]
pub(super) struct Standings<'a> {
    reviews: &'a [Earlier],
    read: HashMap<usize, Vec<ActionFact<'a>>>,
    now: Timestamp,
    zone: Tz,
}

impl<'a> Standings<'a> {
    pub(super) fn new(reviews: &'a [Earlier], now: Timestamp, zone: Tz) -> Self {
        Self {
            reviews,
            read: HashMap::new(),
            now,
            zone,
        }
    }

    /// How a review's actions stood at an instant.
    pub(super) fn of(&mut self, review: usize, then: Timestamp) -> Result<ActionsThen> {
        use std::collections::hash_map::Entry;
        let facts = match self.read.entry(review) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unread) => {
                let reviews: &'a [Earlier] = self.reviews;
                unread.insert(reviews[review].facts()?)
            }
        };
        Ok(ActionsThen::at(
            Moment::new(then, self.now, self.zone),
            facts,
        ))
    }
}
