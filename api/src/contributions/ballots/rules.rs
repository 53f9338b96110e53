//! What a ballot may say. No HTTP, no SQL.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::body::CastBallot;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// What can be voted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Contributions, and whether each is in a group.
    pub contributions: HashMap<Uuid, bool>,
    /// Groups.
    pub groups: HashSet<Uuid>,
}

/// The faults of a ballot of so many votes: each vote is for something else, a contribution that is in
/// a group is voted for with its group, and no more votes are cast than there are.
pub fn check(ballot: &CastBallot, candidates: &Candidates, votes: usize) -> Vec<Fault> {
    let mut faults = repeated("/contribution_ids", &ballot.contribution_ids);
    for (at, id) in ballot.contribution_ids.iter().enumerate() {
        let (code, detail) = match candidates.contributions.get(id) {
            None => ("not_found", "is no contribution to this workshop"),
            Some(true) => ("in_a_group", "is in a group; vote for the group"),
            Some(false) => continue,
        };
        faults.push(Fault::at(format!("/contribution_ids/{at}"), code, detail));
    }
    faults.extend(repeated("/group_ids", &ballot.group_ids));
    for (at, id) in ballot.group_ids.iter().enumerate() {
        if !candidates.groups.contains(id) {
            let detail = "is no group of this workshop";
            faults.push(Fault::at(format!("/group_ids/{at}"), "not_found", detail));
        }
    }
    let cast = ballot.contribution_ids.len() + ballot.group_ids.len();
    if cast > votes {
        let detail = format!("casts {cast} votes, and there are {votes} for each person");
        faults.push(Fault::at("", "too_many_votes", detail));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers.iter().copied().map(Uuid::from_u128).collect()
    }

    #[test]
    fn every_fault_of_a_ballot_is_told_at_once() {
        let candidates = Candidates {
            contributions: [(1, false), (2, true), (3, false)]
                .map(|(id, grouped)| (Uuid::from_u128(id), grouped))
                .into(),
            groups: ids(&[7, 8]).into_iter().collect(),
        };
        let faults = |contributions: &[u128], groups: &[u128], votes| {
            let ballot = CastBallot {
                contribution_ids: ids(contributions),
                group_ids: ids(groups),
            };
            let faults = check(&ballot, &candidates, votes).into_iter();
            faults
                .map(|fault| (fault.pointer.unwrap_or_default(), fault.code))
                .collect::<Vec<_>>()
        };
        let fault = |place: &str, code: &str| (place.to_owned(), code.to_owned());
        assert_eq!(faults(&[], &[], 1), []);
        assert_eq!(faults(&[1, 3], &[7], 3), []);
        assert_eq!(faults(&[1, 3], &[7], 2), [fault("", "too_many_votes")]);
        assert_eq!(
            faults(&[1, 1, 2, 9], &[7, 7, 1], 9),
            [
                fault("/contribution_ids/1", "repeated_item"),
                fault("/contribution_ids/2", "in_a_group"),
                fault("/contribution_ids/3", "not_found"),
                fault("/group_ids/1", "repeated_item"),
                fault("/group_ids/2", "not_found"),
            ]
        );
    }
}
