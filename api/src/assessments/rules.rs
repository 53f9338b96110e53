//! What an assessment may say. No HTTP, no SQL, no clock.

use std::collections::HashSet;

use entity::assessment::AssessmentPoint;
use entity::vocabulary::AssessmentRating;
use uuid::Uuid;

use super::body::PutAssessment;
use crate::kernel::error::Fault;
use crate::references::{repeated, unknown};

/// The lists of an assessment with their places.
fn lists(assessment: &PutAssessment) -> [(&'static str, &[AssessmentPoint]); 2] {
    [
        ("/strengths", &assessment.strengths),
        ("/weaknesses", &assessment.weaknesses),
    ]
}

/// Every event that the points of an assessment name.
pub fn events(assessment: &PutAssessment) -> Vec<Uuid> {
    let points = lists(assessment).into_iter().flat_map(|(_, list)| list);
    let events: HashSet<Uuid> = points
        .flat_map(|point| point.event_ids.iter().copied())
        .collect();
    events.into_iter().collect()
}

/// The faults of an assessment, beyond what its schema says; `known` are the events it names that
/// are there.
pub fn check(assessment: &PutAssessment, known: &HashSet<Uuid>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let applies = assessment.rating != AssessmentRating::NotApplicable;
    match (applies, assessment.not_applicable_reason.is_some()) {
        (true, true) => faults.push(Fault::at(
            "/not_applicable_reason",
            "not_for_this_rating",
            "is only for not_applicable",
        )),
        (false, false) => faults.push(Fault::at(
            "/not_applicable_reason",
            "required",
            "is required for not_applicable",
        )),
        _ => {}
    }
    for (place, list) in lists(assessment) {
        if !applies && !list.is_empty() {
            let detail = "is empty where the dimension does not apply";
            faults.push(Fault::at(place, "not_for_this_rating", detail));
        }
        let texts: Vec<&str> = list.iter().map(|point| point.text.as_str()).collect();
        faults.extend(repeated(place, &texts));
        for (at, point) in list.iter().enumerate() {
            let place = format!("{place}/{at}/event_ids");
            faults.extend(unknown(&place, &point.event_ids, known, "event"));
            faults.extend(repeated(&place, &point.event_ids));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assessment(rating: &str) -> PutAssessment {
        serde_json::from_value(json!({ "rating": rating })).expect("well-formed")
    }

    fn point(text: &str, events: &[u128]) -> AssessmentPoint {
        AssessmentPoint {
            text: text.to_owned(),
            event_ids: events.iter().copied().map(Uuid::from_u128).collect(),
        }
    }

    fn faults(assessment: &PutAssessment, known: &[u128]) -> Vec<(String, String)> {
        let known = known.iter().copied().map(Uuid::from_u128).collect();
        let faults = check(assessment, &known).into_iter();
        faults
            .map(|fault| (fault.pointer.unwrap_or_default(), fault.code))
            .collect()
    }

    #[test]
    fn a_reason_is_for_what_does_not_apply() {
        let reason = Some("no data was lost".to_owned());
        for (rating, reason, expected) in [
            ("effective", None, None),
            ("effective", reason.clone(), Some("not_for_this_rating")),
            ("not_applicable", None, Some("required")),
            ("not_applicable", reason, None),
        ] {
            let mut assessment = assessment(rating);
            assessment.not_applicable_reason = reason;
            let place = "/not_applicable_reason".to_owned();
            let expected: Vec<_> = expected
                .map(|code| (place, code.to_owned()))
                .into_iter()
                .collect();
            assert_eq!(faults(&assessment, &[]), expected, "{rating}");
        }
    }

    #[test]
    fn points_name_events_that_are_there_once() {
        let mut assessment = assessment("effective");
        assessment.strengths = vec![point("a", &[1, 2, 1]), point("b", &[]), point("a", &[])];
        assessment.weaknesses = vec![point("a", &[3])];
        let mut named = events(&assessment);
        named.sort();
        assert_eq!(named, [1, 2, 3].map(Uuid::from_u128));
        let expected = [
            ("/strengths/2", "repeated_item"),
            ("/strengths/0/event_ids/1", "not_found"),
            ("/strengths/0/event_ids/2", "repeated_item"),
            ("/weaknesses/0/event_ids/0", "not_found"),
        ];
        let expected = expected.map(|(place, code)| (place.to_owned(), code.to_owned()));
        assert_eq!(faults(&assessment, &[1]), expected);
    }

    #[test]
    fn what_does_not_apply_went_neither_well_nor_badly() {
        let mut assessment = assessment("not_applicable");
        assessment.not_applicable_reason = Some("x".to_owned());
        assessment.weaknesses = vec![point("a", &[])];
        let expected = ("/weaknesses".to_owned(), "not_for_this_rating".to_owned());
        assert_eq!(faults(&assessment, &[]), [expected]);
    }
}
