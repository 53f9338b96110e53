//! Clocks and their limits, every state of an obligation, and every fault of one.

use entity::organization::OrganizationId;
use entity::regime::Limit;
use entity::vocabulary::{DurationUnit, ObligationTrigger};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::calendars::rules::built_in;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

fn obligation() -> Model {
    let now = at("2026-11-20T12:00:00Z");
    Model {
        id: Uuid::nil(),
        organization_id: OrganizationId(Uuid::nil()),
        review_id: Uuid::nil(),
        regime_id: None,
        regime: None,
        stage: None,
        title: "Notification".to_owned(),
        description: None,
        trigger: ObligationTrigger::Aware,
        trigger_at: now,
        limit_trigger_at: None,
        clock: None,
        calendar_id: None,
        due_at: at("2026-11-23T12:00:00Z"),
        owner: None,
        owner_key: None,
        submitted_at: None,
        in_time: None,
        submitted_by: None,
        reference: None,
        waived_at: None,
        waived_by: None,
        waiver_reason: None,
        version: 1,
        created_at: now,
        created_by: String::new(),
        updated_at: now,
    }
}

fn clock(amount: i32, unit: DurationUnit) -> Clock {
    Clock {
        period: Period { amount, unit },
        limit: None,
    }
}

#[test]
fn the_earlier_of_two_clocks_counts() {
    let calendar = built_in().work;
    let dora = Clock {
        limit: Some(Limit {
            trigger: ObligationTrigger::Aware,
            amount: 24,
            unit: DurationUnit::CalendarHours,
        }),
        ..clock(4, DurationUnit::CalendarHours)
    };
    let classified = at("2026-11-20T20:00:00Z");
    for (aware, expected) in [
        (None, "2026-11-21T00:00:00Z"),
        (Some("2026-11-20T18:00:00Z"), "2026-11-21T00:00:00Z"),
        (Some("2026-11-19T22:00:00Z"), "2026-11-20T22:00:00Z"),
        // Over before the other began.
        (Some("2026-11-19T20:00:00Z"), "2026-11-21T00:00:00Z"),
        (Some("2026-11-18T20:00:00Z"), "2026-11-21T00:00:00Z"),
    ] {
        let due = due_at(&calendar, &dora, classified, aware.map(at));
        assert_eq!(due, Some(at(expected)), "{aware:?}");
    }
}

#[test]
fn hours_run_through_weekends_and_business_days_do_not() {
    let calendar = built_in().work;
    // 2026-11-20 is a Friday.
    for (clock, expected) in [
        (
            clock(72, DurationUnit::CalendarHours),
            "2026-11-23T12:00:00Z",
        ),
        (clock(4, DurationUnit::BusinessDays), "2026-11-26T17:00:00Z"),
        (
            clock(1, DurationUnit::CalendarMonths),
            "2026-12-20T12:00:00Z",
        ),
    ] {
        let due = due_at(&calendar, &clock, at("2026-11-20T12:00:00Z"), None);
        assert_eq!(due, Some(at(expected)));
    }
}

#[test]
fn an_obligation_stands_where_its_clock_and_its_review_say() {
    use ObligationStatus::{DueSoon, Met, MetLate, Missed, NotApplicable, Overdue, Pending};
    let submitted = |in_time| Model {
        submitted_at: Some(at("2026-11-23T12:00:00Z")),
        in_time: Some(in_time),
        ..obligation()
    };
    let waived = Model {
        waived_at: Some(at("2026-11-21T12:00:00Z")),
        ..obligation()
    };
    let table = [
        (obligation(), false, "2026-11-22T11:59:59Z", Pending),
        (obligation(), true, "2026-11-22T11:59:59Z", Pending),
        (obligation(), false, "2026-11-22T12:00:00Z", DueSoon),
        (obligation(), false, "2026-11-23T12:00:00Z", DueSoon),
        (obligation(), false, "2026-11-23T12:00:01Z", Overdue),
        (obligation(), true, "2026-11-23T12:00:01Z", Missed),
        (submitted(true), true, "2027-01-01T00:00:00Z", Met),
        (submitted(false), false, "2027-01-01T00:00:00Z", MetLate),
        (waived.clone(), false, "2026-11-21T12:00:00Z", NotApplicable),
        (waived, true, "2027-01-01T00:00:00Z", NotApplicable),
    ];
    for (row, ended, now, expected) in table {
        assert_eq!(status(&row, ended, at(now)), expected, "{now} {ended}");
    }
}

fn faults(body: Value, basis: Basis<'_>) -> Vec<(String, String)> {
    let body: RecordObligation = serde_json::from_value(body).expect("an obligation");
    let named = |fault: Fault| (fault.pointer.unwrap_or_default(), fault.code);
    let faults = check(&body, basis, at("2026-11-23T12:00:00Z"));
    faults.into_iter().map(named).collect()
}

/// Pointers and codes.
type Faults<'a> = &'a [(&'a str, &'a str)];

#[test]
fn what_a_regime_says_is_not_said_again_and_what_it_does_not_is_asked_for() {
    let hours = clock(72, DurationUnit::CalendarHours);
    let free = Basis {
        has_stage: false,
        clock: None,
    };
    let clocked = Basis {
        has_stage: true,
        clock: Some(&hours),
    };
    let undated = Basis {
        has_stage: true,
        clock: None,
    };
    let now = "2026-11-23T12:00:00Z";
    let expected = |all: &[(&str, &str)]| {
        let own = |(pointer, code): &(&str, &str)| ((*pointer).to_owned(), (*code).to_owned());
        all.iter().map(own).collect::<Vec<_>>()
    };
    let table: [(Value, Basis<'_>, Faults<'_>); 7] = [
        (json!({ "trigger_at": now }), clocked, &[]),
        (json!({ "trigger_at": now, "due_at": now }), undated, &[]),
        (
            json!({ "trigger_at": now, "due_at": now, "title": "x" }),
            free,
            &[],
        ),
        (
            json!({ "trigger_at": now }),
            free,
            &[("/title", "required"), ("/due_at", "required")],
        ),
        (
            json!({ "trigger_at": now, "due_at": now, "trigger": "paid" }),
            clocked,
            &[("/trigger", "given_by_stage"), ("/due_at", "computed")],
        ),
        (
            json!({ "trigger_at": now, "due_at": "2026-11-23T11:59:59Z", "limit_trigger_at": now }),
            undated,
            &[
                ("/due_at", "before_trigger"),
                ("/limit_trigger_at", "without_limit"),
            ],
        ),
        (
            json!({ "trigger_at": "2026-11-23T12:06:00Z" }),
            clocked,
            &[("/trigger_at", "in_the_future")],
        ),
    ];
    for (number, (body, basis, all)) in table.into_iter().enumerate() {
        assert_eq!(faults(body, basis), expected(all), "case {number}");
    }
}

#[test]
fn a_submission_lies_between_the_trigger_and_now() {
    let sent = |text: &str| SubmitObligation {
        submitted_at: Some(at(text)),
        reference: None,
    };
    let now = at("2026-11-23T12:00:00Z");
    for (text, fault) in [
        ("2026-11-20T11:59:59Z", Some("before_trigger")),
        ("2026-11-20T12:00:00Z", None),
        ("2026-11-23T12:00:00Z", None),
        ("2026-11-23T12:00:01Z", Some("in_the_future")),
    ] {
        let found = check_submission(&obligation(), &sent(text), now);
        let found = found.first().map(|fault| fault.code.as_str());
        assert_eq!(found, fault, "{text}");
    }
}
