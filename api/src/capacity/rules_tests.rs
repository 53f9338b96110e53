//! Tests of what may be asked, and of who does what.

use serde_json::json;

use super::*;

fn asked(body: serde_json::Value) -> PlanCapacity {
    serde_json::from_value(body).expect("a request")
}

fn faults(body: serde_json::Value) -> Vec<(String, String)> {
    let faults = check(&asked(body)).into_iter();
    let each = faults.map(|fault| (fault.pointer.unwrap_or_default(), fault.code));
    each.collect()
}

#[test]
fn every_fault_of_a_request_is_found_at_once() {
    let id = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let found = faults(json!({
        "from": "9991-01-01",
        "weeks": 3,
        "capacity": [
            { "days_per_week": 1 },
            { "subject": "ada", "name": "Ada", "days_per_week": 1 },
            { "name": "Kim", "days_per_week": 1, "exceptions": [
                { "week": 4, "days": 0 }, { "week": 1, "days": 0 }, { "week": 1, "days": 2 },
            ] },
            { "name": "KIM", "days_per_week": 2 },
        ],
        "filter": { "action_ids": [id, id] },
        "assignments": [
            { "action_id": id },
            { "action_id": id, "to": { "name": "Lee" } },
            { "action_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a12", "to": { "name": "kim" } },
            { "action_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a13", "to": {} },
        ],
    }));
    let expected = [
        ("/from", "too_late"),
        ("/capacity/3", "repeated_item"),
        ("/capacity/0", "required"),
        ("/capacity/1", "two_forms"),
        ("/capacity/2/exceptions/2", "repeated_item"),
        ("/capacity/2/exceptions/0/week", "too_late"),
        ("/filter/action_ids/1", "repeated_item"),
        ("/assignments/1", "repeated_item"),
        ("/assignments/0", "required"),
        ("/assignments/1/to", "not_found"),
        ("/assignments/3/to", "required"),
    ];
    assert_eq!(
        found,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
}

#[test]
fn an_owner_is_found_by_subject_then_name_then_function() {
    let asked = asked(json!({ "weeks": 1, "capacity": [
        { "function": "it", "days_per_week": 3 },
        { "name": "Ada", "days_per_week": 2 },
        { "subject": "ada@example.org", "days_per_week": 1 },
    ] }));
    let owners = Owners::of(&asked);
    let found = |name: Option<&str>, subject: Option<&str>, function| {
        owners.find(&PlanOwner {
            subject: subject.map(str::to_owned),
            name: name.map(str::to_owned),
            function,
        })
    };
    let it = Some(StakeholderFunction::It);
    assert_eq!(found(Some("Ada"), Some("ADA@example.org"), it), Some(2));
    assert_eq!(found(Some("ada"), Some("other"), it), Some(1));
    assert_eq!(found(Some("Kim"), None, it), Some(0));
    assert_eq!(
        found(Some("Kim"), None, Some(StakeholderFunction::Legal)),
        None
    );
}
