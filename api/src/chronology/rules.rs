//! What an event may say. No HTTP, no SQL, no clock.

use entity::Timestamp;

use super::body::AppendEvent;
use crate::append_only::rules::in_the_future;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// The faults of an event, beyond what its schema says.
pub fn check(event: &AppendEvent, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(in_the_future("/occurred_at", event.occurred_at, now));
    if let Some(ended) = event.ended_at {
        faults.extend(in_the_future("/ended_at", ended, now));
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
