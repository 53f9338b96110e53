//! Deadlines: what is due of reviews, actions, risks and verifications, where each stands, and who
//! sees it.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_review_has_deadlines_until_it_is_published_or_ends,
    a_workshop_that_is_held_meets_its_deadline_once,
    an_action_has_a_deadline_until_it_is_done_or_ends,
    a_risk_that_is_accepted_expires,
    a_verification_says_when_to_look_again,
    what_is_due_carries_the_name_and_owner_of_now,
    deadlines_are_found_by_kind_state_review_owner_and_moment,
    deadlines_of_hidden_reviews_and_other_organisations_do_not_exist,
);

const PATH: &str = "/api/v1/deadlines";

/// The deadlines of a resource: kind, state, due and met.
pub(super) async fn of(app: &App, resource: &str) -> Vec<[Value; 4]> {
    let path = format!("{PATH}?resource_id={resource}");
    let list = app.reader().all(&path, 50).await;
    let fields = ["kind", "state", "due_at", "met_at"];
    list.iter()
        .map(|one| fields.map(|field| one[field].clone()))
        .collect()
}

pub(super) fn row(kind: &str, state: &str, due: &str, met: Option<&str>) -> [Value; 4] {
    [json!(kind), json!(state), json!(due), json!(met)]
}

async fn a_review_has_deadlines_until_it_is_published_or_ends(app: App) {
    let dates = json!({
        "workshop_due_at": "2026-11-24T12:00:00Z", "publish_due_at": "2026-11-30T12:00:00Z",
    });
    let review = a_review_with(&app, dates.clone()).await;
    let workshop = |state: &str| row("workshop_due", state, "2026-11-24T12:00:00Z", None);
    let publication = |state: &str, met| row("publication_due", state, "2026-11-30T12:00:00Z", met);
    assert_eq!(
        of(&app, &review.id).await,
        [workshop("due"), publication("due", None)]
    );
    app.wait(Duration::days(1));
    assert_eq!(
        of(&app, &review.id).await[0],
        workshop("due"),
        "its moment is in time"
    );
    app.wait(Duration::seconds(1));
    assert_eq!(of(&app, &review.id).await[0], workshop("overdue"));
    let review = review.published().await;
    let published = "2026-11-24T12:00:01Z";
    assert_eq!(
        of(&app, &review.id).await,
        [publication("met", Some(published))]
    );
    review.step("close", &json!({})).await.expect(200);
    assert_eq!(
        of(&app, &review.id).await,
        [publication("met", Some(published))]
    );
    // What is reopened is due again.
    let why = json!({ "reason": "new evidence" });
    review.step("reopen", &why).await.expect(200);
    assert_eq!(
        of(&app, &review.id).await,
        [workshop("overdue"), publication("due", None)]
    );
    app.wait(Duration::days(30));
    review.step("submit", &json!({})).await.expect(200);
    review.step("publish", &json!({})).await.expect(200);
    let late = "2026-12-24T12:00:01Z";
    assert_eq!(
        of(&app, &review.id).await,
        [publication("breached", Some(late))]
    );

    for verb in ["waive", "cancel"] {
        let review = a_review_with(&app, dates.clone()).await;
        assert_eq!(of(&app, &review.id).await.len(), 2);
        let why = json!({ "reason": "covered elsewhere", "approver": "ciso@example.org" });
        let why = if verb == "waive" {
            why
        } else {
            json!({ "reason": "an error" })
        };
        review.step(verb, &why).await.expect(200);
        assert!(of(&app, &review.id).await.is_empty(), "{verb}");
        review
            .step("reopen", &json!({ "reason": "after all" }))
            .await
            .expect(200);
        assert_eq!(of(&app, &review.id).await.len(), 2);
        let tag = review.now().await.etag();
        let clear = json!({ "workshop_due_at": null });
        let patch = app.admin().patch(review.path(""), &clear).if_match(&tag);
        patch.await.expect(200);
        assert_eq!(of(&app, &review.id).await.len(), 1);
    }
}

async fn worked(app: &App, review: &Review, due_on: &str) -> (String, Reply) {
    let body = json!({
        "title": "Own every alert", "type": "detect", "due_on": due_on,
        "owner": { "name": "Kim", "subject": "kim@example.org" },
    });
    let made = app
        .admin()
        .post(review.path("/actions"), &body)
        .await
        .expect(201);
    (review.path(&format!("/actions/{}", made.id())), made)
}

/// Takes a step of an action's life.
async fn step(client: &Client, action: &str, verb: &str, body: &Value) {
    let tag = client.get(action).await.expect(200).etag();
    let call = client.post(format!("{action}/{verb}"), body);
    let reply = call.if_match(&tag).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
}

async fn a_workshop_that_is_held_meets_its_deadline_once(app: App) {
    let dates = json!({ "workshop_due_at": "2026-11-24T12:00:00Z" });
    let review = a_review_with(&app, dates).await;
    let due = "2026-11-24T12:00:00Z";
    let hold = async |kind: &str, at: &str| {
        let plan = json!({ "kind": kind, "scheduled_at": at });
        let workshop = review.plan(&plan).await;
        let held = workshop.step("hold", &json!({ "held_at": at })).await;
        held.expect(200);
    };
    // A hotwash is not the workshop that is due.
    hold("hotwash", "2026-11-23T11:00:00Z").await;
    let open = row("workshop_due", "due", due, None);
    assert_eq!(of(&app, &review.id).await[0], open);
    app.wait(Duration::hours(3));
    hold("lessons_learned", "2026-11-23T14:00:00Z").await;
    let met = row("workshop_due", "met", due, Some("2026-11-23T14:00:00Z"));
    assert_eq!(of(&app, &review.id).await[0], met);
    // What is held again, and what comes of the review, change nothing of that.
    app.wait(Duration::days(3));
    hold("lessons_learned", "2026-11-26T14:00:00Z").await;
    assert_eq!(of(&app, &review.id).await[0], met);
    let review = review.published().await;
    assert!(of(&app, &review.id).await.contains(&met));
}

async fn an_action_has_a_deadline_until_it_is_done_or_ends(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, made) = worked(&app, &review, "2026-11-30").await;
    let end = "2026-11-30T23:59:59.999999Z";
    assert_eq!(
        of(&app, &made.id()).await,
        [row("action_due", "due", end, None)]
    );
    let later = json!({ "due_on": "2026-12-02", "reason": "the supplier is late" });
    step(&admin, &path, "reschedule", &later).await;
    let end = "2026-12-02T23:59:59.999999Z";
    assert_eq!(
        of(&app, &made.id()).await,
        [row("action_due", "due", end, None)]
    );
    step(
        &admin,
        &path,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    let met = row("action_due", "met", end, Some("2026-11-23T12:00:00Z"));
    assert_eq!(of(&app, &made.id()).await, std::slice::from_ref(&met));
    // Progress may be told late: what counts is when it was.
    app.wait(Duration::days(20));
    step(&admin, &path, "reopen", &json!({ "reason": "it broke" })).await;
    assert_eq!(
        of(&app, &made.id()).await,
        [row("action_due", "overdue", end, None)]
    );
    app.wait(Duration::days(2));
    let told = json!({ "status": "implemented", "at": "2026-12-14T00:00:00Z" });
    step(&admin, &path, "progress", &told).await;
    let late = row("action_due", "breached", end, Some("2026-12-14T00:00:00Z"));
    assert_eq!(of(&app, &made.id()).await, [late]);

    for verb in ["decline", "cancel"] {
        let (path, made) = worked(&app, &review, "2027-01-31").await;
        step(&admin, &path, verb, &json!({ "reason": "no longer" })).await;
        assert!(of(&app, &made.id()).await.is_empty(), "{verb}");
        step(&admin, &path, "reopen", &json!({ "reason": "after all" })).await;
        assert_eq!(of(&app, &made.id()).await.len(), 1, "{verb}");
        let clear = admin.patch(&path, &json!({ "due_on": null })).if_match("*");
        clear.await.expect(200);
        assert!(of(&app, &made.id()).await.is_empty(), "{verb}");
    }
}

async fn a_risk_that_is_accepted_expires(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, made) = worked(&app, &review, "2026-11-30").await;
    let accepted = json!({
        "reason": "dearer than the outage", "approver": { "name": "Ada" }, "expires_on": "2027-06-30",
    });
    step(&admin, &path, "accept-risk", &accepted).await;
    let end = "2027-06-30T23:59:59.999999Z";
    assert_eq!(
        of(&app, &made.id()).await,
        [row("risk_expiry", "due", end, None)]
    );
    app.wait(Duration::days(365));
    assert_eq!(
        of(&app, &made.id()).await,
        [row("risk_expiry", "overdue", end, None)]
    );
    step(&admin, &path, "reopen", &json!({ "reason": "it expired" })).await;
    let end = "2026-11-30T23:59:59.999999Z";
    assert_eq!(
        of(&app, &made.id()).await,
        [row("action_due", "overdue", end, None)]
    );
}

async fn a_verification_says_when_to_look_again(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, made) = worked(&app, &review, "2026-11-30").await;
    step(
        &admin,
        &path,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    let verified = async |result: &str, recheck: Option<&str>| {
        let body = json!({
            "method": "retest", "result": result, "recheck_on": recheck,
            "verified_by": { "name": "Ada", "subject": "ada@example.org" },
        });
        step(&admin, &path, "verifications", &body).await;
        let due = of(&app, &made.id()).await;
        due.into_iter().find(|one| one[0] == "verification_recheck")
    };
    assert_eq!(verified("effective", None).await, None);
    let recheck = |state: &str, due: &str, met| Some(row("verification_recheck", state, due, met));
    let (first, second) = ("2026-12-31T23:59:59.999999Z", "2027-03-31T23:59:59.999999Z");
    let again = verified("effective", Some("2026-12-31")).await;
    assert_eq!(again, recheck("due", first, None));
    let again = verified("inconclusive", Some("2027-03-31")).await;
    assert_eq!(again, recheck("due", second, None));
    let done = verified("effective", None).await;
    assert_eq!(done, recheck("met", second, Some("2026-11-23T12:00:00Z")));
    let again = verified("effective", Some("2027-03-31")).await;
    assert_eq!(again, recheck("due", second, None));
    // What has to be done again is not looked at before it is.
    let failed = verified("ineffective", Some("2027-04-30")).await;
    assert_eq!(failed, recheck("met", second, Some("2026-11-23T12:00:00Z")));
    step(
        &admin,
        &path,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    assert!(verified("effective", Some("2027-05-31")).await.is_some());
    step(&admin, &path, "reopen", &json!({ "reason": "it broke" })).await;
    let due = of(&app, &made.id()).await;
    assert!(
        due.iter().all(|one| one[0] != "verification_recheck"),
        "{due:?}"
    );
}

async fn what_is_due_carries_the_name_and_owner_of_now(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let (path, made) = worked(&app, &review, "2026-11-30").await;
    step(
        &admin,
        &path,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    let body = json!({
        "method": "retest", "result": "effective", "recheck_on": "2026-12-31",
        "verified_by": { "name": "Ada" },
    });
    step(&admin, &path, "verifications", &body).await;
    let shown = async |resource: &str| {
        let list = app
            .reader()
            .all(&format!("{PATH}?resource_id={resource}"), 50)
            .await;
        assert_eq!(list.len(), 2);
        let one = |field: &str| {
            assert_eq!(list[0][field], list[1][field]);
            list[0][field].clone()
        };
        (
            one("resource_type"),
            one("title"),
            one("owner"),
            one("review_id"),
        )
    };
    let own = json!(review.id);
    let before = (
        json!("action"),
        json!("Own every alert"),
        json!("kim@example.org"),
        own.clone(),
    );
    assert_eq!(shown(&made.id()).await, before);
    let change =
        json!({ "title": "Own each alert", "owner": { "name": "Team Blue", "subject": null } });
    admin.patch(&path, &change).if_match("*").await.expect(200);
    let after = (
        json!("action"),
        json!("Own each alert"),
        json!("Team Blue"),
        own.clone(),
    );
    assert_eq!(shown(&made.id()).await, after);
    let change = json!({ "title": "Renamed", "owner": { "name": "Grace" } });
    let patch = admin.patch(review.path(""), &change).if_match("*");
    patch.await.expect(200);
    let after = (
        json!("review"),
        json!("Renamed"),
        json!("ada@example.org"),
        own,
    );
    assert_eq!(shown(&review.id).await, after);
}

async fn deadlines_are_found_by_kind_state_review_owner_and_moment(app: App) {
    let admin = app.admin();
    let dates = json!({
        "workshop_due_at": "2026-11-25T12:00:00Z", "publish_due_at": "2026-12-24T12:00:00Z",
    });
    let review = a_review_with(&app, dates).await;
    let mut actions = Vec::new();
    for due in ["2026-11-24", "2026-11-26", "2026-12-31"] {
        app.wait(Duration::minutes(1));
        actions.push(worked(&app, &review, due).await);
    }
    let other = a_review_with(&app, json!({ "owner": { "name": "Grace" } })).await;
    app.wait(Duration::days(2));
    step(
        &admin,
        &actions[0].0,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    step(
        &admin,
        &actions[2].0,
        "progress",
        &json!({ "status": "implemented" }),
    )
    .await;
    app.wait(Duration::days(2));
    let (own, kim) = (format!("review_id={}", review.id), "owner=kim@example.org");
    // Named by their days.
    let table: [(String, &[&str]); 13] = [
        (own.clone(), &["24", "25", "26", "24", "31"]),
        (
            format!("{own}&sort=-due_at"),
            &["31", "24", "26", "25", "24"],
        ),
        (
            format!("{own}&sort=created_at"),
            &["25", "24", "24", "26", "31"],
        ),
        (format!("{own}&kind=action_due"), &["24", "26", "31"]),
        (
            format!("{own}&kind=workshop_due&kind=publication_due"),
            &["25", "24"],
        ),
        (format!("{own}&state=due"), &["24"]),
        (format!("{own}&state=overdue"), &["25", "26"]),
        (format!("{own}&state=met"), &["31"]),
        (format!("{own}&state=breached"), &["24"]),
        (format!("{own}&state=due&state=breached"), &["24", "24"]),
        (kim.to_owned(), &["24", "26", "31"]),
        (
            format!("{own}&due_at_from=2026-11-25T12:00:00Z&due_at_to=2026-12-24T12:00:00Z"),
            &["25", "26"],
        ),
        ("owner=Grace&kind=workshop_due".to_owned(), &["30"]),
    ];
    for (query, expected) in table {
        let list = app.reader().all(&format!("{PATH}?{query}"), 2).await;
        let days: Vec<_> = list
            .iter()
            .map(|one| one["due_at"].as_str().expect("an instant")[8..10].to_owned())
            .collect();
        let sorted = |mut days: Vec<String>| {
            days.sort();
            days
        };
        if query.contains("created_at") {
            // Two of the review were made at once.
            assert_eq!(
                sorted(days),
                sorted(expected.iter().map(|&day| day.to_owned()).collect())
            );
        } else {
            assert_eq!(days, expected, "{query}");
        }
    }
    let all = app.reader().all(PATH, 3).await;
    assert_eq!(all.len(), 7);
    let both = app
        .reader()
        .all(&format!("{PATH}?review_id={}&{own}", other.id), 3)
        .await;
    assert_eq!(both.len(), 7);
}

async fn deadlines_of_hidden_reviews_and_other_organisations_do_not_exist(app: App) {
    let hidden = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    worked(&app, &hidden, "2026-11-30").await;
    let shown = a_review(&app).await;
    for (client, expected) in [
        (app.admin(), 5),
        (app.reader(), 2),
        (app.facilitator(), 2),
        (app.stranger(), 0),
    ] {
        let list = client.all(PATH, 50).await;
        assert_eq!(list.len(), expected);
        let named = format!("{PATH}?review_id={}", hidden.id);
        let named = client.all(&named, 50).await;
        assert_eq!(named.len(), if expected == 5 { 3 } else { 0 });
    }
    // Who takes part sees them.
    let me = app.facilitator().get("/api/v1/me").await.expect(200).json();
    let body = json!({ "name": "Kim", "function": "it", "subject": me["subject"] });
    let call = app.admin().post(hidden.path("/participants"), &body);
    call.await.expect(201);
    assert_eq!(app.facilitator().all(PATH, 50).await.len(), 5);
    assert_eq!(app.reader().all(PATH, 50).await.len(), 2);
    let key = json!({ "name": "half", "scopes": ["reviews:read"] });
    let key = app
        .admin()
        .post("/api/v1/api-keys", &key)
        .await
        .expect(201)
        .json();
    let half = app.bearing(key["key"].as_str());
    half.get(PATH).await.problem(403, "missing_scope");
    assert_eq!(of(&app, &shown.id).await.len(), 2);
}
