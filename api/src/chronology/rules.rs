//! What an event may say, and which reviews take events. No HTTP, no SQL, no clock.

use entity::Timestamp;
use entity::vocabulary::ReviewStatus;

use super::body::AppendEvent;
use crate::incidents::rules::FUTURE_SECONDS;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// What is done to a chronology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something new is put in.
    Append,
    /// Something in it is amended or retracted.
    Amend,
}

/// Whether a review in this state takes the step. What is published changes by amendment only.
pub fn takes(status: ReviewStatus, step: Step) -> bool {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    match (status, step) {
        (Draft | InProgress | InReview, _) | (Published | Closed, Step::Amend) => true,
        (Published | Closed, Step::Append) | (Waived | Cancelled, _) => false,
    }
}

/// The faults of an event, beyond what its schema says.
pub fn check(event: &AppendEvent, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    let latest = now.plus_seconds(FUTURE_SECONDS);
    if event.occurred_at > latest {
        faults.push(Fault::at(
            "/occurred_at",
            "in_the_future",
            "lies in the future",
        ));
    }
    if let Some(ended) = event.ended_at {
        if ended > latest {
            faults.push(Fault::at(
                "/ended_at",
                "in_the_future",
                "lies in the future",
            ));
        }
        if ended < event.occurred_at {
            faults.push(Fault::at(
                "/ended_at",
                "before_start",
                "must not be before occurred_at",
            ));
        }
    }
    if event.external_id.is_some() && event.source.is_none() {
        faults.push(Fault::at(
            "/source",
            "required",
            "is required with external_id",
        ));
    }
    faults.extend(repeated("/marks", &event.marks));
    faults.extend(repeated("/attack_techniques", &event.attack_techniques));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::ReviewStatus::{
        Cancelled, Closed, Draft, InProgress, InReview, Published, Waived,
    };

    #[test]
    fn every_state_says_what_its_chronology_takes() {
        let table = [
            (Draft, true, true),
            (InProgress, true, true),
            (InReview, true, true),
            (Published, false, true),
            (Closed, false, true),
            (Waived, false, false),
            (Cancelled, false, false),
        ];
        for (status, append, amend) in table {
            assert_eq!(takes(status, Step::Append), append, "{status}");
            assert_eq!(takes(status, Step::Amend), amend, "{status}");
        }
    }

    #[test]
    fn all_faults_of_an_event_are_told_at_once() {
        let event: AppendEvent = serde_json::from_value(serde_json::json!({
            "occurred_at": "2026-01-02T00:00:00Z",
            "ended_at": "2026-01-01T00:00:00Z",
            "kind": "alert",
            "summary": "x",
            "external_id": "1",
            "marks": ["detected", "detected"],
        }))
        .expect("well-formed");
        let now = Timestamp::parse("2025-12-31T00:00:00Z").expect("an instant");
        let faults: Vec<_> = check(&event, now)
            .into_iter()
            .filter_map(|f| f.pointer)
            .collect();
        assert_eq!(
            faults,
            [
                "/occurred_at",
                "/ended_at",
                "/ended_at",
                "/source",
                "/marks/1"
            ]
        );
    }
}
