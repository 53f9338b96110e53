//! What a follow-up carries over, state by state, and what it leaves.

use std::collections::BTreeMap;

use chrono::Duration;
use debrief_tests::builders::{Review, Workshop, a_review};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_follow_up_carries_every_open_action_over_and_no_other,
    each_action_is_told_as_it_was_and_as_it_is,
    a_session_that_was_held_leaves_its_actions_as_they_were,
    a_due_date_that_moved_is_a_slip_even_when_it_moved_back,
    a_session_that_becomes_a_follow_up_carries_over_from_then_on,
    no_other_session_carries_anything_over,
);

async fn action(app: &App, review: &Review, title: &str, own: &Value) -> String {
    let mut body = json!({
        "title": title, "type": "detect", "due_on": "2026-12-31",
        "owner": { "name": "Kim", "subject": "kim@example.org" },
    });
    for (field, value) in own.as_object().expect("an object") {
        body[field] = value.clone();
    }
    let made = app.admin().post(review.path("/actions"), &body).await;
    made.expect(201).id()
}

async fn report(app: &App, review: &Review, action: &str, body: &Value) {
    let path = review.path(&format!("/actions/{action}/progress"));
    app.admin().post(path, body).await.expect(201);
}

async fn step(app: &App, review: &Review, action: &str, verb: &str, body: &Value) {
    let path = review.path(&format!("/actions/{action}"));
    let tag = app.admin().get(&path).await.expect(200).etag();
    let call = app
        .admin()
        .post(format!("{path}/{verb}"), body)
        .if_match(&tag);
    let reply = call.await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
}

async fn verify(app: &App, review: &Review, action: &str, result: &str) {
    let body = json!({
        "method": "retest", "result": result,
        "verified_by": { "name": "Vera", "subject": "vera@example.org" },
    });
    step(app, review, action, "verifications", &body).await;
}

async fn carried(app: &App, workshop: &Workshop) -> Value {
    let path = workshop.path("/carry-over");
    app.reader().get(path).await.expect(200).json()
}

/// What a follow-up tells of its actions, by their titles.
fn by_title(body: &Value) -> BTreeMap<String, Value> {
    let all = body["actions"].as_array().expect("a list").iter();
    all.map(|one| {
        (
            one["title"].as_str().expect("a title").to_owned(),
            one.clone(),
        )
    })
    .collect()
}

/// An action in each state, named after it.
async fn one_in_each_state(app: &App, review: &Review) -> BTreeMap<&'static str, String> {
    let mut all = BTreeMap::new();
    for state in [
        "proposed",
        "open",
        "in_progress",
        "blocked",
        "implemented",
        "verified",
        "declined",
        "risk_accepted",
        "cancelled",
    ] {
        let own = if state == "proposed" {
            json!({ "status": "proposed" })
        } else {
            json!({})
        };
        let id = action(app, review, state, &own).await;
        match state {
            "in_progress" | "blocked" => {
                report(app, review, &id, &json!({ "status": state, "percent": 40 })).await;
            }
            "implemented" | "verified" => {
                report(app, review, &id, &json!({ "status": "implemented" })).await;
                if state == "verified" {
                    verify(app, review, &id, "effective").await;
                }
            }
            "declined" => step(app, review, &id, "decline", &json!({ "reason": "no" })).await,
            "cancelled" => step(app, review, &id, "cancel", &json!({ "reason": "no" })).await,
            "risk_accepted" => {
                let body = json!({
                    "reason": "cheaper", "approver": { "name": "Cis" }, "expires_on": "2027-06-30",
                });
                step(app, review, &id, "accept-risk", &body).await;
            }
            _ => {}
        }
        all.insert(state, id);
    }
    all
}

async fn a_follow_up_carries_every_open_action_over_and_no_other(app: App) {
    let review = a_review(&app).await;
    one_in_each_state(&app, &review).await;
    app.wait(Duration::minutes(1));
    let own = json!({ "kind": "follow_up", "next_session_at": "2027-01-11T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let body = carried(&app, &workshop).await;
    let open = ["blocked", "implemented", "in_progress", "open", "proposed"];
    let found = by_title(&body);
    assert_eq!(found.keys().collect::<Vec<_>>(), open);
    for (title, one) in &found {
        assert_eq!(one["start"]["status"], **title);
        assert_eq!(one["start"], one["end"]);
        assert_eq!(
            (&one["movement"], &one["slipped"]),
            (&json!("unchanged"), &json!(false))
        );
        assert_eq!(
            (&one["percent_change"], &one["due_moved_days"]),
            (&json!(0), &json!(0))
        );
        assert_eq!(
            one["owner"],
            json!({ "name": "Kim", "subject": "kim@example.org" })
        );
    }
    assert_eq!(found["in_progress"]["start"]["percent"], 40);
    assert_eq!(body["counts"]["carried_over"], 5);
    assert_eq!(body["counts"]["still_open"], 4);
    assert_eq!(body["counts"]["to_verify"], 1);
    assert_eq!(body["counts"]["unchanged"], 5);
    assert_eq!(
        (&body["is_frozen"], &body["status"]),
        (&json!(false), &json!("planned"))
    );
    assert_eq!(body["next_session_at"], own["next_session_at"]);
}

async fn each_action_is_told_as_it_was_and_as_it_is(app: App) {
    let review = a_review(&app).await;
    let actions = one_in_each_state(&app, &review).await;
    app.wait(Duration::minutes(1));
    let workshop = review.plan(&json!({ "kind": "follow_up" })).await;
    app.wait(Duration::days(7));
    report(
        &app,
        &review,
        &actions["proposed"],
        &json!({ "status": "open" }),
    )
    .await;
    step(
        &app,
        &review,
        &actions["open"],
        "decline",
        &json!({ "reason": "no" }),
    )
    .await;
    report(
        &app,
        &review,
        &actions["in_progress"],
        &json!({ "percent": 10 }),
    )
    .await;
    report(
        &app,
        &review,
        &actions["blocked"],
        &json!({ "status": "in_progress" }),
    )
    .await;
    verify(&app, &review, &actions["implemented"], "effective").await;
    // What had ended, and what there was not.
    step(
        &app,
        &review,
        &actions["cancelled"],
        "reopen",
        &json!({ "reason": "after all" }),
    )
    .await;
    let late = action(&app, &review, "late", &json!({})).await;
    let done = action(&app, &review, "late and done", &json!({})).await;
    report(&app, &review, &done, &json!({ "status": "implemented" })).await;
    verify(&app, &review, &done, "effective").await;
    report(&app, &review, &late, &json!({ "status": "blocked" })).await;

    let body = carried(&app, &workshop).await;
    let found = by_title(&body);
    for (title, start, end, movement) in [
        ("proposed", Some("proposed"), "open", "advanced"),
        ("open", Some("open"), "declined", "ended"),
        (
            "in_progress",
            Some("in_progress"),
            "in_progress",
            "set_back",
        ),
        ("blocked", Some("blocked"), "in_progress", "advanced"),
        ("implemented", Some("implemented"), "verified", "verified"),
        ("cancelled", None, "in_progress", "new"),
        ("late", None, "blocked", "new"),
        ("late and done", None, "verified", "new"),
    ] {
        let one = &found[title];
        let from = start.map_or(json!(null), |_| one["start"]["status"].clone());
        assert_eq!(from, start.map_or(json!(null), Value::from), "{title}");
        assert_eq!(one["start"].is_null(), start.is_none(), "{title}");
        assert_eq!(one["end"]["status"], end, "{title}");
        assert_eq!(one["movement"], movement, "{title}");
    }
    assert_eq!(found.len(), 8);
    assert_eq!(found["in_progress"]["percent_change"], -30);
    let counts = json!({
        "carried_over": 5, "new": 3, "advanced": 2, "verified": 1, "unchanged": 0, "blocked": 0,
        "set_back": 1, "ended": 1, "slipped": 0, "still_open": 5, "to_verify": 0,
    });
    assert_eq!(body["counts"], counts);
}

async fn a_session_that_was_held_leaves_its_actions_as_they_were(app: App) {
    let review = a_review(&app).await.published().await;
    let first = action(&app, &review, "first", &json!({})).await;
    let own = json!({ "kind": "follow_up", "scheduled_at": "2026-11-24T10:00:00Z" });
    let workshop = review.plan(&own).await;
    app.wait(Duration::days(2));
    report(
        &app,
        &review,
        &first,
        &json!({ "status": "in_progress", "percent": 50 }),
    )
    .await;
    action(&app, &review, "second", &json!({})).await;
    let before = carried(&app, &workshop).await;
    let next = json!({ "next_session_at": "2027-01-11T10:00:00Z" });
    workshop.step("hold", &next).await.expect(200);
    let held = carried(&app, &workshop).await;
    assert_eq!(held["actions"], before["actions"]);
    assert_eq!(held["counts"], before["counts"]);
    assert_eq!(held["is_frozen"], true);
    assert_eq!(held["held_at"], own["scheduled_at"]);
    assert_eq!(held["next_session_at"], next["next_session_at"]);

    app.wait(Duration::days(1));
    report(&app, &review, &first, &json!({ "status": "implemented" })).await;
    action(&app, &review, "third", &json!({})).await;
    assert_eq!(carried(&app, &workshop).await, held);
    // The next one goes on from there.
    let following = review.plan(&json!({ "kind": "follow_up" })).await;
    let found = by_title(&carried(&app, &following).await);
    assert_eq!(found["first"]["start"]["status"], "implemented");
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        ["first", "second", "third"]
    );
    let tag = app
        .reader()
        .get(workshop.path("/carry-over"))
        .await
        .expect(200)
        .etag();
    let again = app
        .reader()
        .get(workshop.path("/carry-over"))
        .header("if-none-match", tag);
    again.await.expect(304);
}

async fn a_due_date_that_moved_is_a_slip_even_when_it_moved_back(app: App) {
    let review = a_review(&app).await;
    let mut actions = BTreeMap::new();
    for title in ["later", "there and back", "earlier", "kept", "cleared"] {
        actions.insert(title, action(&app, &review, title, &json!({})).await);
    }
    let workshop = review.plan(&json!({ "kind": "follow_up" })).await;
    let moves: [(&str, &[&str]); 3] = [
        ("later", &["2027-01-14"]),
        ("there and back", &["2027-01-14", "2026-12-31"]),
        ("earlier", &["2026-12-24"]),
    ];
    for (title, dates) in moves {
        for date in dates {
            let body = json!({ "due_on": date, "reason": "agreed" });
            step(&app, &review, &actions[title], "reschedule", &body).await;
        }
    }
    let path = review.path(&format!("/actions/{}", actions["cleared"]));
    let tag = app.admin().get(&path).await.expect(200).etag();
    let cleared = app
        .admin()
        .patch(&path, &json!({ "due_on": null }))
        .if_match(&tag);
    cleared.await.expect(200);
    let body = carried(&app, &workshop).await;
    let found = by_title(&body);
    for (title, slipped, days) in [
        ("later", true, json!(14)),
        ("there and back", true, json!(0)),
        ("earlier", false, json!(-7)),
        ("kept", false, json!(0)),
        ("cleared", false, json!(null)),
    ] {
        assert_eq!(found[title]["slipped"], slipped, "{title}");
        assert_eq!(found[title]["due_moved_days"], days, "{title}");
        assert_eq!(found[title]["start"]["due_on"], "2026-12-31");
    }
    assert_eq!(body["counts"]["slipped"], 2);
}

async fn a_session_that_becomes_a_follow_up_carries_over_from_then_on(app: App) {
    let review = a_review(&app).await;
    let first = action(&app, &review, "first", &json!({})).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    report(&app, &review, &first, &json!({ "status": "in_progress" })).await;
    let (follow_up, hotwash) = (json!({ "kind": "follow_up" }), json!({ "kind": "hotwash" }));
    workshop.change(&follow_up).await.expect(200);
    let found = by_title(&carried(&app, &workshop).await);
    assert_eq!(found["first"]["start"]["status"], "in_progress");
    workshop.change(&hotwash).await.expect(200);
    app.reader()
        .get(workshop.path("/carry-over"))
        .await
        .problem(404, "not_found");
    report(&app, &review, &first, &json!({ "status": "blocked" })).await;
    workshop.change(&follow_up).await.expect(200);
    let found = by_title(&carried(&app, &workshop).await);
    assert_eq!(found["first"]["start"]["status"], "blocked");
}

async fn no_other_session_carries_anything_over(app: App) {
    let review = a_review(&app).await;
    action(&app, &review, "first", &json!({})).await;
    for kind in [
        "lessons_learned",
        "hotwash",
        "action_planning",
        "leadership_readout",
    ] {
        let workshop = review.plan(&json!({ "kind": kind })).await;
        let path = workshop.path("/carry-over");
        app.reader().get(path).await.problem(404, "not_found");
    }
}
