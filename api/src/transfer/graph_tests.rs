//! What rows may be to each other.

use super::*;
use serde_json::json;

fn told(document: &Value) -> Vec<(String, String)> {
    let faults = faults(document).into_iter();
    faults
        .map(|fault| (fault.pointer.unwrap_or_default(), fault.code))
        .collect()
}

#[test]
fn a_column_says_by_its_name_what_it_refers_to() {
    for (column, lists) in [
        ("event_id", vec!["events"]),
        ("event_ids", vec!["events"]),
        ("owner_participant_id", vec!["participants"]),
        ("document_revision_id", vec!["document_revisions"]),
        ("revision_id", vec!["document_revisions"]),
        ("document_id", vec!["documents"]),
        ("parent_id", vec!["findings"]),
        ("group_id", vec!["contribution_groups"]),
        ("round_id", vec!["feedback_rounds"]),
        ("id", vec![]),
        ("external_id", vec![]),
        ("policy_id", vec![]),
        ("regime_id", vec![]),
        ("transaction_id", vec![]),
        ("depends_on", vec![]),
    ] {
        assert_eq!(lists_of(column), lists, "{column}");
    }
}

#[test]
fn every_broken_reference_and_every_repetition_is_told() {
    let document = json!({
        "review": { "id": "r", "incident_ids": ["i", "nowhere"] },
        "incidents": [{ "id": "i", "timestamps": { "detected": { "event": { "event_id": "x" } } } }],
        "events": [
            { "id": "e1", "source": "edr", "external_id": "1" },
            { "id": "e1", "source": "edr", "external_id": "1" },
            { "id": "e2", "source": null, "external_id": null },
            { "id": "e3", "source": null, "external_id": null },
        ],
        "assessments": [{ "id": "a", "dimension": "detection",
            "strengths": [{ "text": "quick", "event_ids": ["e1", "e9"] }] }],
        "findings": [{ "id": "f1", "parent_id": "e1", "event_ids": [] }],
        "wording_acknowledgements": [
            { "id": "n1", "resource_type": "review", "resource_id": "r" },
            { "id": "n2", "resource_type": "assessment", "resource_id": "a" },
            { "id": "n3", "resource_type": "finding", "resource_id": "e1" },
            { "id": "n4", "resource_type": "policy", "resource_id": "p" },
        ],
    });
    let expected = [
        ("/events/1/id", "repeated_item"),
        ("/events/1/external_id", "repeated_item"),
        ("/review/incident_ids/1", "broken_reference"),
        ("/assessments/0/strengths/0/event_ids/1", "broken_reference"),
        ("/findings/0/parent_id", "broken_reference"),
        (
            "/wording_acknowledgements/2/resource_id",
            "broken_reference",
        ),
        ("/wording_acknowledgements/3/resource_type", "unknown_value"),
    ];
    let expected: Vec<(String, String)> = expected
        .into_iter()
        .map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
        .collect();
    assert_eq!(told(&document), expected);
}

#[test]
fn no_row_leads_back_to_itself() {
    let of = |links: &[(&str, &[&str])]| {
        let actions: Vec<Value> = links
            .iter()
            .map(|(id, to)| json!({ "id": id, "depends_on": to }))
            .collect();
        let pointers: Vec<String> = told(&json!({ "actions": actions }))
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        pointers
    };
    assert_eq!(
        of(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &["elsewhere"])]),
        [""; 0]
    );
    assert_eq!(of(&[("a", &["a"])]), ["/actions/0/depends_on"]);
    assert_eq!(
        of(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("d", &[])]),
        [
            "/actions/0/depends_on",
            "/actions/1/depends_on",
            "/actions/2/depends_on"
        ]
    );
}

#[test]
fn a_long_chain_is_walked_once_and_without_recursion() {
    let chain: Vec<Value> = (0..50_000)
        .map(|n| json!({ "id": n.to_string(), "parent_id": (n + 1).to_string() }))
        .collect();
    let mut links = json!({ "findings": chain });
    assert_eq!(circles_of(&links), 0);
    links["findings"][49_999]["parent_id"] = json!("0");
    assert_eq!(circles_of(&links), 50_000);
}

fn circles_of(document: &Value) -> usize {
    let mut faults = Vec::new();
    circles(document, "findings", "parent_id", &mut faults);
    faults.len()
}
