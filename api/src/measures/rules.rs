//! What an improvement measure may be. Pure.

use entity::vocabulary::MeasureMetric;

use super::input::{DefineMeasure, MeasureWindow};
use crate::kernel::error::Fault;
use crate::references::repeated;

/// The shortest time that is compared.
const SHORTEST_SECONDS: i64 = 86_400;

/// The faults of a measure that its schema cannot show.
pub fn check(measure: &DefineMeasure) -> Vec<Fault> {
    let mut faults = Vec::new();
    match (measure.metric, measure.duration) {
        (MeasureMetric::ResponseDuration, None) => faults.push(Fault::at(
            "/duration",
            "required",
            "says which duration is compared",
        )),
        (MeasureMetric::IncidentCount, Some(_)) => faults.push(Fault::at(
            "/duration",
            "not_applicable",
            "is only for response_duration",
        )),
        _ => {}
    }
    faults.extend(window_fault("/baseline", measure.baseline));
    faults.extend(window_fault("/evaluation", measure.evaluation));
    if measure.evaluation.from < measure.baseline.to {
        let detail = "must not be before the baseline is over";
        faults.push(Fault::at("/evaluation/from", "overlaps_baseline", detail));
    }
    let criteria = &measure.criteria;
    faults.extend(repeated("/criteria/severities", &criteria.severities));
    faults.extend(repeated("/criteria/categories", &criteria.categories));
    faults.extend(repeated("/criteria/certainties", &criteria.certainties));
    faults.extend(repeated(
        "/criteria/detection_sources",
        &criteria.detection_sources,
    ));
    faults.extend(repeated("/criteria/tags", &criteria.tags));
    faults.extend(repeated(
        "/criteria/attack_techniques",
        &criteria.attack_techniques,
    ));
    faults.extend(repeated(
        "/criteria/cause_categories",
        &criteria.cause_categories,
    ));
    faults.extend(repeated("/action_ids", &measure.action_ids));
    faults
}

fn window_fault(pointer: &str, window: MeasureWindow) -> Option<Fault> {
    let shortest = window.from.plus_seconds(SHORTEST_SECONDS);
    let too_short = window.to < shortest || shortest == window.from;
    too_short.then(|| {
        Fault::at(
            format!("{pointer}/to"),
            "too_early",
            "must be at least a day after its beginning",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn faults(own: Value) -> Vec<(String, String)> {
        let mut body = json!({
            "title": "Fewer",
            "metric": "incident_count",
            "baseline": { "from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z" },
            "evaluation": { "from": "2026-04-01T00:00:00Z", "to": "2026-07-01T00:00:00Z" },
        });
        for (name, value) in own.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let measure = serde_json::from_value(body).expect("a measure");
        let faults = check(&measure).into_iter();
        faults
            .map(|fault| (fault.pointer.unwrap_or_default(), fault.code))
            .collect()
    }

    #[test]
    fn a_measure_is_judged_as_a_whole() {
        let window = |from: &str, to: &str| json!({ "from": from, "to": to });
        let first = "2026-01-01T00:00:00Z";
        for (own, expected) in [
            (json!({}), vec![]),
            (
                json!({ "metric": "response_duration" }),
                vec![("/duration", "required")],
            ),
            (
                json!({ "duration": "dwell_time" }),
                vec![("/duration", "not_applicable")],
            ),
            (
                json!({ "metric": "response_duration", "duration": "dwell_time" }),
                vec![],
            ),
            (
                json!({ "baseline": window(first, "2026-01-01T23:59:59Z") }),
                vec![("/baseline/to", "too_early")],
            ),
            (
                json!({ "baseline": window(first, "2026-01-02T00:00:00Z") }),
                vec![],
            ),
            (
                json!({ "evaluation": window("2026-03-31T23:59:59.999999Z", first) }),
                vec![
                    ("/evaluation/to", "too_early"),
                    ("/evaluation/from", "overlaps_baseline"),
                ],
            ),
            (
                json!({ "evaluation": window("9999-12-31T12:00:00Z", "9999-12-31T13:00:00Z") }),
                vec![("/evaluation/to", "too_early")],
            ),
            (
                json!({
                    "criteria": { "tags": ["vpn", "vpn"], "severities": ["high", "low", "high"] },
                    "action_ids": ["0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11", "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11"],
                }),
                vec![
                    ("/criteria/severities/2", "repeated_item"),
                    ("/criteria/tags/1", "repeated_item"),
                    ("/action_ids/1", "repeated_item"),
                ],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(at, code)| (at.to_owned(), code.to_owned()))
                .collect();
            assert_eq!(faults(own.clone()), expected, "{own}");
        }
    }
}
