//! What a decision may say. No HTTP, no SQL, no clock.

use entity::Timestamp;

use super::body::AppendDecision;
use crate::append_only::rules::in_the_future;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// The faults of a decision, beyond what its schema says.
pub fn check(decision: &AppendDecision, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(in_the_future("/decided_at", decision.decided_at, now));
    if decision.decider_participant_id.is_none() && decision.decider_role.is_none() {
        let detail = "is required where no participant is named";
        faults.push(Fault::at("/decider_role", "required", detail));
    }
    let options: Vec<&str> = decision
        .options
        .iter()
        .map(|one| one.option.as_str())
        .collect();
    faults.extend(repeated("/options", &options));
    faults.extend(repeated("/event_ids", &decision.event_ids));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_of_a_decision_are_told_at_once() {
        let now = Timestamp::parse("2026-01-01T00:00:00Z").expect("an instant");
        let event = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
        let whole = serde_json::json!({
            "decided_at": "2026-01-01T00:10:00Z",
            "decision": "x",
            "options": [{ "option": "a" }, { "option": "b", "chosen": true }, { "option": "a" }],
            "event_ids": [event, event],
        });
        let mut decision: AppendDecision = serde_json::from_value(whole).expect("well-formed");
        let faults = |decision: &AppendDecision| -> Vec<(String, String)> {
            let faults = check(decision, now).into_iter();
            faults
                .map(|fault| (fault.pointer.unwrap_or_default(), fault.code))
                .collect()
        };
        let expected = [
            ("/decided_at", "in_the_future"),
            ("/decider_role", "required"),
            ("/options/2", "repeated_item"),
            ("/event_ids/1", "repeated_item"),
        ];
        assert_eq!(
            faults(&decision),
            expected.map(|(a, b)| (a.into(), b.into()))
        );
        decision.decided_at = now;
        decision.decider_role = Some("Scribe".to_owned());
        decision.options.pop();
        decision.event_ids.pop();
        assert_eq!(faults(&decision), []);
    }
}
