//! What reviews leave behind: lessons on their way to a document, obligations to authorities.

use chrono::Duration;
use debrief_tests::builders::{Review, a_document, a_review_with};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::close;
use super::process::{asked, numbers, records, titles};
use super::work::DAY;

both_databases!(
    lessons_that_are_not_embedded_are_counted_by_their_age,
    obligations_are_met_late_or_missed_by_their_margins,
    what_is_left_behind_leads_to_its_reviews,
);

async fn learnt(review: &Review, statement: &str) -> String {
    let made = review.learn(&json!({ "statement": statement })).await;
    format!("/lessons/{}", made.id())
}

async fn validated(review: &Review, statement: &str) -> String {
    let lesson = learnt(review, statement).await;
    let reply = review.verb(&lesson, "validate", &json!({})).await;
    reply.expect(200);
    lesson
}

async fn owed(review: &Review, due_at: &str) -> String {
    let body = json!({
        "title": "Tell the insurer", "trigger_at": "2026-11-23T12:00:00Z", "due_at": due_at,
    });
    let made = review.client().post(review.path("/obligations"), &body);
    format!("/obligations/{}", made.await.expect(201).id())
}

async fn submitted(review: &Review, obligation: &str) {
    let reply = review.verb(obligation, "submit", &json!({})).await;
    reply.expect(200);
}

/// Three reviews, one of them cancelled; the last on 2026-11-26T12:00:00Z.
async fn left(app: &App) {
    let kept = a_review_with(app, json!({ "title": "kept" })).await;
    let given_up = a_review_with(app, json!({ "title": "given up", "severity": "low" })).await;
    a_review_with(app, json!({ "title": "bare", "severity": "low" })).await;
    learnt(&kept, "proposed").await;
    let embedded = validated(&kept, "embedded").await;
    let document = a_document(app, json!({})).await;
    let id = embedded.rsplit('/').next();
    let revision = json!({ "label": "2", "lesson_ids": [id] });
    let made = kept
        .client()
        .post(format!("{document}/revisions"), &revision);
    made.await.expect(201);
    let retired = learnt(&kept, "retired").await;
    let why = json!({ "reason": "No longer true" });
    kept.verb(&retired, "retire", &why).await.expect(200);

    let met = owed(&kept, "2026-11-25T12:00:00Z").await;
    let late = owed(&kept, "2026-11-24T12:00:00Z").await;
    owed(&kept, "2026-11-25T12:00:00Z").await;
    let waived = owed(&kept, "2026-11-24T12:00:00Z").await;
    owed(&kept, "2026-12-30T12:00:00Z").await;
    owed(&given_up, "2026-11-24T12:00:00Z").await;
    let why = json!({ "reason": "It does not apply" });
    kept.verb(&waived, "waive", &why).await.expect(200);

    app.wait(Duration::days(1));
    submitted(&kept, &met).await;
    app.wait(Duration::days(1));
    submitted(&kept, &late).await;
    validated(&kept, "validated").await;
    let why = json!({ "reason": "Opened twice" });
    given_up.step("cancel", &why).await.expect(200);
    app.wait(Duration::days(1));
}

fn counts(of: &Value) -> Vec<Value> {
    let of = of.as_array().expect("counts").iter();
    let of = of.filter(|one| one["n"] != 0);
    of.map(|one| json!([one["status"], one["n"]])).collect()
}

async fn lessons_that_are_not_embedded_are_counted_by_their_age(app: App) {
    left(&app).await;
    let found = asked(&app.reader(), "").await["lessons"].clone();
    let expected = [
        json!(["proposed", 1]),
        json!(["validated", 1]),
        json!(["embedded", 1]),
        json!(["retired", 1]),
    ];
    assert_eq!(counts(&found["by_status"]), expected);
    let waiting = &found["waiting"];
    assert_eq!(
        (&waiting["n"], &waiting["n_reviews"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(waiting["definition"]["name"], "lessons_waiting");
    let rate = &found["embedded_rate"];
    assert_eq!(
        (&rate["numerator"], &rate["denominator"]),
        (&json!(1), &json!(3))
    );
    // One for three days, one for one.
    let age = &found["age_of_waiting"];
    assert_eq!(age["n"], 2);
    close(&age["mean"], 2.0 * DAY);
    close(&age["max"], 3.0 * DAY);
    let buckets = age["histogram"].as_array().expect("buckets").iter();
    let filled: Vec<&Value> = buckets
        .filter(|bucket| bucket["n"] == 1)
        .map(|bucket| &bucket["from"])
        .collect();
    assert_eq!(filled, [&json!(86_400), &json!(3 * 86_400)]);
    let behind = records(&app.reader(), "is=lesson_waiting").await;
    assert_eq!(titles(&behind), ["kept"]);
    assert_eq!(
        (
            &behind[0]["lessons_waiting"],
            &behind[0]["oldest_lesson_seconds"]
        ),
        (&json!(2), &json!(3 * 86_400))
    );
}

async fn obligations_are_met_late_or_missed_by_their_margins(app: App) {
    left(&app).await;
    let found = asked(&app.reader(), "").await["obligations"].clone();
    let expected = [
        json!(["pending", 1]),
        json!(["overdue", 1]),
        json!(["met", 1]),
        json!(["met_late", 1]),
        json!(["missed", 1]),
        json!(["not_applicable", 1]),
    ];
    assert_eq!(counts(&found["by_status"]), expected);
    assert_eq!(found["by_status"].as_array().map(Vec::len), Some(7));
    let rate = &found["met_rate"];
    assert_eq!(
        (&rate["numerator"], &rate["denominator"]),
        (&json!(1), &json!(4))
    );
    for (number, n, days) in [
        ("margin_when_met", 1, 1.0),
        ("delay_when_late", 1, 1.0),
        // One for one day, one for two.
        ("delay_of_unmet", 2, 1.5),
    ] {
        let one = &found[number];
        assert_eq!(one["n"], n, "{number}");
        close(&one["mean"], days * DAY);
        assert_eq!(one["definition"]["name"], number);
        assert_eq!(one["definition"]["unit"], "seconds");
    }
    for (query, expected) in [
        ("obligation_status=met", vec!["kept"]),
        ("obligation_status=missed", vec!["given up"]),
        (
            "obligation_status=missed&obligation_status=met_late",
            vec!["given up", "kept"],
        ),
        ("obligation_status=due_soon", vec![]),
        ("is=obligation_unmet", vec!["given up", "kept"]),
    ] {
        let behind = records(&app.reader(), query).await;
        assert_eq!(titles(&behind), expected, "{query}");
    }
    let kept = records(&app.reader(), "obligation_status=met").await;
    assert_eq!(
        (&kept[0]["obligations"], &kept[0]["obligations_unmet"]),
        (&json!(5), &json!(1))
    );
}

async fn what_is_left_behind_leads_to_its_reviews(app: App) {
    left(&app).await;
    let reader = app.reader();
    let all = asked(&reader, "group_by=severity").await;
    let mut found = Vec::new();
    numbers(&all, &mut found);
    for (n, url) in found {
        assert_eq!(*n, reader.all(url, 2).await.len(), "{url}");
    }
    // Each group has its own.
    let groups = all["groups"].as_array().expect("groups");
    let low = groups
        .iter()
        .find(|group| group["key"][0]["value"] == "low")
        .expect("the group");
    assert_eq!(low["lessons"]["waiting"]["n"], 0);
    assert_eq!(low["obligations"]["delay_of_unmet"]["n"], 1);
    assert_eq!(low["obligations"]["met_rate"]["denominator"], 1);
}
