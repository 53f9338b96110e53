//! What a communication may say, and how long it took. No HTTP, no SQL, no clock.

use entity::Timestamp;
use entity::vocabulary::{CommunicationChannel, ContentClass, TimePrecision};

use super::body::AppendCommunication;
use crate::append_only::rules::in_the_future;
use crate::kernel::error::Fault;
use crate::references::repeated;

/// The faults of a communication, beyond what its schema says.
pub fn check(communication: &AppendCommunication, now: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(in_the_future("/sent_at", communication.sent_at, now));
    if let Some(received) = communication.received_at {
        faults.extend(in_the_future("/received_at", received, now));
        if received < communication.sent_at {
            let detail = "must not be before sent_at";
            faults.push(Fault::at("/received_at", "before_sent", detail));
        }
    }
    let is_other = communication.channel == CommunicationChannel::Other
        || communication.content_class == ContentClass::Other;
    if is_other && communication.summary.is_none() {
        let detail = "is required where channel or content_class is other";
        faults.push(Fault::at("/summary", "required", detail));
    }
    faults.extend(repeated("/event_ids", &communication.event_ids));
    faults
}

/// How many whole seconds a communication took, where its times are known well enough to tell.
pub fn delay_seconds(
    sent: Timestamp,
    received: Option<Timestamp>,
    precision: TimePrecision,
) -> Option<i64> {
    match precision {
        TimePrecision::Exact | TimePrecision::Minute | TimePrecision::Hour => {
            Some((received?.micros() - sent.micros()) / 1_000_000)
        }
        TimePrecision::Day
        | TimePrecision::Month
        | TimePrecision::Year
        | TimePrecision::Estimated
        | TimePrecision::Range => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("an instant")
    }

    #[test]
    fn all_faults_of_a_communication_are_told_at_once() {
        let event = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
        let whole = serde_json::json!({
            "sent_at": "2026-01-02T00:00:00Z",
            "received_at": "2026-01-01T12:00:00Z",
            "from_role": "SOC", "to_audience": "Crisis team",
            "channel": "other", "direction": "internal", "content_class": "warning",
            "event_ids": [event, event],
        });
        let communication = serde_json::from_value(whole).expect("well-formed");
        let faults = check(&communication, at("2026-01-01T00:00:00Z"));
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| (fault.pointer.as_deref().unwrap_or_default(), &*fault.code))
            .collect();
        let expected = [
            ("/sent_at", "in_the_future"),
            ("/received_at", "in_the_future"),
            ("/received_at", "before_sent"),
            ("/summary", "required"),
            ("/event_ids/1", "repeated_item"),
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn a_delay_is_told_only_where_the_times_are_known_well_enough() {
        use TimePrecision::{Day, Estimated, Exact, Hour, Minute, Month, Range, Year};
        let (sent, received) = (at("2026-01-01T00:00:00.9Z"), at("2026-01-01T01:30:00Z"));
        for precision in [Exact, Minute, Hour] {
            let delay = delay_seconds(sent, Some(received), precision);
            assert_eq!(delay, Some(5_399), "{precision}");
        }
        for precision in [Day, Month, Year, Estimated, Range] {
            assert_eq!(delay_seconds(sent, Some(received), precision), None);
        }
        assert_eq!(delay_seconds(sent, None, Exact), None);
        assert_eq!(delay_seconds(sent, Some(sent), Exact), Some(0));
    }
}
