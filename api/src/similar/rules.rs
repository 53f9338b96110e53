//! How alike two reviews are. No HTTP, no SQL, no clock.
//!
//! weight of a shared trait = weight of its kind × ln(1 + N ÷ n) ÷ ln(1 + N), where n of N reviews have
//! it: what few share tells more. score = the sum of the twenty heaviest. Both reviews see each other
//! with the same score.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::traits::Trait;

/// How many reasons count and are told.
const MOST_REASONS: usize = 20;

/// What a review has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Has {
    /// The review.
    pub review: Uuid,
    /// The trait, as it is kept.
    pub what: String,
}

/// A trait that two reviews share.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its kind.
    pub kind: Trait,
    /// Its value.
    pub value: String,
    /// How much it counts.
    pub weight: f64,
}

/// A review that is alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// Which one.
    pub review: Uuid,
    /// How alike it is.
    pub score: f64,
    /// Why, the heaviest first.
    pub reasons: Vec<Reason>,
}

/// How much a kind of trait counts.
pub fn weight(kind: Trait) -> f64 {
    match kind {
        Trait::CauseDetail | Trait::Control | Trait::Technique | Trait::Asset => 3.0,
        Trait::CauseCategory | Trait::GapCategory | Trait::Service | Trait::Tag => 2.0,
        Trait::FactorArea => 1.5,
        Trait::Word => 0.5,
    }
}

/// How much it tells that a trait is shared which so many of all reviews have.
fn rarity(with: usize, all: usize) -> f64 {
    let (with, all) = (counted(with.max(1)), counted(all.max(2)));
    (1.0 + all / with).ln() / (1.0 + all).ln()
}

#[expect(clippy::cast_precision_loss, reason = "there are few reviews")]
fn counted(number: usize) -> f64 {
    number as f64
}

/// The reviews that share anything with one of `all` reviews, the most alike first. `having` is what
/// it has and others have as well, its own traits among them.
pub fn alike(one: Uuid, having: &HashSet<Has>, all: usize, most: usize) -> Vec<Alike> {
    let mut with: HashMap<&str, usize> = HashMap::new();
    for has in having {
        *with.entry(&has.what).or_default() += 1;
    }
    let mut shared: HashMap<Uuid, Vec<Reason>> = HashMap::new();
    for has in having.iter().filter(|has| has.review != one) {
        let Some((kind, value)) = Trait::read(&has.what) else {
            continue;
        };
        let rarity = rarity(with[has.what.as_str()], all);
        shared.entry(has.review).or_default().push(Reason {
            kind,
            value: value.to_owned(),
            weight: rounded(weight(kind) * rarity),
        });
    }
    let mut found: Vec<Alike> = shared
        .into_iter()
        .map(|(review, reasons)| judged(review, reasons))
        .collect();
    found.sort_unstable_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        by_score.then(b.review.cmp(&a.review))
    });
    found.truncate(most);
    found
}

fn judged(review: Uuid, mut reasons: Vec<Reason>) -> Alike {
    reasons.sort_unstable_by(heaviest_first);
    reasons.truncate(MOST_REASONS);
    let score = reasons.iter().map(|reason| reason.weight).sum();
    Alike {
        review,
        score: rounded(score),
        reasons,
    }
}

fn heaviest_first(a: &Reason, b: &Reason) -> Ordering {
    let by_weight = b.weight.total_cmp(&a.weight);
    by_weight.then_with(|| (a.kind.as_str(), &a.value).cmp(&(b.kind.as_str(), &b.value)))
}

fn rounded(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn has(review: u128, what: &str) -> Has {
        Has {
            review: Uuid::from_u128(review),
            what: what.to_owned(),
        }
    }

    #[test]
    fn what_few_share_counts_more() {
        let having = HashSet::from([
            has(1, "asset:fs-01"),
            has(1, "cause_category:process_failure"),
            has(2, "asset:fs-01"),
            has(3, "cause_category:process_failure"),
            has(4, "cause_category:process_failure"),
            has(5, "cause_category:process_failure"),
        ]);
        let found = alike(Uuid::from_u128(1), &having, 10, 10);
        let order: Vec<u128> = found.iter().map(|one| one.review.as_u128()).collect();
        assert_eq!(order, [2, 5, 4, 3]);
        // 3 × ln(1 + 10 ÷ 2) ÷ ln(11) and 2 × ln(1 + 10 ÷ 4) ÷ ln(11)
        assert_eq!((found[0].score, found[1].score), (2.242, 1.045));
        let reason = &found[0].reasons[0];
        assert_eq!(
            (reason.kind, reason.value.as_str()),
            (Trait::Asset, "fs-01")
        );
        assert_eq!(alike(Uuid::from_u128(1), &having, 10, 2).len(), 2);
    }

    #[test]
    fn a_review_that_shares_nothing_is_not_alike() {
        let having = HashSet::from([has(1, "tag:a"), has(2, "nothing:a")]);
        assert!(alike(Uuid::from_u128(1), &having, 2, 10).is_empty());
    }

    proptest! {
        /// What two reviews share is found from either side, however many others there are.
        #[test]
        fn both_see_each_other_alike(
            traits in proptest::collection::vec((0_u128..6, 0_usize..10, 0_u8..12), 0..80),
        ) {
            let all: HashSet<Has> = traits
                .into_iter()
                .map(|(review, kind, value)| has(review, &Trait::ALL[kind].of(value)))
                .collect();
            let seen_from = |one: u128| {
                let own: HashSet<&String> = all
                    .iter()
                    .filter(|has| has.review == Uuid::from_u128(one))
                    .map(|has| &has.what)
                    .collect();
                let having = all.iter().filter(|has| own.contains(&has.what)).cloned().collect();
                alike(Uuid::from_u128(one), &having, 6, 100)
            };
            for one in 0..6 {
                for found in seen_from(one) {
                    prop_assert_ne!(found.review.as_u128(), one);
                    let sum: f64 = found.reasons.iter().map(|reason| reason.weight).sum();
                    prop_assert!((sum - found.score).abs() < 0.001);
                    let back = seen_from(found.review.as_u128());
                    let back = back.iter().find(|two| two.review.as_u128() == one);
                    prop_assert_eq!(back.map(|two| (two.score, &two.reasons)), Some((found.score, &found.reasons)));
                }
            }
        }
    }
}
