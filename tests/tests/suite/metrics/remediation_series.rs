//! Remediation over time: as it was at a moment, and at the end of each day of a time zone.

use chrono::Duration;
use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases};
use serde_json::json;

use super::close;
use super::work::{DAY, Work, add, asked, counted, judged, points, reported, stepped};

both_databases!(
    the_past_is_counted_as_it_was,
    the_burn_up_has_every_day_to_the_moment_it_is_asked,
    days_are_those_of_the_time_zone_when_clocks_change,
    what_was_done_before_it_was_taken_up_again_is_known,
);

async fn the_past_is_counted_as_it_was(app: App) {
    Work::done(&app).await;
    let admin = app.admin();
    let then = asked(&admin, "as_of=2026-11-25T00:00:00Z&group_by=type").await;
    assert_eq!(then["as_of"], "2026-11-25T00:00:00Z");
    assert_eq!(then["n"], 5);
    for (number, expected) in [
        ("open", 4),
        ("overdue", 1),
        ("due_in_7_days", 1),
        ("unowned", 1),
    ] {
        assert_eq!(then[number]["n"], expected, "{number}");
    }
    close(&then["completion_rate"]["value"], 0.25);
    close(&then["verified_rate"]["value"], 0.0);
    assert_eq!(then["time_to_implement"]["n"], 1);
    // Ages at that moment: two of a day and a half, two of half a day.
    close(&then["age_of_open"]["mean"], DAY);
    // No list shows the past.
    assert!(!then.to_string().contains("/api/v1/actions"));

    // "Late" was due on the 24th, which had not ended yet in New York.
    let query = "as_of=2026-11-25T00:00:00Z&time_zone=America/New_York";
    let there = asked(&admin, query).await;
    assert_eq!(there["time_zone"], "America/New_York");
    assert_eq!(there["overdue"]["n"], 0);
    assert_eq!(there["due_in_7_days"]["n"], 2);
    let before = asked(&admin, "as_of=2026-11-23T11:59:59Z").await;
    assert_eq!(before["n"], 0);
    let first = asked(&admin, "as_of=2026-11-23T12:00:00Z").await;
    assert_eq!((&first["n"], &first["open"]["n"]), (&json!(3), &json!(3)));
}

async fn the_burn_up_has_every_day_to_the_moment_it_is_asked(app: App) {
    Work::done(&app).await;
    let admin = app.admin();
    let days = asked(&admin, "interval=day&group_by=severity").await;
    let expected = [
        json!(["2026-11-23", 3, 0, 0, 0, false]),
        json!(["2026-11-24", 5, 1, 0, 0, false]),
        json!(["2026-11-25", 6, 1, 1, 1, false]),
        json!(["2026-11-26", 7, 2, 1, 1, false]),
        json!(["2026-11-27", 7, 2, 1, 1, false]),
        json!(["2026-11-28", 7, 2, 1, 1, true]),
    ];
    assert_eq!(points(&days), expected);
    assert_eq!(days["interval"], "day");
    let critical = &days["groups"][1];
    let created: Vec<_> = points(critical).iter().map(|one| one[1].clone()).collect();
    assert_eq!(created, [0, 0, 0, 1, 1, 1]);
    for (query, expected) in [
        (
            "interval=week",
            vec![json!(["2026-11-23", 7, 2, 1, 1, true])],
        ),
        (
            "interval=month",
            vec![json!(["2026-11-01", 7, 2, 1, 1, true])],
        ),
        (
            "interval=quarter",
            vec![json!(["2026-10-01", 7, 2, 1, 1, true])],
        ),
        (
            "interval=month&series_from=2026-10-31T23:59:59Z",
            vec![
                json!(["2026-10-01", 0, 0, 0, 0, false]),
                json!(["2026-11-01", 7, 2, 1, 1, true]),
            ],
        ),
        (
            "interval=day&series_from=2026-11-26T10:00:00Z&as_of=2026-11-27T00:00:00Z",
            vec![
                json!(["2026-11-26", 7, 2, 1, 1, false]),
                json!(["2026-11-27", 7, 2, 1, 1, true]),
            ],
        ),
    ] {
        assert_eq!(points(&asked(&admin, query).await), expected, "{query}");
    }
    assert_eq!(asked(&admin, "").await.get("series"), None);
}

async fn days_are_those_of_the_time_zone_when_clocks_change(app: App) {
    let review = a_review(&app).await;
    // In Dublin, the 28th of March 2027 has 23 hours and ends at 23:00 UTC.
    app.wait(Duration::days(124));
    let due = json!({ "type": "prevent", "due_on": "2027-03-28" });
    add(&app, &review, "never done", due.clone()).await;
    let midnight = add(&app, &review, "done past midnight", due).await;
    app.wait(Duration::minutes(35 * 60 + 15));
    reported(&app, &midnight, "implemented").await;
    app.wait(Duration::minutes(15));
    add(&app, &review, "new", json!({ "type": "prevent" })).await;
    app.wait(Duration::hours(2));

    let query = "interval=day&series_from=2027-03-27T00:00:00Z&time_zone";
    let dublin = asked(&app.admin(), &format!("{query}=Europe/Dublin")).await;
    let expected = [
        json!(["2027-03-27", 2, 0, 0, 0, false]),
        json!(["2027-03-28", 2, 0, 0, 0, false]),
        json!(["2027-03-29", 3, 1, 0, 1, true]),
    ];
    assert_eq!(points(&dublin), expected);
    let bounds = dublin["series"].as_array().expect("a series").iter();
    let bounds: Vec<_> = bounds.map(|one| json!([one["from"], one["to"]])).collect();
    let expected = [
        json!(["2027-03-27T00:00:00Z", "2027-03-28T00:00:00Z"]),
        json!(["2027-03-28T00:00:00Z", "2027-03-28T23:00:00Z"]),
        json!(["2027-03-28T23:00:00Z", "2027-03-29T23:00:00Z"]),
    ];
    assert_eq!(bounds, expected);
    close(&dublin["on_time_rate"]["value"], 0.0);
    let utc = asked(&app.admin(), &format!("{query}=UTC")).await;
    let expected = [
        json!(["2027-03-27", 2, 0, 0, 0, false]),
        json!(["2027-03-28", 3, 1, 0, 0, false]),
        json!(["2027-03-29", 3, 1, 0, 1, true]),
    ];
    assert_eq!(points(&utc), expected);
    close(&utc["on_time_rate"]["value"], 0.5);
}

async fn what_was_done_before_it_was_taken_up_again_is_known(app: App) {
    let review = a_review(&app).await;
    let due = json!({ "type": "prevent", "due_on": "2026-11-24" });
    let action = add(&app, &review, "again and again", due).await;
    reported(&app, &action, "implemented").await;
    app.wait(Duration::days(2));
    judged(&app, &action, "effective").await;
    app.wait(Duration::days(1));
    judged(&app, &action, "ineffective").await;
    app.wait(Duration::days(1));
    stepped(&app, &action, "decline", &json!({ "reason": "x" })).await;
    app.wait(Duration::days(1));
    stepped(&app, &action, "reopen", &json!({ "reason": "x" })).await;
    app.wait(Duration::hours(6));
    reported(&app, &action, "implemented").await;
    app.wait(Duration::hours(1));
    judged(&app, &action, "effective").await;
    app.wait(Duration::hours(1));
    judged(&app, &action, "partially_effective").await;
    let client = app.reader();
    let burn_up = asked(&client, "interval=day").await;
    let expected = [
        json!(["2026-11-23", 1, 1, 0, 0, false]),
        json!(["2026-11-24", 1, 1, 0, 0, false]),
        json!(["2026-11-25", 1, 1, 1, 0, false]),
        json!(["2026-11-26", 1, 0, 0, 1, false]),
        json!(["2026-11-27", 1, 0, 0, 0, false]),
        json!(["2026-11-28", 1, 1, 0, 0, true]),
    ];
    assert_eq!(points(&burn_up), expected);
    for (at, status, overdue) in [
        ("2026-11-23T12:00:00Z", "implemented", 0),
        ("2026-11-25T11:59:59Z", "implemented", 0),
        ("2026-11-25T12:00:00Z", "verified", 0),
        ("2026-11-26T11:59:59Z", "verified", 0),
        ("2026-11-26T12:00:00Z", "in_progress", 1),
        ("2026-11-27T12:00:00Z", "declined", 0),
        ("2026-11-28T12:00:00Z", "in_progress", 1),
        ("2026-11-28T18:00:00Z", "implemented", 0),
        ("2026-11-28T19:00:00Z", "verified", 0),
        ("2026-11-28T20:00:00Z", "implemented", 0),
    ] {
        let then = asked(&client, &format!("as_of={at}")).await;
        let found: Vec<_> = counted(&then["counts"]["by_status"]);
        assert_eq!(found[0].0, status, "{at}");
        assert_eq!(then["overdue"]["n"], overdue, "{at}");
    }
    let then = asked(&client, "as_of=2026-11-26T00:00:00Z").await;
    assert_eq!(
        then["time_to_implement"]["max"], 0,
        "as it was first implemented"
    );
    assert_eq!(then["time_to_verify"]["max"], 2 * 86_400);
}
