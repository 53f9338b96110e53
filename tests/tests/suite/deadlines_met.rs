//! Deadlines of what is done already, and of what is looked at again: whatever is set or moved when, it is
//! met by what has happened.

use chrono::Duration;
use debrief_tests::builders::{Review, a_document, a_review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::deadlines::{of, row};

both_databases!(
    a_workshop_that_was_held_meets_a_deadline_that_is_set_or_moved_afterwards,
    a_publication_that_was_made_meets_a_deadline_that_is_moved_when_it_is_reopened,
    an_action_that_is_done_takes_no_due_date_before_it_is_taken_up_again,
    a_deferral_is_due_until_it_is_decided_again,
    a_risk_that_was_accepted_is_due_until_it_is_decided_again,
    deadlines_and_how_they_were_met_arrive_with_their_review,
    a_document_is_due_from_one_revision_to_the_next,
);

async fn worked(app: &App, review: &Review, due_on: &str) -> (String, Reply) {
    let body = json!({ "title": "Own every alert", "type": "detect", "due_on": due_on });
    let made = app.admin().post(review.path("/actions"), &body).await;
    let made = made.expect(201);
    (review.path(&format!("/actions/{}", made.id())), made)
}

/// Takes a step of something's life.
async fn step(client: &Client, path: &str, verb: &str, body: &Value) -> Reply {
    let tag = client.get(path).await.expect(200).etag();
    let call = client.post(format!("{path}/{verb}"), body);
    let reply = call.if_match(&tag).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
    reply
}

async fn a_workshop_that_was_held_meets_a_deadline_that_is_set_or_moved_afterwards(app: App) {
    let review = a_review_with(&app, json!({ "workshop_due_at": null })).await;
    let change = async |body: Value| {
        let patch = app.admin().patch(review.path(""), &body).if_match("*");
        patch.await.expect(200);
    };
    change(json!({ "workshop_due_at": null, "publish_due_at": null })).await;
    for (kind, at) in [
        ("hotwash", "2026-11-23T10:00:00Z"),
        ("lessons_learned", "2026-11-23T11:00:00Z"),
        ("lessons_learned", "2026-11-23T11:30:00Z"),
    ] {
        let workshop = review
            .plan(&json!({ "kind": kind, "scheduled_at": at }))
            .await;
        let held = workshop.step("hold", &json!({ "held_at": at })).await;
        held.expect(200);
    }
    assert!(of(&app, &review.id).await.is_empty());
    app.wait(Duration::days(1));
    let met = "2026-11-23T11:00:00Z";
    for (due, state) in [
        ("2026-12-01T12:00:00Z", "met"),
        ("2026-11-23T10:30:00Z", "breached"),
        ("2026-11-23T11:00:00Z", "met"),
    ] {
        change(json!({ "workshop_due_at": due })).await;
        let expected = row("workshop_due", state, due, Some(met));
        assert_eq!(of(&app, &review.id).await, [expected], "{due}");
    }
    // It is not told of as missed, however much time passes.
    app.wait(Duration::days(30));
    app.notice().await;
    let missed = "/api/v1/changes?type=deadline.missed";
    let missed = app.reader().get(missed).await.expect(200).items();
    assert!(missed.is_empty(), "{missed:?}");
}

async fn a_publication_that_was_made_meets_a_deadline_that_is_moved_when_it_is_reopened(app: App) {
    let dates = json!({ "publish_due_at": "2026-11-30T12:00:00Z" });
    let review = a_review_with(&app, dates).await.published().await;
    let publication = async || {
        let all = of(&app, &review.id).await.into_iter();
        let mut own = all.filter(|one| one[0] == "publication_due");
        own.next().expect("a deadline")
    };
    let due = "2026-11-30T12:00:00Z";
    let made = "2026-11-23T12:00:00Z";
    assert_eq!(
        publication().await,
        row("publication_due", "met", due, Some(made))
    );
    // A published review's dates stay; reopened, it has to be published again.
    let later = json!({ "publish_due_at": "2026-12-05T12:00:00Z" });
    let patch = app.admin().patch(review.path(""), &later).if_match("*");
    patch.await.problem(409, "state_conflict");
    let why = json!({ "reason": "new evidence" });
    review.step("reopen", &why).await.expect(200);
    let patch = app.admin().patch(review.path(""), &later).if_match("*");
    patch.await.expect(200);
    let due = "2026-12-05T12:00:00Z";
    assert_eq!(
        publication().await,
        row("publication_due", "due", due, None)
    );
    app.wait(Duration::days(1));
    review.step("submit", &json!({})).await.expect(200);
    review.step("publish", &json!({})).await.expect(200);
    let made = "2026-11-24T12:00:00Z";
    assert_eq!(
        publication().await,
        row("publication_due", "met", due, Some(made))
    );
}

async fn an_action_that_is_done_takes_no_due_date_before_it_is_taken_up_again(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, made) = worked(&app, &review, "2026-11-30").await;
    let clear = admin.patch(&path, &json!({ "due_on": null })).if_match("*");
    clear.await.expect(200);
    let done = json!({ "status": "implemented" });
    step(&admin, &path, "progress", &done).await;
    assert!(of(&app, &made.id()).await.is_empty());
    app.wait(Duration::days(3));
    let date = json!({ "due_on": "2026-11-25" });
    let patch = admin.patch(&path, &date).if_match("*").await;
    patch.problem(409, "state_conflict");
    assert!(of(&app, &made.id()).await.is_empty());
    let broke = json!({ "reason": "it broke" });
    step(&admin, &path, "reopen", &broke).await;
    let patch = admin.patch(&path, &date).if_match("*").await;
    patch.expect(200);
    let end = "2026-11-25T23:59:59.999999Z";
    let overdue = row("action_due", "overdue", end, None);
    assert_eq!(of(&app, &made.id()).await, [overdue]);
    // Told late, it is met at the moment that is told.
    app.wait(Duration::days(1));
    let again = json!({ "status": "implemented", "at": "2026-11-26T12:00:00Z" });
    step(&admin, &path, "progress", &again).await;
    let late = row("action_due", "breached", end, Some("2026-11-26T12:00:00Z"));
    assert_eq!(of(&app, &made.id()).await, [late]);
}

async fn a_deferral_is_due_until_it_is_decided_again(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let id = review
        .propose(&json!({ "title": "Move the mail" }))
        .await
        .id();
    assert!(of(&app, &id).await.is_empty());
    let path = review.path(&format!("/recommendations/{id}"));
    let defer = async |until: &str| {
        let body = json!({ "reason": "Not this year", "deferred_until": until });
        step(&admin, &path, "defer", &body).await;
    };
    defer("2026-12-31").await;
    let (first, second) = ("2026-12-31T23:59:59.999999Z", "2027-06-30T23:59:59.999999Z");
    let deferred = |state: &str, due: &str, met| [row("recommendation_deferred", state, due, met)];
    assert_eq!(of(&app, &id).await, deferred("due", first, None));
    app.wait(Duration::days(60));
    assert_eq!(of(&app, &id).await, deferred("overdue", first, None));
    app.notice().await;
    let ended = "/api/v1/changes?type=recommendation.deferral_ended";
    let ended = app.reader().get(ended).await.expect(200).items();
    assert_eq!(ended.len(), 1);
    defer("2027-06-30").await;
    assert_eq!(of(&app, &id).await, deferred("due", second, None));
    let no = json!({ "reason": "The supplier has gone" });
    step(&admin, &path, "reject", &no).await;
    let met = Some("2027-01-22T12:00:00Z");
    assert_eq!(of(&app, &id).await, deferred("met", second, met));
    app.wait(Duration::days(1));
    step(
        &admin,
        &path,
        "repropose",
        &json!({ "reason": "Another supplier" }),
    )
    .await;
    assert_eq!(of(&app, &id).await, deferred("met", second, met));
    let title = json!({ "title": "Move all of the mail" });
    let renamed = admin.patch(&path, &title).if_match("*").await;
    renamed.expect(200);
    let list = format!("/api/v1/deadlines?resource_id={id}");
    let list = admin.get(list).await.expect(200).items();
    assert_eq!(list[0]["title"], title["title"]);
}

async fn a_risk_that_was_accepted_is_due_until_it_is_decided_again(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let id = review
        .propose(&json!({ "title": "Move the mail" }))
        .await
        .id();
    let path = review.path(&format!("/recommendations/{id}"));
    let accept = async |until: &str| {
        let body = json!({ "reason": "Gone next year", "approver": { "name": "Lee" }, "expires_on": until });
        step(&admin, &path, "accept-risk", &body).await;
    };
    accept("2026-12-31").await;
    let (first, second) = ("2026-12-31T23:59:59.999999Z", "2027-06-30T23:59:59.999999Z");
    let due = |state: &str, at: &str, met| [row("recommendation_risk_expiry", state, at, met)];
    assert_eq!(of(&app, &id).await, due("due", first, None));
    app.wait(Duration::days(60));
    assert_eq!(of(&app, &id).await, due("overdue", first, None));
    app.notice().await;
    let expired = "/api/v1/changes?type=risk.expired";
    let expired = app.reader().get(expired).await.expect(200).items();
    assert_eq!(expired.len(), 1);
    accept("2027-06-30").await;
    assert_eq!(of(&app, &id).await, due("due", second, None));
    step(
        &admin,
        &path,
        "repropose",
        &json!({ "reason": "It was found" }),
    )
    .await;
    assert_eq!(
        of(&app, &id).await,
        due("met", second, Some("2027-01-22T12:00:00Z"))
    );
}

async fn deadlines_and_how_they_were_met_arrive_with_their_review(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let change = json!({ "workshop_due_at": "2026-11-23T10:30:00Z" });
    admin
        .patch(review.path(""), &change)
        .if_match("*")
        .await
        .expect(200);
    let workshop = review
        .plan(&json!({ "kind": "lessons_learned", "scheduled_at": "2026-11-23T11:00:00Z" }))
        .await;
    let held = json!({ "held_at": "2026-11-23T11:00:00Z" });
    workshop.step("hold", &held).await.expect(200);
    let defer = json!({ "reason": "Not this year", "deferred_until": "2027-03-31" });
    let bear =
        json!({ "reason": "Rare", "approver": { "name": "Lee" }, "expires_on": "2027-06-30" });
    let no = json!({ "reason": "The supplier has gone" });
    for steps in [
        &[("defer", &defer)][..],
        &[("defer", &defer), ("reject", &no)],
        &[("accept-risk", &bear)],
        &[("defer", &defer), ("accept-risk", &bear)],
    ] {
        let id = review
            .propose(&json!({ "title": "Move the mail" }))
            .await
            .id();
        let path = review.path(&format!("/recommendations/{id}"));
        for (verb, body) in steps {
            step(&admin, &path, verb, body).await;
        }
    }
    let review = review.published().await;
    let away = App::alone(app.engine()).await;
    let document = admin.get(review.path("/export")).await.expect(200).json();
    let arrived = away
        .platform()
        .post("/api/v1/reviews/import", &document)
        .await;
    arrived.expect(201);
    // What time has brought by now comes of itself at some moment: here it has come.
    app.notice().await;
    away.notice().await;
    let list = async |client: Client| {
        let path = format!("/api/v1/deadlines?review_id={}&limit=100", review.id);
        let mut rows = client.get(path).await.expect(200).items();
        for row in &mut rows {
            for field in ["id", "created_at", "updated_at"] {
                row[field].take();
            }
        }
        rows.sort_by_key(|row| format!("{}{}", row["kind"], row["resource_id"]));
        rows
    };
    let (here, there) = (list(app.admin()).await, list(away.platform()).await);
    assert_eq!(there, here);
    let mut kinds: Vec<_> = here.iter().filter_map(|row| row["kind"].as_str()).collect();
    kinds.dedup();
    for kind in [
        "recommendation_deferred",
        "recommendation_risk_expiry",
        "workshop_due",
    ] {
        assert!(kinds.contains(&kind), "{kind} of {kinds:?}");
    }
    away.end().await;
}

async fn a_document_is_due_from_one_revision_to_the_next(app: App) {
    let admin = app.admin();
    let path = a_document(&app, json!({ "review_every_days": 30 })).await;
    let id = path.rsplit('/').next().expect("an id").to_owned();
    assert!(of(&app, &id).await.is_empty(), "nothing of it is in force");
    let publish = async |label: &str| {
        let body = json!({ "label": label, "summary": "Who is called" });
        let made = admin.post(format!("{path}/revisions"), &body).await;
        made.expect(201);
    };
    publish("1.0").await;
    let due = |state: &str, at: &str| [row("document_review", state, at, None)];
    let first = "2026-12-23T23:59:59.999999Z";
    assert_eq!(of(&app, &id).await, due("due", first));
    app.wait(Duration::days(31));
    assert_eq!(of(&app, &id).await, due("overdue", first));
    publish("1.1").await;
    let second = "2027-01-23T23:59:59.999999Z";
    assert_eq!(of(&app, &id).await, due("due", second));
    let change = async |body: Value| {
        let patch = admin.patch(&path, &body).if_match("*");
        patch.await.expect(200);
    };
    change(json!({ "review_every_days": 10 })).await;
    let sooner = "2027-01-03T23:59:59.999999Z";
    assert_eq!(of(&app, &id).await, due("due", sooner));
    let tag = admin.get(&path).await.expect(200).etag();
    let archive = admin.delete(&path).if_match(&tag);
    archive.await.expect(204);
    assert!(of(&app, &id).await.is_empty());
    step(&admin, &path, "restore", &json!({})).await;
    assert_eq!(of(&app, &id).await, due("due", sooner));
    change(json!({ "review_every_days": null })).await;
    assert!(of(&app, &id).await.is_empty());
}
