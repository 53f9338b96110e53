//! That the cases say what the reports say, and fit together.

use std::collections::HashSet;

use entity::vocabulary::{FindingKind, Milestone};

use super::*;
use crate::attack;

fn seconds(case: &Case, from: Milestone, to: Milestone) -> i64 {
    let at = |milestone| {
        let mut marking = case.events.iter().filter(|e| e.marks.contains(&milestone));
        let event = marking.next().expect("a marking event");
        assert!(marking.next().is_none(), "{milestone} is marked twice");
        event.occurred_at.seconds()
    };
    at(to) - at(from)
}

#[test]
fn the_data_keep_to_the_schemas_of_the_requests() {
    let [health, provider] = all().expect("valid data");
    assert_eq!(health.events.len(), 32);
    assert_eq!(provider.events.len(), 24);
}

#[test]
fn the_marks_give_the_durations_that_the_reports_state() {
    use Milestone::{
        Acknowledged, Compromised, Contained, Declared, Detected, Eradicated, ImpactStarted,
        Reported,
    };
    let [health, provider] = all().expect("valid data");
    assert_eq!(seconds(&provider, Compromised, Detected), 801_431);
    assert_eq!(seconds(&provider, Detected, Acknowledged), 720);
    assert_eq!(seconds(&provider, Detected, Contained), 19_860);
    assert_eq!(seconds(&provider, Detected, Eradicated), 71_940);
    assert_eq!(seconds(&health, ImpactStarted, Reported), 6_600);
    assert_eq!(seconds(&health, ImpactStarted, Detected), 12_960);
    assert_eq!(seconds(&health, Detected, Declared), 300);
    assert_eq!(seconds(&health, Compromised, Detected) / 86_400, 57);
}

#[test]
fn every_name_in_a_case_is_one_of_the_case() {
    for case in all().expect("valid data") {
        let mut events = HashSet::new();
        for event in &case.events {
            let name = event.external_id.as_deref().expect("a name");
            assert!(events.insert(name), "{name} is there twice");
        }
        let mut findings = HashSet::new();
        for one in &case.findings {
            let parent = one.reason_for.as_deref();
            assert!(parent.is_none_or(|name| findings.contains(name)), "{one:?}");
            assert!(one.rests_on.iter().all(|e| events.contains(e.as_str())));
            assert!(findings.insert(one.name.as_str()), "{one:?}");
        }
        for one in &case.actions {
            let answers = &mut one.answers.iter();
            assert!(
                answers.all(|name| findings.contains(name.as_str())),
                "{one:?}"
            );
            assert!(one.steps.is_sorted_by_key(|(at, _)| *at), "{one:?}");
        }
    }
}

#[test]
fn each_case_has_causes_gaps_and_strengths_and_known_techniques() {
    for case in all().expect("valid data") {
        for kind in [
            FindingKind::RootCause,
            FindingKind::ContributingFactor,
            FindingKind::Gap,
            FindingKind::Strength,
        ] {
            let mut findings = case.findings.iter();
            assert!(findings.any(|one| one.finding.kind == kind), "{kind}");
        }
        assert!(attack::warnings(&case.incident.attack_techniques).is_empty());
        for event in &case.events {
            let warnings = attack::warnings(&event.attack_techniques);
            assert!(warnings.is_empty(), "{}", event.summary);
        }
    }
}

#[test]
fn every_deed_is_an_operation_of_the_document() {
    let document = crate::openapi::document();
    let paths = document["paths"].as_object().expect("paths");
    let methods = paths.values().filter_map(|one| one.as_object());
    let known: HashSet<_> = methods
        .flat_map(|one| one.values().filter_map(|said| said["operationId"].as_str()))
        .collect();
    let mut deeds = organization().expect("valid data");
    deeds.extend(
        all()
            .expect("valid data")
            .into_iter()
            .flat_map(|case| case.deeds),
    );
    assert!(deeds.len() > 150, "{}", deeds.len());
    for deed in deeds {
        assert!(
            known.contains(deed.operation.as_str()),
            "{}",
            deed.operation
        );
    }
}
