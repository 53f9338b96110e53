//! What a review keeps of its policy, what that asks of it, and that nothing changes it unasked.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_review_that_is_opened_by_hand_keeps_its_policy,
    a_policy_that_changes_changes_no_open_review,
    a_policy_is_applied_again_on_request_and_on_record,
    a_published_review_keeps_its_policy,
    a_review_is_not_handed_in_without_the_functions_that_its_policy_asks_for,
    an_action_without_a_date_is_due_as_the_policy_says,
);

fn with(mut body: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn policy(app: &App, own: Value) -> Reply {
    let body = json!({ "name": "Ours", "requirement": "mandatory", "required_functions": [] });
    let made = app.admin().post("/api/v1/policies", &with(body, own)).await;
    made.expect(201)
}

async fn changed(app: &App, policy: &Reply, change: Value) {
    let path = format!("/api/v1/policies/{}", policy.id());
    let tag = app.admin().get(&path).await.expect(200).etag();
    let patch = app.admin().patch(&path, &change).if_match(&tag);
    patch.await.expect(200);
}

async fn reapplied(review: &Review) -> Value {
    review
        .step("reapply-policy", &json!(null))
        .await
        .expect(200)
        .json()
}

async fn a_review_that_is_opened_by_hand_keeps_its_policy(app: App) {
    let bare = a_review_with(&app, json!({})).await.now().await.json();
    let kept = &bare["policy_snapshot"];
    assert_eq!(
        (&kept["policy_id"], &kept["name"]),
        (&Value::Null, &json!("Built-in defaults"))
    );
    assert_eq!(kept["calendar"]["id"], Value::Null);
    // Without an incident its periods count from its opening.
    assert_eq!(kept["counted_from"], bare["created_at"]);
    assert_eq!(bare["workshop_due_at"], "2026-11-30T17:00:00Z");
    assert_eq!(bare["publish_due_at"], "2026-12-07T12:00:00Z");

    let exercise = policy(
        &app,
        json!({ "name": "Exercises", "kinds": ["exercise"], "rank": 1 }),
    )
    .await;
    let malware = policy(
        &app,
        json!({ "name": "Malware", "categories": ["malicious_code"] }),
    )
    .await;
    let incident = json!({ "title": "Worm", "severity": "low", "category": "malicious_code", "status": "closed", "backfilled": true });
    let incident = app
        .admin()
        .post("/api/v1/incidents", &incident)
        .await
        .expect(201);
    for (own, expected) in [
        (json!({ "kind": "exercise" }), json!(exercise.id())),
        (
            json!({ "incident_ids": [incident.id()] }),
            json!(malware.id()),
        ),
        (json!({ "kind": "near_miss" }), Value::Null),
    ] {
        let review = a_review_with(&app, own.clone()).await.now().await.json();
        assert_eq!(review["policy_snapshot"]["policy_id"], expected, "{own}");
    }
    let given = json!({ "workshop_due_at": "2026-12-01T09:00:00Z" });
    let given = a_review_with(&app, given).await.now().await.json();
    assert_eq!(given["workshop_due_at"], "2026-12-01T09:00:00Z");
    assert_eq!(given["publish_due_at"], "2026-12-07T12:00:00Z");
    let from = "publish_due_at_from=2026-12-07T12:00:00Z";
    let due = format!("/api/v1/reviews?{from}&publish_due_at_to=2026-12-07T12:00:01Z");
    assert_eq!(app.reader().all(&due, 50).await.len(), 5);
}

async fn a_policy_that_changes_changes_no_open_review(app: App) {
    let policy = policy(&app, json!({ "required_assessments": ["detection"] })).await;
    let review = a_review_with(&app, json!({})).await;
    let before = review.now().await;
    changed(
        &app,
        &policy,
        json!({
            "requirement": "optional", "workshop_due": { "amount": 1, "unit": "calendar_hours" },
            "required_assessments": ["recovery"], "minimum_feedback_group": 9,
        }),
    )
    .await;
    let calendar = json!({ "name": "Ours", "time_zone": "Asia/Tokyo", "is_default": true });
    app.admin()
        .post("/api/v1/calendars", &calendar)
        .await
        .expect(201);
    let after = review.now().await;
    assert_eq!((after.json(), after.etag()), (before.json(), before.etag()));
    let path = format!("/api/v1/policies/{}", policy.id());
    let tag = app.admin().get(&path).await.expect(200).etag();
    app.admin().delete(&path).if_match(&tag).await.expect(204);
    assert_eq!(review.now().await.json(), before.json());
    // Nor does a change of the review itself apply another.
    let change = json!({ "severity": "low", "kind": "exercise" });
    let patch = app
        .admin()
        .patch(review.path(""), &change)
        .if_match(&before.etag());
    let kept = patch.await.expect(200).json();
    assert_eq!(kept["policy_snapshot"], before.json()["policy_snapshot"]);
    // Whoever opens one now gets what holds now.
    let new = a_review_with(&app, json!({})).await.now().await.json();
    assert_eq!(new["policy_snapshot"]["policy_id"], Value::Null);
    assert_eq!(
        new["policy_snapshot"]["calendar"]["time_zone"],
        "Asia/Tokyo"
    );
}

async fn a_policy_is_applied_again_on_request_and_on_record(app: App) {
    let policy = policy(&app, json!({})).await;
    let set = json!({ "publish_due_at": "2027-01-15T12:00:00Z" });
    let review = a_review_with(&app, set).await;
    let before = review.now().await;
    assert_eq!(before.json()["workshop_due_at"], "2026-11-30T17:00:00Z");
    changed(
        &app,
        &policy,
        json!({ "workshop_due": { "amount": 2, "unit": "business_days" } }),
    )
    .await;
    app.wait(Duration::hours(1));
    let path = review.path("/reapply-policy");
    let call = app.admin().post(&path, &Value::Null).bytes("");
    call.clone().await.problem(428, "precondition_required");
    let none = app.contributor().post(&path, &Value::Null).bytes("");
    none.if_match(&before.etag())
        .await
        .problem(403, "missing_scope");
    let after = call
        .clone()
        .if_match(&before.etag())
        .key("again")
        .await
        .expect(200);
    call.clone()
        .if_match(&before.etag())
        .await
        .problem(412, "stale_version");
    let replayed = call.if_match(&before.etag()).key("again").await.expect(200);
    assert_eq!(replayed.header("idempotency-replayed"), Some("true"));
    let body = after.json();
    let kept = &body["policy_snapshot"];
    assert_eq!(
        (&kept["version"], &kept["applied_at"]),
        (&json!(2), &json!("2026-11-23T13:00:00Z"))
    );
    // Counted from where it was counted before; what somebody set stays.
    assert_eq!(kept["counted_from"], "2026-11-23T12:00:00Z");
    assert_eq!(body["workshop_due_at"], "2026-11-25T17:00:00Z");
    assert_eq!(body["publish_due_at"], "2027-01-15T12:00:00Z");
    assert_eq!(body["version"], 2);
    let due = review
        .path("")
        .replace("/reviews/", "/deadlines?kind=workshop_due&review_id=");
    let due = app.reader().get(due).await.expect(200).items();
    assert_eq!(due[0]["due_at"], "2026-11-25T17:00:00Z");
    let log = format!("/api/v1/audit-records?review_id={}", review.id);
    let newest = app.auditor().get(log).await.expect(200).items().remove(0);
    assert_eq!(newest["action"], "review.reapply_policy");
    assert_eq!(newest["before"]["policy_snapshot"]["version"], 1);
    assert_eq!(newest["after"]["policy_snapshot"]["version"], 2);
    // What somebody cleared is the policy's again.
    let tag = review.now().await.etag();
    let clear = json!({ "workshop_due_at": null, "publish_due_at": null });
    let patch = app.admin().patch(review.path(""), &clear).if_match(&tag);
    assert_eq!(
        patch.await.expect(200).json()["workshop_due_at"],
        Value::Null
    );
    let body = reapplied(&review).await;
    assert_eq!(body["workshop_due_at"], "2026-11-25T17:00:00Z");
    assert_eq!(body["publish_due_at"], "2026-12-07T12:00:00Z");
}

async fn a_published_review_keeps_its_policy(app: App) {
    policy(&app, json!({ "workshop_required": false })).await;
    let review = a_review_with(&app, json!({})).await.published().await;
    let refused = review.step("reapply-policy", &json!(null)).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert_eq!(refused, [(String::new(), "review_is_published".to_owned())]);
    // What was published froze it as well.
    let snapshot = app.reader().get(review.path("/snapshot")).await.expect(200);
    let now = review.now().await.json();
    assert_eq!(
        snapshot.json()["review"]["policy_snapshot"],
        now["policy_snapshot"]
    );
}

async fn a_review_is_not_handed_in_without_the_functions_that_its_policy_asks_for(app: App) {
    let own = json!({ "required_functions": ["legal", "it"], "workshop_required": false });
    policy(&app, own).await;
    let review = a_review_with(&app, json!({}))
        .await
        .with_events(1)
        .await
        .started()
        .await;
    let unmet = async || {
        let readiness = app.admin().get(review.path("/readiness")).await.expect(200);
        let submit = readiness.json()["steps"][1]["unmet"].clone();
        let codes = submit.as_array().expect("conditions").clone();
        codes
            .iter()
            .map(|one| one["code"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(unmet().await, ["function_missing", "function_missing"]);
    let add = async |function: &str| {
        let body = json!({ "name": function, "function": function });
        let call = app.admin().post(review.path("/participants"), &body);
        call.await.expect(201);
    };
    add("legal").await;
    add("management").await;
    assert_eq!(unmet().await, ["function_missing"]);
    let refused = review.step("submit", &json!({})).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert_eq!(refused, [(String::new(), "function_missing".to_owned())]);
    add("it").await;
    assert!(unmet().await.is_empty());
    review.step("submit", &json!({})).await.expect(200);
}

async fn an_action_without_a_date_is_due_as_the_policy_says(app: App) {
    let own = json!({ "action_due_days": { "critical": 7 }, "workshop_required": false });
    policy(&app, own).await;
    let review = a_review_with(&app, json!({})).await;
    let admin = app.admin();
    let work = |own: Value| with(json!({ "title": "Own every alert", "type": "detect" }), own);
    let level = |level: &str| json!({ "priority_override": { "level": level, "reason": "x" } });
    for (own, due) in [
        (level("critical"), json!("2026-11-30")),
        (level("high"), json!("2026-12-23")),
        (level("medium"), json!("2027-02-21")),
        (level("low"), json!("2027-05-22")),
        (json!({ "due_on": "2026-12-01" }), json!("2026-12-01")),
        (json!({ "status": "proposed" }), Value::Null),
    ] {
        let made = admin
            .post(review.path("/actions"), &work(own.clone()))
            .await;
        assert_eq!(made.expect(201).json()["due_on"], due, "{own}");
    }
    // Who commits to a proposal gets the date then, and may take it away.
    let made = work(with(level("high"), json!({ "status": "proposed" })));
    let made = admin.post(review.path("/actions"), &made).await.expect(201);
    let path = review.path(&format!("/actions/{}", made.id()));
    app.wait(Duration::days(10));
    let open = json!({ "status": "open" });
    let open = admin
        .post(format!("{path}/progress"), &open)
        .await
        .expect(201);
    assert_eq!(open.json()["action"]["due_on"], "2027-01-02");
    assert_eq!(open.json()["action"]["due_date_changes"], 0);
    let clear = admin
        .patch(&path, &json!({ "due_on": null }))
        .if_match("*")
        .await;
    assert_eq!(clear.expect(200).json()["due_on"], Value::Null);
}
