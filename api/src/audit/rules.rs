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

/// A walk along a chain, which remembers where it is and what comes next.
#[derive(Debug)]
pub struct Walk {
    /// The last place that was in order.
    pub sequence: i64,
    /// The hash there.
    hash: String,
    anchor: Option<Anchor>,
}

impl Walk {
    /// A walk from the beginning, past an anchor if there is one.
    pub fn new(anchor: Option<Anchor>) -> Self {
        Self {
            sequence: 0,
            hash: GENESIS.to_owned(),
            anchor,
        }
    }

    /// Goes on to a record, or says why the chain is broken before or at it.
    pub fn step(&mut self, record: &Model) -> Result<(), Broken> {
        let expected = self.sequence + 1;
        if record.sequence != expected {
            return Err((expected, Break::Missing));
        }
        if record.previous_hash != self.hash {
            return Err((expected, Break::Unlinked));
        }
        if hash(record) != record.hash {
            return Err((expected, Break::Changed));
        }
        let noted = self.anchor.as_ref().filter(|one| one.sequence == expected);
        if noted.is_some_and(|anchor| anchor.hash != record.hash) {
            return Err((expected, Break::Rewritten));
        }
        self.sequence = expected;
        self.hash.clone_from(&record.hash);
        Ok(())
    }

    /// Ends the walk where the chain is said to end.
    pub fn end(&self, head: i64) -> Result<(), Broken> {
        if self.sequence < head {
            return Err((self.sequence + 1, Break::Missing));
        }
        let beyond = self
            .anchor
            .as_ref()
            .is_some_and(|anchor| anchor.sequence > self.sequence);
        if beyond {
            return Err((self.sequence + 1, Break::Truncated));
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

    fn walk(records: &[Model], head: i64, anchor: Option<Anchor>) -> Result<(), Broken> {
        let mut walk = Walk::new(anchor);
        records.iter().try_for_each(|record| walk.step(record))?;
        walk.end(head)
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
}
