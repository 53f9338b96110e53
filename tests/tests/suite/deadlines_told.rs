//! Time passing: what approaches and what was missed is put on record once, whoever looks, however
//! many look, and whatever happens to them.

use chrono::Duration;
use debrief::deadlines::upkeep;
use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::process::eventually;
use debrief_tests::{App, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    what_approaches_and_what_is_missed_is_put_on_record_once,
    what_is_met_or_gone_is_not_missed,
    another_moment_is_announced_anew,
    each_kind_is_told_in_its_own_words,
    what_came_to_pass_while_nobody_ran_is_told_by_the_next,
    a_crash_in_the_middle_tells_nothing_twice,
    several_instances_tell_everything_once,
    what_is_told_of_hidden_reviews_is_hidden,
);

const TOLD: &str = "/api/v1/audit-records?actor=system&sort=sequence";

/// What the service itself has put on record: the action and what it is about.
async fn told(app: &App) -> Vec<(String, String)> {
    let records = app.auditor().all(TOLD, 200).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    records
        .iter()
        .map(|one| (text(&one["action"]), text(&one["after"]["kind"])))
        .collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(action, kind): &(&str, &str)| ((*action).to_owned(), (*kind).to_owned());
    all.iter().map(own).collect()
}

/// A review whose own deadlines are far away.
async fn a_quiet_review(app: &App, own: Value) -> Review {
    let mut body = json!({
        "workshop_due_at": "2036-01-01T00:00:00Z", "publish_due_at": "2036-01-01T00:00:00Z",
    });
    for (name, value) in own.as_object().expect("an object") {
        body[name] = value.clone();
    }
    a_review_with(app, body).await
}

async fn worked(app: &App, review: &Review, due_on: &str) -> String {
    let body = json!({ "title": "Own every alert", "type": "detect", "due_on": due_on });
    let made = app.admin().post(review.path("/actions"), &body).await;
    review.path(&format!("/actions/{}", made.expect(201).id()))
}

async fn step(app: &App, action: &str, verb: &str, body: &Value) {
    let tag = app.admin().get(action).await.expect(200).etag();
    let call = app.admin().post(format!("{action}/{verb}"), body);
    let reply = call.if_match(&tag).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
}

async fn what_approaches_and_what_is_missed_is_put_on_record_once(app: App) {
    let dates = json!({ "workshop_due_at": "2026-11-26T12:00:00Z" });
    let review = a_quiet_review(&app, dates).await;
    app.notice().await;
    assert!(told(&app).await.is_empty());
    // A day ahead of a workshop, to the second.
    app.pass(Duration::days(2) - Duration::seconds(1)).await;
    assert!(told(&app).await.is_empty());
    app.pass(Duration::seconds(1)).await;
    let approaching = [("deadline.approaching", "workshop_due")];
    assert_eq!(told(&app).await, pairs(&approaching));
    // Its moment is in time; the next is not.
    app.pass(Duration::days(1)).await;
    assert_eq!(told(&app).await, pairs(&approaching));
    app.pass(Duration::seconds(1)).await;
    let both = [approaching[0], ("deadline.missed", "workshop_due")];
    assert_eq!(told(&app).await, pairs(&both));
    for _ in 0..3 {
        app.pass(Duration::days(30)).await;
    }
    assert_eq!(told(&app).await, pairs(&both));
    assert_eq!(app.notice().await, 0);

    let records = app.auditor().all(TOLD, 200).await;
    let missed = &records[1];
    assert_eq!(
        (&missed["actor_name"], &missed["request_id"]),
        (&json!("system"), &json!(""))
    );
    assert_eq!(
        (&missed["resource_type"], &missed["review_id"]),
        (&json!("deadline"), &json!(review.id))
    );
    assert_eq!(missed["at"], "2026-11-26T12:00:01Z");
    let after = &missed["after"];
    assert_eq!(after["resource_id"], review.id);
    assert_eq!(
        (&after["state"], &after["due_at"]),
        (&json!("overdue"), &json!("2026-11-26T12:00:00Z"))
    );
    let verified = app.auditor().get("/api/v1/audit/verify").await.expect(200);
    assert_eq!(verified.json()["valid"], true);
}

async fn what_is_met_or_gone_is_not_missed(app: App) {
    let review = a_quiet_review(&app, json!({})).await;
    let done = worked(&app, &review, "2026-12-10").await;
    step(&app, &done, "progress", &json!({ "status": "implemented" })).await;
    let declined = worked(&app, &review, "2026-12-10").await;
    step(
        &app,
        &declined,
        "decline",
        &json!({ "reason": "no longer" }),
    )
    .await;
    let left = worked(&app, &review, "2026-12-10").await;
    app.pass(Duration::days(60)).await;
    assert_eq!(
        told(&app).await,
        pairs(&[("deadline.missed", "action_due")])
    );
    // What was missed and then done is not missed again when it has to be done again.
    for _ in 0..2 {
        step(&app, &left, "progress", &json!({ "status": "implemented" })).await;
        step(&app, &left, "reopen", &json!({ "reason": "it broke" })).await;
        app.pass(Duration::days(1)).await;
    }
    assert_eq!(told(&app).await.len(), 1);
    // What was done in time and has to be done again after its moment is.
    step(&app, &done, "reopen", &json!({ "reason": "it broke" })).await;
    app.notice().await;
    assert_eq!(told(&app).await.len(), 2);
}

async fn another_moment_is_announced_anew(app: App) {
    let review = a_quiet_review(&app, json!({})).await;
    let action = worked(&app, &review, "2026-11-27").await;
    app.notice().await;
    let later = json!({ "due_on": "2026-12-31", "reason": "the supplier is late" });
    step(&app, &action, "reschedule", &later).await;
    app.pass(Duration::days(10)).await;
    let approaching = ("deadline.approaching", "action_due");
    assert_eq!(
        told(&app).await,
        pairs(&[approaching]),
        "it was moved in time"
    );
    app.pass(Duration::days(25)).await;
    app.pass(Duration::days(10)).await;
    let missed = ("deadline.missed", "action_due");
    assert_eq!(told(&app).await, pairs(&[approaching, approaching, missed]));
    // The title changes, the moment does not.
    let patch = app
        .admin()
        .patch(&action, &json!({ "title": "x" }))
        .if_match("*");
    patch.await.expect(200);
    app.pass(Duration::days(1)).await;
    assert_eq!(told(&app).await.len(), 3);
}

async fn each_kind_is_told_in_its_own_words(app: App) {
    let review = a_quiet_review(&app, json!({ "publish_due_at": "2027-01-10T00:00:00Z" })).await;
    let risky = worked(&app, &review, "2026-12-31").await;
    let accepted = json!({
        "reason": "dearer than the outage", "approver": { "name": "Ada" }, "expires_on": "2027-02-10",
    });
    step(&app, &risky, "accept-risk", &accepted).await;
    let proven = worked(&app, &review, "2026-12-31").await;
    step(
        &app,
        &proven,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    let verified = json!({
        "method": "retest", "result": "effective", "recheck_on": "2027-03-10",
        "verified_by": { "name": "Ada" },
    });
    step(&app, &proven, "verifications", &verified).await;
    let duty = json!({
        "title": "Notification", "trigger_at": "2026-11-23T12:00:00Z", "due_at": "2027-04-10T12:00:00Z",
    });
    let duty = app.admin().post(review.path("/obligations"), &duty).await;
    duty.expect(201);
    for _ in 0..180 {
        app.pass(Duration::days(1)).await;
    }
    assert_eq!(
        told(&app).await,
        pairs(&[
            ("deadline.approaching", "publication_due"),
            ("deadline.missed", "publication_due"),
            ("deadline.approaching", "risk_expiry"),
            ("risk.expired", "risk_expiry"),
            ("action.recheck_due", "verification_recheck"),
            ("deadline.missed", "verification_recheck"),
            ("deadline.approaching", "obligation_due"),
            ("deadline.missed", "obligation_due"),
        ])
    );
    // What is told of an action is on record of the action, on the day.
    let id = proven.rsplit('/').next().expect("an id");
    let log = format!("{TOLD}&resource_type=action&resource_id={id}");
    let records = app.auditor().all(&log, 50).await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["action"], "action.recheck_due");
    assert_eq!(records[0]["at"], "2027-03-10T12:00:00Z");
}

async fn what_came_to_pass_while_nobody_ran_is_told_by_the_next(app: App) {
    let review = a_quiet_review(&app, json!({ "workshop_due_at": "2026-11-25T12:00:00Z" })).await;
    worked(&app, &review, "2026-11-30").await;
    worked(&app, &review, "2027-06-30").await;
    app.end().await;
    app.wait(Duration::days(3));
    app.restart(&[]).await;
    // Nobody asks for it: the service looks by itself.
    let expected = pairs(&[
        ("deadline.missed", "workshop_due"),
        ("deadline.approaching", "action_due"),
    ]);
    eventually("the service tells what came to pass", async || {
        let mut found = told(&app).await;
        found.sort();
        let mut all = expected.clone();
        all.sort();
        (found == all).then_some(())
    })
    .await;
}

/// Actions that are all missed by now, more than one transaction tells of.
async fn many_missed(app: &App, count: usize) {
    let review = a_quiet_review(app, json!({})).await;
    for _ in 0..count {
        worked(app, &review, "2027-01-01").await;
    }
    app.wait(Duration::days(60));
}

async fn assert_told_once(app: &App, count: usize) {
    let records = app.auditor().all(TOLD, 200).await;
    let mut ids: Vec<_> = records
        .iter()
        .map(|one| one["resource_id"].as_str().unwrap_or_default().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((records.len(), ids.len()), (count, count));
    let verified = app.auditor().get("/api/v1/audit/verify").await.expect(200);
    assert_eq!(verified.json()["valid"], true);
}

async fn a_crash_in_the_middle_tells_nothing_twice(app: App) {
    many_missed(&app, 5).await;
    let state = app.state();
    for _ in 0..3 {
        // As far as it goes before the commit, and then gone.
        let change = upkeep::begin(&state).await.expect("a turn");
        upkeep::announce_some(&change)
            .await
            .expect("it can be told");
        drop(change);
    }
    app.notice().await;
    assert_told_once(&app, 5).await;
}

async fn several_instances_tell_everything_once(app: App) {
    many_missed(&app, 230).await;
    let (second, third) = (app.another().await, app.another().await);
    let states = [app.state(), second.state.clone(), third.state.clone()];
    let look = states.iter().map(upkeep::announce);
    for looked in join_all(look).await {
        looked.expect("it can be told");
    }
    assert_told_once(&app, 230).await;
    second.stop().await.expect("it stops");
    third.stop().await.expect("it stops");
}

async fn what_is_told_of_hidden_reviews_is_hidden(app: App) {
    let hidden = a_quiet_review(&app, json!({ "visibility": "restricted" })).await;
    worked(&app, &hidden, "2026-12-31").await;
    app.pass(Duration::days(90)).await;
    assert!(app.auditor().all(TOLD, 50).await.is_empty());
    assert_eq!(app.admin().all(TOLD, 50).await.len(), 1);
    assert!(app.stranger().all(TOLD, 50).await.is_empty());
}
