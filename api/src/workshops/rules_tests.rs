//! Every state of a workshop and of its review, with every step.

use entity::vocabulary::{ReviewStatus, WorkshopKind, WorkshopStatus};
use sea_orm::Iterable as _;
use serde_json::{Value, json};

use super::*;

const STEPS: [Step; 10] = [
    Step::Plan,
    Step::Change,
    Step::SetAgenda,
    Step::Invite,
    Step::Answer,
    Step::Acknowledge,
    Step::Attend,
    Step::Reschedule,
    Step::Hold,
    Step::Cancel,
];

fn workshop(own: &Value) -> PlanWorkshop {
    let mut whole = json!({ "kind": "lessons_learned", "ground_rules": "Be kind." });
    for (name, value) in own.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    serde_json::from_value(whole).expect("well-formed")
}

fn places(faults: Vec<Fault>) -> Vec<(String, String)> {
    let place = |fault: Fault| (fault.pointer.unwrap_or_default(), fault.code);
    faults.into_iter().map(place).collect()
}

fn at(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[test]
fn every_state_of_a_workshop_takes_its_own_steps_only() {
    use Step::{Acknowledge, Attend, Change};
    let table: [(WorkshopStatus, &[Step]); 3] = [
        (WorkshopStatus::Planned, &STEPS),
        (WorkshopStatus::Held, &[Change, Acknowledge, Attend]),
        (WorkshopStatus::Cancelled, &[]),
    ];
    for (status, allowed) in table {
        for step in STEPS {
            assert_eq!(
                takes(status, step),
                allowed.contains(&step),
                "{status} {step:?}"
            );
        }
    }
}

#[test]
fn every_state_of_a_review_takes_its_own_steps_only() {
    use ReviewStatus::{Cancelled, Closed, Draft, InProgress, InReview, Published, Waived};
    for kind in WorkshopKind::iter() {
        for step in STEPS {
            for open in [Draft, InProgress, InReview] {
                assert!(review_takes(open, kind, step), "{open} {kind} {step:?}");
            }
            for known in [Published, Closed] {
                let late = ["follow_up", "leadership_readout"].contains(&kind.as_str());
                let expected = step != Step::Plan || late;
                assert_eq!(
                    review_takes(known, kind, step),
                    expected,
                    "{known} {kind} {step:?}"
                );
            }
            for given_up in [Waived, Cancelled] {
                let expected = step == Step::Cancel;
                assert_eq!(
                    review_takes(given_up, kind, step),
                    expected,
                    "{given_up} {step:?}"
                );
            }
        }
    }
}

#[test]
fn a_refused_step_names_the_state_that_refuses_it() {
    let refused = |review, status, step| {
        let error = require(review, (WorkshopKind::Hotwash, status), step).err();
        error.map(|error| error.into_refusal().faults[0].code.clone())
    };
    let (planned, held) = (WorkshopStatus::Planned, WorkshopStatus::Held);
    let progress = ReviewStatus::InProgress;
    assert_eq!(refused(progress, planned, Step::Hold), None);
    assert_eq!(
        refused(progress, held, Step::Hold).as_deref(),
        Some("workshop_is_held")
    );
    assert_eq!(
        refused(progress, WorkshopStatus::Cancelled, Step::Change).as_deref(),
        Some("workshop_is_cancelled")
    );
    assert_eq!(
        refused(ReviewStatus::Waived, planned, Step::Hold).as_deref(),
        Some("review_is_waived")
    );
}

#[test]
fn all_faults_of_a_workshop_are_told_at_once() {
    let excuse = json!({ "function": "legal", "reason": "no legal question" });
    let reference = json!({ "system": "outlook", "id": "1" });
    let found = check(&workshop(&json!({
        "scheduled_at": "2026-11-30T10:00:00Z",
        "next_session_at": "2026-11-30T10:00:00Z",
        "time_zone": "Europe/Atlantis",
        "facilitator": { "subject": "ada@example.org" },
        "excused_functions": [excuse, excuse],
        "external_refs": [reference, reference],
    })));
    assert_eq!(
        places(found),
        [
            at("/facilitator", "required"),
            at("/time_zone", "unknown_time_zone"),
            at("/excused_functions/1", "repeated_item"),
            at("/next_session_at", "before_session"),
            at("/external_refs/1", "repeated_item"),
        ]
    );
}

#[test]
fn a_facilitator_is_a_participant_or_a_person() {
    let id = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    for (given, expected) in [
        (json!({ "participant_id": id }), vec![]),
        (
            json!({ "name": "Ada", "subject": "ada@example.org" }),
            vec![],
        ),
        (json!({}), vec![at("/facilitator", "required")]),
        (
            json!({ "participant_id": id, "name": "Ada" }),
            vec![at("/facilitator", "two_forms")],
        ),
        (
            json!({ "participant_id": id, "subject": "ada@example.org" }),
            vec![at("/facilitator/subject", "two_forms")],
        ),
    ] {
        let found = check(&workshop(&json!({ "facilitator": given })));
        assert_eq!(places(found), expected, "{given}");
    }
}

/// One change of each field, and where its fault would be.
fn changes() -> [(&'static str, Value); 13] {
    [
        ("kind", json!("hotwash")),
        ("title", json!("Another")),
        ("scheduled_at", json!("2026-12-01T10:00:00Z")),
        ("duration_minutes", json!(45)),
        ("time_zone", json!("Europe/Dublin")),
        ("location", json!("Room 1")),
        ("url", json!("https://meet.example/1")),
        ("ground_rules", json!("Be kinder.")),
        ("facilitator", json!({ "name": "Ada" })),
        ("neutrality_override", json!({ "reason": "agreed" })),
        ("minutes", json!("All agreed.")),
        ("next_session_at", json!("2027-01-01T10:00:00Z")),
        (
            "excused_functions",
            json!([{ "function": "legal", "reason": "none" }]),
        ),
    ]
}

#[test]
fn each_state_keeps_its_own_fields() {
    let set = json!({ "scheduled_at": "2026-11-30T10:00:00Z", "duration_minutes": 90 });
    let held = [
        "kind",
        "title",
        "scheduled_at",
        "duration_minutes",
        "time_zone",
        "location",
        "url",
        "ground_rules",
    ];
    let table: [(WorkshopStatus, &Value, &[&str], &str); 3] = [
        (WorkshopStatus::Planned, &json!({}), &[], ""),
        (
            WorkshopStatus::Planned,
            &set,
            &["scheduled_at", "duration_minutes"],
            "reschedule_instead",
        ),
        (WorkshopStatus::Held, &set, &held, "workshop_is_held"),
    ];
    for (status, base, kept, code) in table {
        for (field, value) in changes() {
            let mut changed = base.clone();
            changed[field] = value;
            let found = check_fixed(status, &workshop(base), &workshop(&changed));
            let expected = if kept.contains(&field) {
                vec![at(&format!("/{field}"), code)]
            } else {
                vec![]
            };
            assert_eq!(places(found), expected, "{status} {field}");
        }
    }
}

#[test]
fn the_calendar_follows_what_it_shows() {
    let shown = [
        "kind",
        "title",
        "scheduled_at",
        "duration_minutes",
        "location",
        "url",
        "facilitator",
    ];
    for (field, value) in changes() {
        let changed = workshop(&json!({ field: value }));
        let found = changes_calendar(&workshop(&json!({})), &changed);
        assert_eq!(found, shown.contains(&field), "{field}");
    }
}

#[test]
fn an_excuse_has_a_reason_and_nothing_else_has_one() {
    for (attendance, reason, expected) in [
        (Attendance::Attended, None, None),
        (Attendance::Absent, None, None),
        (Attendance::Excused, Some("on leave"), None),
        (Attendance::Excused, None, Some("required")),
        (
            Attendance::Attended,
            Some("late"),
            Some("not_for_this_attendance"),
        ),
        (
            Attendance::Absent,
            Some("late"),
            Some("not_for_this_attendance"),
        ),
    ] {
        let found = check_attendance(attendance, reason, "");
        assert_eq!(
            found.map(|fault| fault.code).as_deref(),
            expected,
            "{attendance}"
        );
    }
}

#[test]
fn nothing_is_held_in_the_future_and_all_faults_are_told() {
    let id = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let hold: HoldWorkshop = serde_json::from_value(json!({
        "next_session_at": "2026-11-23T12:00:00Z",
        "attendance": [
            { "invitation_id": id, "attendance": "excused" },
            { "invitation_id": id, "attendance": "attended" },
        ],
    }))
    .expect("well-formed");
    let now = Timestamp::parse("2026-11-23T12:00:00Z").expect("an instant");
    let found = check_hold(&hold, now.plus_seconds(1), now);
    assert_eq!(
        places(found),
        [
            at("/held_at", "in_the_future"),
            at("/next_session_at", "before_session"),
            at("/attendance/1", "repeated_item"),
            at("/attendance/0/reason", "required"),
        ]
    );
    assert!(
        check_hold(
            &HoldWorkshop {
                attendance: vec![],
                ..hold
            },
            now.plus_seconds(-60),
            now
        )
        .is_empty()
    );
}
