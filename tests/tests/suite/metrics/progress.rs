//! The progress of one review.

use chrono::Duration;
use debrief_tests::builders::a_review;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::work::Work;

both_databases!(the_progress_of_a_review_is_that_of_its_own_actions,);

async fn the_progress_of_a_review_is_that_of_its_own_actions(app: App) {
    let work = Work::done(&app).await;
    let path = work.high.path("/progress");
    let progress = app.reader().get(&path).await.expect(200).json();
    for (field, expected) in [
        ("review_id", json!(work.high.id)),
        ("as_of", json!("2026-11-28T12:00:00Z")),
        ("total", json!(6)),
        ("open", json!(3)),
        ("overdue", json!(1)),
        ("due_in_7_days", json!(1)),
        ("due_in_30_days", json!(1)),
        ("unowned", json!(1)),
        ("committed", json!(4)),
        ("implemented_percent", json!(50.0)),
        ("verified_percent", json!(25.0)),
        ("slips", json!(1)),
        ("due_date_changes", json!(2)),
        ("reopened", json!(1)),
        ("ineffective", json!(1)),
        ("next_due_on", json!("2026-12-03")),
        ("oldest_open_days", json!(5)),
    ] {
        assert_eq!(progress[field], expected, "{field}");
    }
    let by_status = json!({
        "proposed": 1, "open": 1, "in_progress": 1, "blocked": 0, "implemented": 1,
        "verified": 1, "declined": 1, "risk_accepted": 0, "cancelled": 0,
    });
    assert_eq!(progress["by_status"], by_status);
    assert_eq!(
        progress["by_priority"],
        json!({ "critical": 0, "high": 0, "medium": 0, "low": 6 })
    );
    for (kind, n) in [("detect", 2), ("prevent", 1), ("recover", 0)] {
        assert_eq!(progress["by_type"][kind], n, "{kind}");
    }
    // A day is over in UTC: what is due on the 3rd is overdue on the 4th.
    for (wait, overdue, due_in_7_days) in [(5, 1, 1), (1, 2, 0)] {
        app.wait(Duration::days(wait));
        let later = app.reader().get(&path).await.expect(200).json();
        assert_eq!(later["overdue"], overdue);
        assert_eq!(later["due_in_7_days"], due_in_7_days);
    }
    let empty = a_review(&app).await;
    let none = app.reader().get(empty.path("/progress")).await.expect(200);
    for field in [
        "implemented_percent",
        "verified_percent",
        "next_due_on",
        "oldest_open_days",
    ] {
        assert_eq!(none.json()[field], Value::Null, "{field}");
    }
    assert_eq!(none.json()["total"], 0);
    for (who, review) in [(app.stranger(), &work.high), (app.reader(), &work.critical)] {
        let hidden = who.get(review.path("/progress")).await;
        hidden.problem(404, "not_found");
    }
}
