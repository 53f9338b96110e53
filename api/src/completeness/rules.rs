//! How criteria are judged and what they come to. No HTTP, no SQL, no clock.

use entity::vocabulary::FindingKind;
use uuid::Uuid;

use super::facts::Facts;
use super::place::Place;
use crate::resources::ResourceKind;

mod answers;
pub mod objectives;
pub mod questions;
mod response;
mod shared;

/// How many of the records behind a criterion are named.
pub const MOST_RECORDS: usize = 50;

/// One thing that a review has to answer.
#[derive(Clone, Copy, Debug)]
pub struct Criterion {
    /// Its name.
    pub code: &'static str,
    /// What it asks for.
    pub text: &'static str,
    /// How much it counts among the criteria of its part.
    pub weight: u32,
    /// Its judgement of a review.
    pub judge: fn(&Facts) -> Verdict,
}

/// An objective, or a question.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name.
    pub code: &'static str,
    /// Its words.
    pub text: &'static str,
    /// How much it counts in the whole.
    pub weight: u32,
    /// What it asks for.
    pub criteria: &'static [Criterion],
}

/// The parts of a review's completeness: the objectives, then the questions. Both count alike in the
/// whole: seven by nine is nine by seven.
pub const PARTS: [&[Part]; 2] = [&objectives::ALL, &questions::ALL];

/// A resource that counts for a criterion.
pub type Found = (ResourceKind, Uuid);

/// The list in which a criterion's records are, below the review, with the filter that leads to them.
pub type List = &'static str;

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing, in a word.
    pub code: &'static str,
    /// The same in a sentence.
    pub detail: String,
    /// What lacks it, if something does.
    pub of: Option<Found>,
    /// Where it would go.
    pub place: Place,
}

impl Missing {
    /// Something that is not there at all.
    pub fn new(code: &'static str, detail: impl Into<String>, place: Place) -> Self {
        Self {
            code,
            detail: detail.into(),
            of: None,
            place,
        }
    }

    /// Something that a resource lacks.
    fn of(code: &'static str, found: Found, lacks: &str, place: Place) -> Self {
        let (kind, id) = found;
        Self {
            code,
            detail: format!("{} {id} {lacks}", kind.as_str()),
            of: Some(found),
            place,
        }
    }
}

/// What a criterion finds in a review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How much of it there is.
    pub n: usize,
    /// How much is asked for.
    pub of: usize,
    /// What counts for it.
    pub found: Vec<Found>,
    /// The list in which that is.
    pub list: Option<List>,
    /// Why it does not have to be met, where that is so.
    pub not_applicable: Option<&'static str>,
    /// What is missing; nothing when it is met.
    pub missing: Vec<Missing>,
}

/// What came of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is met.
    Met,
    /// It does not have to be: the review says why.
    NotApplicable,
    /// Something is missing.
    Unmet,
}

impl Verdict {
    /// One at least is asked for.
    fn some(found: impl IntoIterator<Item = Found>, otherwise: Missing) -> Self {
        let found: Vec<Found> = found.into_iter().collect();
        Self::counted(found.len(), otherwise).with(found)
    }

    /// One at least of what is only counted is asked for.
    fn counted(n: usize, otherwise: Missing) -> Self {
        Self {
            n,
            of: 1,
            missing: Some(otherwise).filter(|_| n == 0).into_iter().collect(),
            ..Self::default()
        }
    }

    /// Each of them has to have something; there has to be one, unless none is needed.
    fn each(all: impl IntoIterator<Item = (Found, Option<Missing>)>) -> Self {
        let mut verdict = Self::default();
        for (found, missing) in all {
            verdict.of += 1;
            match missing {
                Some(missing) => verdict.missing.push(missing),
                None => {
                    verdict.n += 1;
                    verdict.found.push(found);
                }
            }
        }
        verdict
    }

    /// Nothing is asked for.
    fn not_applicable(why: &'static str) -> Self {
        Self {
            not_applicable: Some(why),
            ..Self::default()
        }
    }

    /// Nothing is there of which anything could be asked.
    fn or_if_none(self, otherwise: Missing) -> Self {
        if self.of > 0 {
            return self;
        }
        Self {
            of: 1,
            missing: vec![otherwise],
            ..self
        }
    }

    /// With what counts for it.
    fn with(self, found: Vec<Found>) -> Self {
        Self { found, ..self }
    }

    /// In a list.
    fn listed(self, list: List) -> Self {
        Self {
            list: Some(list),
            ..self
        }
    }

    /// Whether it does not have to be met for that reason, where it is not.
    fn unless(self, excused: bool, why: &'static str) -> Self {
        if excused && self.outcome() == Outcome::Unmet {
            Self::not_applicable(why)
        } else {
            self
        }
    }

    /// What came of it.
    pub fn outcome(&self) -> Outcome {
        if self.not_applicable.is_some() {
            Outcome::NotApplicable
        } else if self.missing.is_empty() && self.n >= self.of {
            Outcome::Met
        } else {
            Outcome::Unmet
        }
    }

    /// How much of its weight it is worth, in thousandths.
    fn thousandths(&self) -> u64 {
        match self.outcome() {
            Outcome::Met | Outcome::NotApplicable => 1000,
            Outcome::Unmet => {
                let (n, of) = (self.n.min(self.of) as u64, self.of.max(1) as u64);
                // Never the whole as long as anything is missing.
                (n * 1000 / of).min(999)
            }
        }
    }
}

/// A part as it was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The part.
    pub part: &'static Part,
    /// From 0 to 100.
    pub score: u32,
    /// Its criteria with what they found.
    pub verdicts: Vec<(&'static Criterion, Verdict)>,
}

/// Judges a review by the parts of a kind.
pub fn judge(parts: &'static [Part], facts: &Facts) -> Vec<Judged> {
    let judged = parts.iter().map(|part| {
        let verdicts: Vec<(&Criterion, Verdict)> = part
            .criteria
            .iter()
            .map(|criterion| (criterion, (criterion.judge)(facts)))
            .collect();
        let parts = verdicts
            .iter()
            .map(|(criterion, verdict)| (criterion.weight, verdict.thousandths()));
        Judged {
            part,
            score: mean(parts, 10),
            verdicts,
        }
    });
    judged.collect()
}

/// What the whole comes to, from 0 to 100.
pub fn total<'a>(parts: impl IntoIterator<Item = &'a Judged>) -> u32 {
    let scores = parts
        .into_iter()
        .map(|one| (one.part.weight, u64::from(one.score)));
    mean(scores, 1)
}

/// The weighted mean, divided and rounded down: only what lacks nothing comes to a hundred.
fn mean(parts: impl Iterator<Item = (u32, u64)>, divided_by: u64) -> u32 {
    let (sum, weights) = parts.fold((0, 0), |(sum, weights), (weight, score)| {
        let weight = u64::from(weight);
        (sum + weight * score, weights + weight)
    });
    let whole = sum.checked_div(weights * divided_by).unwrap_or_default();
    u32::try_from(whole).unwrap_or_default()
}

/// The score of the whole and of each part, in their order.
pub fn scores(facts: &Facts) -> (u32, Vec<(&'static Part, u32)>) {
    let judged: Vec<Judged> = PARTS.iter().flat_map(|parts| judge(parts, facts)).collect();
    let each = judged.iter().map(|one| (one.part, one.score)).collect();
    (total(&judged), each)
}

/// The findings of a kind as they are counted.
fn finding(id: Uuid) -> Found {
    (ResourceKind::Finding, id)
}

/// What a list of findings is called.
fn findings_list(kind: FindingKind) -> List {
    match kind {
        FindingKind::RootCause => "/findings?retracted=false&kind=root_cause",
        FindingKind::ContributingFactor => "/findings?retracted=false&kind=contributing_factor",
        FindingKind::Gap => "/findings?retracted=false&kind=gap",
        FindingKind::Strength => "/findings?retracted=false&kind=strength",
        FindingKind::NearMiss => "/findings?retracted=false&kind=near_miss",
        FindingKind::Observation => "/findings?retracted=false&kind=observation",
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
