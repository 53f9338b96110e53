//! Which time of a milestone counts, and what a sender may say of one.

use std::collections::BTreeMap;

use entity::Timestamp;
use entity::incident::{EventTime, KnownTime, MilestoneTime, Milestones, OverriddenTime};
use entity::vocabulary::{IncidentStatus, Milestone};

use super::input::IncidentTime;
use crate::kernel::error::Fault;

/// Which of a milestone's sources was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// An override on the incident.
    Override,
    /// An event of a chronology.
    Event,
    /// The sender of the incident.
    Reported,
}

/// The time of a milestone that counts: an override wins over an event, an event over a report.
pub fn effective(time: &MilestoneTime) -> Option<(&KnownTime, TimeSource)> {
    let overridden = time
        .overridden
        .as_ref()
        .map(|o| (&o.time, TimeSource::Override));
    let event = time.event.as_ref().map(|e| (&e.time, TimeSource::Event));
    let reported = time.reported.as_ref().map(|r| (r, TimeSource::Reported));
    overridden.or(event).or(reported)
}

/// Takes what a sender reports of the milestones. What events mark stays, and so does what somebody
/// decided, unless the sender decides otherwise.
pub fn merge_reported(
    stored: &Milestones,
    given: &BTreeMap<Milestone, IncidentTime>,
) -> Milestones {
    merge(stored, given, |_, time| MilestoneTime {
        reported: None,
        ..time.clone()
    })
}

/// Takes what an editor says of the milestones; what events mark stays. Who takes back an override,
/// by removing its reason or the milestone, gets back what it had won over.
pub fn merge_edited(stored: &Milestones, given: &BTreeMap<Milestone, IncidentTime>) -> Milestones {
    let taken_back = |milestone: &Milestone, given: Option<&IncidentTime>| {
        let decided = stored
            .get(milestone)
            .and_then(|time| time.overridden.as_ref());
        decided.is_some_and(|decided| {
            given.is_none_or(|given| {
                given.override_reason.is_none() && given.known() == decided.time
            })
        })
    };
    let mut said = given.clone();
    said.retain(|milestone, time| !taken_back(milestone, Some(time)));
    merge(stored, &said, |milestone, time| MilestoneTime {
        reported: if taken_back(milestone, given.get(milestone)) {
            time.reported.clone()
        } else {
            None
        },
        event: time.event.clone(),
        overridden: None,
    })
}

/// What `kept` leaves of each milestone, and over it what is given.
fn merge(
    stored: &Milestones,
    given: &BTreeMap<Milestone, IncidentTime>,
    kept: impl Fn(&Milestone, &MilestoneTime) -> MilestoneTime,
) -> Milestones {
    let mut merged: Milestones = stored
        .iter()
        .map(|(milestone, time)| (*milestone, kept(milestone, time)))
        .collect();
    for (milestone, time) in given {
        let entry = merged.entry(*milestone).or_default();
        let known = time.known();
        match &time.override_reason {
            Some(reason) => {
                entry.reported = stored
                    .get(milestone)
                    .and_then(|stored| stored.reported.clone());
                entry.overridden = Some(OverriddenTime {
                    time: known,
                    reason: reason.clone(),
                });
            }
            None => entry.reported = Some(known),
        }
    }
    merged.retain(|_, time| effective(time).is_some());
    merged
}

/// What a sender or an editor said of the milestones, as they can say it again.
pub fn given(stored: &Milestones) -> BTreeMap<Milestone, IncidentTime> {
    stored
        .iter()
        .filter_map(|(milestone, time)| {
            let said = match (&time.overridden, &time.reported) {
                (Some(decided), _) => IncidentTime::of(&decided.time, Some(decided.reason.clone())),
                (None, Some(reported)) => IncidentTime::of(reported, None),
                (None, None) => return None,
            };
            Some((*milestone, said))
        })
        .collect()
}

/// Replaces what events mark; the milestones that are not in `marked` lose their event.
pub fn merge_marked(stored: &Milestones, marked: &BTreeMap<Milestone, EventTime>) -> Milestones {
    let mut merged = stored.clone();
    for time in merged.values_mut() {
        time.event = None;
    }
    for (milestone, time) in marked {
        merged.entry(*milestone).or_default().event = Some(time.clone());
    }
    merged.retain(|_, time| effective(time).is_some());
    merged
}

/// When an incident counts as closed: at its milestone `closed`, or else when its status became
/// that, which was `before` or is now.
pub fn closed_at(
    status: IncidentStatus,
    milestones: &Milestones,
    before: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    let marked = milestones.get(&Milestone::Closed).and_then(effective);
    match marked {
        Some((known, _)) => Some(known.at),
        None if status == IncidentStatus::Closed => before.or(Some(now)),
        None => None,
    }
}

/// The faults of what is said of the milestones.
pub fn check_times(given: &BTreeMap<Milestone, IncidentTime>, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (milestone, time) in given {
        let at = format!("/timestamps/{milestone}");
        if time.at > now.plus_seconds(FUTURE_SECONDS) {
            faults.push(Fault::at(
                format!("{at}/at"),
                "in_the_future",
                "lies in the future",
            ));
        }
        match (time.earliest, time.latest) {
            (Some(earliest), Some(latest)) if earliest > latest => faults.push(Fault::at(
                format!("{at}/latest"),
                "before_earliest",
                "must not be before earliest",
            )),
            (earliest, latest)
                if earliest.is_some_and(|e| e > time.at) || latest.is_some_and(|l| l < time.at) =>
            {
                faults.push(Fault::at(
                    format!("{at}/at"),
                    "outside_range",
                    "must lie between earliest and latest",
                ));
            }
            _ => {}
        }
    }
    faults
}

/// How far ahead of our clock a sender's may be.
pub const FUTURE_SECONDS: i64 = 300;

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::{TimeBasis, TimePrecision};

    fn known(seconds: i64) -> KnownTime {
        KnownTime {
            at: Timestamp::from_micros(seconds * 1_000_000).expect("in range"),
            precision: TimePrecision::Exact,
            basis: TimeBasis::Event,
            earliest: None,
            latest: None,
        }
    }

    #[test]
    fn an_override_wins_over_an_event_and_an_event_over_a_report() {
        let mut time = MilestoneTime {
            reported: Some(known(1)),
            ..MilestoneTime::default()
        };
        assert_eq!(
            effective(&time).map(|(_, source)| source),
            Some(TimeSource::Reported)
        );
        time.event = Some(EventTime {
            time: known(2),
            event_id: uuid::Uuid::nil(),
        });
        assert_eq!(
            effective(&time).map(|(_, source)| source),
            Some(TimeSource::Event)
        );
        time.overridden = Some(OverriddenTime {
            time: known(3),
            reason: "log".to_owned(),
        });
        assert_eq!(
            effective(&time).map(|(_, source)| source),
            Some(TimeSource::Override)
        );
    }

    #[test]
    fn what_was_decided_survives_a_report_but_no_other_decision() {
        let decided = |seconds| {
            let time = IncidentTime::of(&known(seconds), Some("log".to_owned()));
            BTreeMap::from([(Milestone::Detected, time)])
        };
        let told = |seconds| {
            let time = IncidentTime::of(&known(seconds), None);
            BTreeMap::from([(Milestone::Detected, time)])
        };
        let at = |merged: &Milestones| {
            effective(&merged[&Milestone::Detected]).map(|(time, _)| time.clone())
        };
        let first = merge_reported(&Milestones::new(), &told(1));
        let edited = merge_edited(&first, &decided(2));
        let again = merge_reported(&edited, &told(3));
        assert_eq!(at(&again), Some(known(2)));
        assert_eq!(again[&Milestone::Detected].reported, Some(known(3)));
        let silent = merge_reported(&again, &BTreeMap::new());
        assert_eq!(at(&silent), Some(known(2)));
        assert_eq!(at(&merge_reported(&silent, &decided(4))), Some(known(4)));
        // Who takes it back gets what was reported, and who says another time replaces both.
        for (given, expected) in [
            (BTreeMap::new(), 3),
            (told(2), 3),
            (told(5), 5),
            (decided(2), 2),
        ] {
            assert_eq!(at(&merge_edited(&again, &given)), Some(known(expected)));
        }
        assert!(merge_edited(&first, &BTreeMap::new()).is_empty());
    }

    #[test]
    fn an_incident_is_closed_by_its_milestone_or_its_status() {
        let at = |seconds: i64| known(seconds).at;
        let marked = Milestones::from([(
            Milestone::Closed,
            MilestoneTime {
                reported: Some(known(5)),
                ..MilestoneTime::default()
            },
        )]);
        let unmarked = Milestones::new();
        let (before, now) = (at(7), at(9));
        for (status, milestones, before, expected) in [
            (IncidentStatus::Open, &unmarked, None, None),
            (IncidentStatus::Open, &unmarked, Some(before), None),
            (IncidentStatus::Recovered, &marked, None, Some(at(5))),
            (IncidentStatus::Closed, &marked, Some(before), Some(at(5))),
            (IncidentStatus::Closed, &unmarked, None, Some(now)),
            (
                IncidentStatus::Closed,
                &unmarked,
                Some(before),
                Some(before),
            ),
        ] {
            let found = closed_at(status, milestones, before, now);
            assert_eq!(found, expected, "{status} {before:?}");
        }
    }

    #[test]
    fn what_events_mark_survives_a_new_report_and_leaves_with_the_event() {
        let marked = EventTime {
            time: known(2),
            event_id: uuid::Uuid::nil(),
        };
        let stored = merge_marked(
            &Milestones::new(),
            &BTreeMap::from([(Milestone::Detected, marked.clone())]),
        );
        let said = BTreeMap::from([(Milestone::Detected, IncidentTime::of(&known(1), None))]);
        let merged = merge_reported(&stored, &said);
        assert_eq!(merged[&Milestone::Detected].event, Some(marked));
        assert_eq!(merged[&Milestone::Detected].reported, Some(known(1)));
        let without = merge_marked(&merged, &BTreeMap::new());
        assert_eq!(without[&Milestone::Detected].event, None);
        assert!(merge_marked(&stored, &BTreeMap::new()).is_empty());
    }
}
