//! Whether records form a chain: each unchanged, each next to the one before, none missing.

use entity::audit_record::Model;

use crate::kernel::audit::{GENESIS, hash};

/// Why a chain is broken at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A record is missing.
    Missing,
    /// A record does not say what its hash was made of.
    Changed,
    /// A record does not hold the hash of the one before it.
    Unlinked,
    /// The chain ends before the anchor.
    Truncated,
    /// The record at the anchor has another hash.
    Rewritten,
}

/// A place and why the chain is broken there.
pub type Broken = (i64, Break);

/// A sequence and the hash that was noted for it earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The place.
    pub sequence: i64,
    /// The hash of the record there.
    pub hash: String,
}

/// Where a walk begins, what it comes by, and how far it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where an earlier walk ended; from the first record without it.
    pub after: Option<Anchor>,
    /// What was noted of the chain earlier.
    pub anchor: Option<Anchor>,
    /// How many records are walked at most.
    pub most: i64,
}

/// A walk along a chain, which remembers where it is and what comes next.
#[derive(Debug)]
pub struct Walk {
    /// The last place that was in order.
    pub sequence: i64,
    /// The hash there; unknown before the record that the walk begins with again.
    hash: Option<String>,
    /// The place that the walk counts from.
    start: i64,
    most: i64,
    noted: Vec<Anchor>,
}

impl Walk {
    /// A walk from the beginning, or on from the record where another ended.
    pub fn new(way: Way) -> Self {
        let start = way.after.as_ref().map_or(0, |after| after.sequence);
        Self {
            // That record is looked at again: it may be another by now.
            sequence: (start - 1).max(0),
            hash: way.after.is_none().then(|| GENESIS.to_owned()),
            start,
            most: way.most,
            noted: way.after.into_iter().chain(way.anchor).collect(),
        }
    }

    /// How many records are in order.
    pub fn checked(&self) -> i64 {
        (self.sequence - self.start).max(0)
    }

    /// How many more are to be walked of a chain with this head.
    pub fn left(&self, head: i64) -> u64 {
        let left = (head - self.sequence).min(self.most - self.checked());
        u64::try_from(left).unwrap_or_default()
    }

    /// The last place that was in order, for another walk to go on from.
    pub fn place(self) -> Option<Anchor> {
        Some(Anchor {
            sequence: self.sequence,
            hash: self.hash?,
        })
    }

    /// Goes on to a record, or says why the chain is broken before or at it.
    pub fn step(&mut self, record: &Model) -> Result<(), Broken> {
        let expected = self.sequence + 1;
        if record.sequence != expected {
            return Err((expected, Break::Missing));
        }
        if self
            .hash
            .as_ref()
            .is_some_and(|hash| record.previous_hash != *hash)
        {
            return Err((expected, Break::Unlinked));
        }
        if hash(record) != record.hash {
            return Err((expected, Break::Changed));
        }
        let mut noted = self.noted.iter().filter(|one| one.sequence == expected);
        if noted.any(|anchor| anchor.hash != record.hash) {
            return Err((expected, Break::Rewritten));
        }
        self.sequence = expected;
        self.hash = Some(record.hash.clone());
        Ok(())
    }

    /// Ends the walk: where that is the end of the chain, nothing beyond it was noted.
    pub fn end(&self, head: i64) -> Result<(), Broken> {
        let beyond = self.noted.iter().any(|anchor| anchor.sequence > head);
        if self.sequence >= head && beyond {
            return Err((head + 1, Break::Truncated));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::Timestamp;
    use entity::organization::OrganizationId;
    use uuid::Uuid;

    use super::*;

    fn chain(length: i64) -> Vec<Model> {
        let mut previous = GENESIS.to_owned();
        let link = |sequence: i64| {
            let mut record = Model {
                id: Uuid::from_u128(sequence.unsigned_abs().into()),
                organization_id: OrganizationId(Uuid::nil()),
                sequence,
                at: Timestamp::from_micros(sequence).expect("within what can be told"),
                actor_subject: "key:1".to_owned(),
                actor_name: "one".to_owned(),
                request_id: "r".to_owned(),
                action: "incident.create".to_owned(),
                resource_type: "incident".to_owned(),
                resource_id: Uuid::nil(),
                review_id: None,
                before: None,
                after: Some("{}".to_owned()),
                previous_hash: previous.clone(),
                hash: String::new(),
            };
            record.hash = hash(&record);
            previous.clone_from(&record.hash);
            record
        };
        (1..=length).map(link).collect()
    }

    /// Walks as the service does.
    fn walked(records: &[Model], head: i64, way: Way) -> (Walk, Result<(), Broken>) {
        let mut walk = Walk::new(way);
        loop {
            let left = usize::try_from(walk.left(head)).expect("few");
            let ahead = records.iter().filter(|one| one.sequence > walk.sequence);
            let ahead: Vec<_> = ahead.take(left).collect();
            let outcome = match (left, ahead.is_empty()) {
                (0, _) => walk.end(head),
                (_, true) => Err((walk.sequence + 1, Break::Missing)),
                _ => match ahead.into_iter().try_for_each(|record| walk.step(record)) {
                    Ok(()) => continue,
                    broken => broken,
                },
            };
            return (walk, outcome);
        }
    }

    fn walk(records: &[Model], head: i64, anchor: Option<Anchor>) -> Result<(), Broken> {
        let way = Way {
            after: None,
            anchor,
            most: i64::MAX,
        };
        walked(records, head, way).1
    }

    #[test]
    fn a_whole_chain_is_valid_and_so_is_an_empty_one() {
        assert_eq!(walk(&chain(5), 5, None), Ok(()));
        assert_eq!(walk(&[], 0, None), Ok(()));
    }

    #[test]
    fn every_field_of_a_record_is_covered() {
        let changes: &[fn(&mut Model)] = &[
            |r| r.id = Uuid::max(),
            |r| r.organization_id = OrganizationId(Uuid::max()),
            |r| r.at = Timestamp::from_micros(99).expect("within what can be told"),
            |r| r.actor_subject.push('x'),
            |r| r.actor_name.push('x'),
            |r| r.request_id.push('x'),
            |r| r.action.push('x'),
            |r| r.resource_type.push('x'),
            |r| r.resource_id = Uuid::max(),
            |r| r.review_id = Some(Uuid::nil()),
            |r| r.before = Some(String::new()),
            |r| r.after = None,
            |r| r.hash.push('0'),
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut records = chain(3);
            change(&mut records[1]);
            assert_eq!(
                walk(&records, 3, None),
                Err((2, Break::Changed)),
                "change {at}"
            );
        }
    }

    #[test]
    fn removed_reordered_and_relinked_records_are_found() {
        let mut removed = chain(4);
        removed.remove(1);
        assert_eq!(walk(&removed, 4, None), Err((2, Break::Missing)));
        let mut beheaded = chain(4);
        beheaded.remove(0);
        assert_eq!(walk(&beheaded, 4, None), Err((1, Break::Missing)));
        assert_eq!(walk(&chain(3), 4, None), Err((4, Break::Missing)));

        let mut swapped = chain(4);
        swapped.swap(1, 2);
        (swapped[1].sequence, swapped[2].sequence) = (2, 3);
        assert_eq!(walk(&swapped, 4, None), Err((2, Break::Unlinked)));

        let mut rehashed = chain(4);
        rehashed[1].action.push('x');
        rehashed[1].hash = hash(&rehashed[1]);
        assert_eq!(walk(&rehashed, 4, None), Err((3, Break::Unlinked)));
    }

    #[test]
    fn an_anchor_shows_a_cut_and_a_rewritten_chain() {
        let records = chain(4);
        let anchor = |sequence: i64, hash: &str| {
            Some(Anchor {
                sequence,
                hash: hash.to_owned(),
            })
        };
        let noted = anchor(4, &records[3].hash);
        assert_eq!(walk(&records, 4, noted.clone()), Ok(()));
        assert_eq!(walk(&records, 4, anchor(0, GENESIS)), Ok(()));
        assert_eq!(walk(&records[..2], 2, noted), Err((3, Break::Truncated)));
        assert_eq!(
            walk(&records, 4, anchor(3, &records[3].hash)),
            Err((3, Break::Rewritten))
        );
    }

    #[test]
    fn parts_of_a_walk_find_what_the_whole_walk_finds() {
        let whole = chain(7);
        for most in 1..=8 {
            let (mut after, mut checked, mut parts) = (None, 0, 0);
            loop {
                let anchor = None;
                let (walk, outcome) = walked(
                    &whole,
                    7,
                    Way {
                        after,
                        anchor,
                        most,
                    },
                );
                assert_eq!(outcome, Ok(()));
                checked += walk.checked();
                parts += 1;
                after = walk.place();
                if checked == 7 {
                    break;
                }
            }
            assert_eq!(parts, (7 + most - 1) / most, "in parts of {most}");
        }
    }

    #[test]
    fn a_walk_goes_on_only_from_the_record_where_it_ended() {
        let records = chain(6);
        let (walk, _) = walked(
            &records,
            6,
            Way {
                after: None,
                anchor: None,
                most: 3,
            },
        );
        let after = walk.place();
        let goes_on = |records: &[Model], head: i64| {
            let (after, anchor) = (after.clone(), None);
            let (walk, outcome) = walked(
                records,
                head,
                Way {
                    after,
                    anchor,
                    most: 9,
                },
            );
            (walk.checked(), outcome)
        };
        assert_eq!(goes_on(&records, 6), (3, Ok(())));
        assert_eq!(goes_on(&records[..3], 3), (0, Ok(())));
        let mut other = records.clone();
        other[2].action.push('x');
        assert_eq!(goes_on(&other, 6), (0, Err((3, Break::Changed))));
        other[2].hash = hash(&other[2]);
        assert_eq!(goes_on(&other, 6), (0, Err((3, Break::Rewritten))));
        let mut later = records.clone();
        later[4].action.push('x');
        assert_eq!(goes_on(&later, 6), (1, Err((5, Break::Changed))));
        assert_eq!(goes_on(&records[..2], 2), (0, Err((3, Break::Truncated))));
        let mut removed = records.clone();
        removed.remove(2);
        assert_eq!(goes_on(&removed, 6), (0, Err((3, Break::Missing))));
    }
}
