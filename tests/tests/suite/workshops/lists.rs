//! Lists of workshops: each filter, each order, and follow-ups that are due.

use chrono::Duration;
use debrief_tests::builders::{Workshop, a_review};
use debrief_tests::{App, both_databases};
use serde_json::json;

use super::ids;

both_databases!(
    workshops_are_found_by_what_they_say,
    a_follow_up_is_due_when_it_should_have_been_held,
    a_list_knows_its_required_functions,
);

async fn found(app: &App, query: &str) -> Vec<String> {
    let path = format!("/api/v1/workshops{query}");
    ids(&app.reader().get(path).await.expect(200))
}

async fn workshops_are_found_by_what_they_say(app: App) {
    let (first, second) = (a_review(&app).await, a_review(&app).await);
    let lessons = first
        .plan(&json!({
            "kind": "lessons_learned",
            "scheduled_at": "2026-11-25T10:00:00Z",
            "facilitator": { "name": "Ada", "subject": "ada.okafor@example.org" },
            "next_session_at": "2027-01-11T10:00:00Z",
        }))
        .await;
    app.wait(Duration::seconds(1));
    let hotwash = second
        .plan(&json!({
            "kind": "hotwash",
            "scheduled_at": "2026-11-20T10:00:00Z",
            "facilitator": { "name": "Night shift" },
        }))
        .await;
    app.wait(Duration::seconds(1));
    let readout = first.plan(&json!({ "kind": "leadership_readout" })).await;
    hotwash.step("hold", &json!({})).await.expect(200);
    readout
        .step("cancel", &json!({ "reason": "no" }))
        .await
        .expect(200);
    let (a, b, c) = (&lessons.id, &hotwash.id, &readout.id);
    let one = format!("?review_id={}", first.id);
    let both = format!("?review_id={}&review_id={}", first.id, second.id);
    for (query, expected) in [
        ("", vec![a, b, c]),
        ("?sort=-created_at", vec![c, b, a]),
        ("?sort=scheduled_at", vec![b, a, c]),
        ("?sort=-scheduled_at", vec![a, b, c]),
        ("?sort=-held_at", vec![b, c, a]),
        ("?sort=next_session_at", vec![a, b, c]),
        ("?kind=hotwash&kind=lessons_learned", vec![a, b]),
        ("?status=planned", vec![a]),
        ("?status=held&status=cancelled", vec![b, c]),
        ("?facilitator=ada.okafor@example.org", vec![a]),
        ("?facilitator=Night%20shift", vec![b]),
        (
            "?scheduled_at_from=2026-11-20T10:00:00Z&scheduled_at_to=2026-11-25T10:00:00Z",
            vec![b],
        ),
        ("?scheduled_at_from=2026-11-25T10:00:00Z", vec![a]),
        ("?held_at_from=2026-11-20T10:00:00Z", vec![b]),
        ("?held_at_to=2026-11-20T10:00:00Z", vec![]),
        ("?next_session_at_from=2027-01-01T00:00:00Z", vec![a]),
        ("?next_session_at_to=2027-01-01T00:00:00Z", vec![]),
        ("?facilitator_conflicted=true", vec![]),
        (one.as_str(), vec![a, c]),
        (both.as_str(), vec![a, b, c]),
    ] {
        let found = found(&app, query).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let own = app
        .reader()
        .get(first.path("/workshops?sort=-created_at"))
        .await
        .expect(200);
    assert_eq!(ids(&own), [c.clone(), a.clone()]);
    for sort in ["created_at", "-scheduled_at", "held_at", "-next_session_at"] {
        let whole = found(&app, &format!("?sort={sort}")).await;
        let paged = app
            .reader()
            .all(&format!("/api/v1/workshops?sort={sort}"), 1)
            .await;
        let paged: Vec<&str> = paged.iter().filter_map(|one| one["id"].as_str()).collect();
        assert_eq!(paged, whole, "{sort}");
    }
}

async fn due(app: &App) -> (Vec<String>, Vec<String>) {
    let due = found(app, "?follow_up_due=true").await;
    (due, found(app, "?follow_up_due=false").await)
}

async fn a_follow_up_is_due_when_it_should_have_been_held(app: App) {
    let review = a_review(&app).await;
    let own = json!({ "kind": "lessons_learned", "next_session_at": "2026-12-01T10:00:00Z" });
    let lessons = review.plan(&own).await;
    let follow_up = json!({ "kind": "follow_up", "scheduled_at": "2026-12-02T10:00:00Z" });
    let planned = review.plan(&follow_up).await;
    let timeless: Workshop = review.plan(&json!({ "kind": "follow_up" })).await;
    let another = a_review(&app)
        .await
        .plan(&json!({ "kind": "hotwash" }))
        .await;
    let all = [&lessons.id, &planned.id, &timeless.id, &another.id].map(String::clone);
    let rest = |due: &[&String]| -> Vec<String> {
        all.iter().filter(|id| !due.contains(id)).cloned().collect()
    };
    lessons.step("hold", &json!({})).await.expect(200);
    assert_eq!(due(&app).await, (vec![], all.to_vec()));
    app.wait(Duration::days(8));
    assert_eq!(
        due(&app).await,
        (vec![lessons.id.clone()], rest(&[&lessons.id]))
    );
    app.wait(Duration::days(1));
    let both = [&lessons.id, &planned.id];
    assert_eq!(
        due(&app).await,
        (both.map(String::clone).to_vec(), rest(&both))
    );
    // A session of another review settles nothing; the review's own settles both.
    another.step("hold", &json!({})).await.expect(200);
    assert_eq!(due(&app).await.0, both.map(String::clone));
    planned.step("hold", &json!({})).await.expect(200);
    assert_eq!(due(&app).await, (vec![], all.to_vec()));
}

async fn a_list_knows_its_required_functions(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    let legal = workshop
        .invite(&review.join("Kim", "legal").await)
        .await
        .id();
    let other = review.plan(&json!({ "kind": "exercise_debrief" })).await;
    let listed = app
        .reader()
        .get("/api/v1/workshops")
        .await
        .expect(200)
        .items();
    assert_eq!(
        listed,
        [workshop.now().await.json(), other.now().await.json()]
    );
    assert_eq!(listed[0]["required_functions"][3]["presence"], "expected");
    assert_eq!(
        listed[0]["required_functions"][3]["invitation_ids"],
        json!([legal])
    );
    assert_eq!(
        listed[1]["required_functions"][3]["presence"],
        "not_invited"
    );
}
