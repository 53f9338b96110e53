//! Which earlier review a trait was last found by. Pure.

use entity::Timestamp;

use super::traits::TraitId;

/// The reviews that have each trait, by when what they are about began.
#[derive(Debug)]
pub(super) struct Index {
    by_trait: Vec<Vec<(Timestamp, usize)>>,
    began: Vec<Timestamp>,
}

/// What a trait of something has in common with earlier reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// The trait.
    pub(super) of: TraitId,
    /// The latest earlier review that has it.
    pub(super) review: usize,
    /// When what that review is about began.
    pub(super) began: Timestamp,
    /// How many earlier reviews have it.
    pub(super) n_earlier: u64,
}

impl Index {
    /// Of so many traits, from when each review's subject began and its distinct traits.
    pub(super) fn new<'a>(
        traits: usize,
        reviews: impl Iterator<Item = (Timestamp, &'a [TraitId])>,
    ) -> Self {
        let mut by_trait = vec![Vec::new(); traits];
        let mut all = Vec::new();
        for (review, (began, own)) in reviews.enumerate() {
            for of in own {
                by_trait[*of].push((began, review));
            }
            all.push(began);
        }
        for reviews in &mut by_trait {
            reviews.sort_unstable();
        }
        Self {
            by_trait,
            began: all,
        }
    }

    /// What something that stands at an instant, in its own reviews, repeats: one match for each of
    /// its traits that an earlier review has.
    pub(super) fn matches(&self, instant: Timestamp, own: &[usize], of: &[TraitId]) -> Vec<Match> {
        let matches = of.iter().filter_map(|of| {
            let reviews = &self.by_trait[*of];
            let earlier = &reviews[..reviews.partition_point(|(began, _)| *began < instant)];
            let others = earlier
                .iter()
                .rev()
                .find(|(_, review)| !own.contains(review));
            let (began, review) = *others?;
            let is_earlier =
                |one: &&usize| earlier.binary_search(&(self.began[**one], **one)).is_ok();
            let own = own.iter().filter(is_earlier);
            Some(Match {
                of: *of,
                review,
                began,
                n_earlier: (earlier.len() - own.count()) as u64,
            })
        });
        matches.collect()
    }
}

/// The latest of some matches.
pub(super) fn latest(matches: &[Match]) -> Option<&Match> {
    matches.iter().max_by_key(|one| (one.began, one.review))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000).expect("in range")
    }

    proptest! {
        #[test]
        fn matches_agree_with_a_naive_search(
            reviews in prop::collection::vec((0_i64..20, prop::collection::btree_set(0_usize..6, 0..4)), 0..30),
            instant in 0_i64..20,
            own in prop::collection::btree_set(0_usize..30, 0..3),
            of in prop::collection::btree_set(0_usize..6, 0..6),
        ) {
            let own: Vec<usize> = own.into_iter().filter(|one| *one < reviews.len()).collect();
            let of: Vec<usize> = of.into_iter().collect();
            let traits: Vec<Vec<usize>> = reviews.iter().map(|(_, traits)| traits.iter().copied().collect()).collect();
            let each = reviews.iter().zip(&traits).map(|((began, _), traits)| (at(*began), traits.as_slice()));
            let found = Index::new(6, each).matches(at(instant), &own, &of);
            let mut naive = Vec::new();
            for one in of {
                let sharing = |review: &usize| reviews[*review].0 < instant && !own.contains(review) && traits[*review].contains(&one);
                let earlier: Vec<usize> = (0..reviews.len()).filter(sharing).collect();
                if let Some(review) = earlier.iter().copied().max_by_key(|review| (reviews[*review].0, *review)) {
                    naive.push(Match { of: one, review, began: at(reviews[review].0), n_earlier: earlier.len() as u64 });
                }
            }
            prop_assert_eq!(latest(&found), naive.iter().max_by_key(|one| (one.began, one.review)));
            prop_assert_eq!(found, naive);
        }
    }
}
