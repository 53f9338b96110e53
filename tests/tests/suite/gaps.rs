//! The gap register: every gap that stands, what answers it, and who may see it.

use debrief::kernel::database as migrations;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_gap_shows_its_control_its_review_and_what_answers_it,
    the_state_of_a_gap_follows_its_actions,
    the_state_of_a_gap_follows_its_recommendations,
    a_duplicate_answers_a_gap_as_its_original_does,
    a_gap_stands_in_the_register_as_long_as_its_finding_does,
    gaps_are_found_by_what_they_say,
    gaps_of_hidden_reviews_are_not_in_the_register,
    gaps_that_are_older_than_the_register_are_entered_with_their_states,
);

fn gap(fields: Value) -> Value {
    let mut body =
        json!({ "kind": "gap", "statement": "Nobody owns alerts", "gap_category": "policy" });
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn register(app: &App) -> Vec<Value> {
    app.reader().all("/api/v1/gaps", 1).await
}

/// The state of the only gap.
async fn state(app: &App) -> String {
    let gaps = register(app).await;
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    gaps[0]["state"].as_str().unwrap_or_default().to_owned()
}

fn ids(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|one| one["id"].as_str()).collect()
}

async fn a_gap_shows_its_control_its_review_and_what_answers_it(app: App) {
    let review = a_review(&app).await;
    let control = json!({ "id": "A.8.16", "name": "Monitoring", "function": "detective", "state": "not_monitored" });
    let fields = json!({
        "control": control, "likelihood": 4, "severity_score": 5, "factor_area": "organisation",
    });
    let finding = review.record(&gap(fields)).await.json();
    let id = finding["id"].clone();
    let named = json!({ "title": "Own alerts", "finding_ids": [id] });
    let recommendation = review.propose(&named).await.id();
    let direct = json!({
        "title": "Own them now", "type": "detect", "finding_ids": [id], "owner": { "name": "Kim Larsen" },
        "due_on": "2027-01-31",
    });
    let direct = review.act(&direct).await.id();
    let indirect = json!({ "title": "Own them later", "type": "detect" });
    let indirect = review.act(&indirect).await.id();
    let given = json!({ "action_ids": [indirect, direct] });
    let below = format!("/recommendations/{recommendation}");
    review.verb(&below, "accept", &given).await.expect(200);
    let gaps = register(&app).await;
    assert_eq!(gaps.len(), 1);
    let found = &gaps[0];
    let review = review.now().await.json();
    assert_eq!(found["finding_id"], id);
    for (field, expected) in [
        ("review_id", &review["id"]),
        ("review_key", &review["key"]),
        ("review_title", &review["title"]),
        ("review_severity", &review["severity"]),
    ] {
        assert_eq!(&found[field], expected, "{field}");
    }
    for field in [
        "statement",
        "gap_category",
        "factor_area",
        "control",
        "likelihood",
        "severity_score",
        "risk_score",
        "no_recommendation_reason",
        "created_at",
    ] {
        assert_eq!(found[field], finding[field], "{field}");
    }
    assert_eq!(found["state"], "in_progress");
    assert_eq!(ids(&found["recommendations"]), [recommendation.as_str()]);
    assert_eq!(found["recommendations"][0]["disposition"], "accepted");
    // The one that names it and carries the recommendation out is there once.
    assert_eq!(ids(&found["actions"]), [direct.as_str(), indirect.as_str()]);
    let owned = &found["actions"][0];
    assert_eq!(
        (&owned["owner_name"], &owned["due_on"]),
        (&json!("Kim Larsen"), &json!("2027-01-31"))
    );
}

async fn the_state_of_a_gap_follows_its_actions(app: App) {
    let review = a_review(&app).await;
    let finding = review.record(&gap(json!({}))).await.id();
    assert_eq!(state(&app).await, "unanswered");
    let suggested = json!({
        "title": "Own alerts", "type": "detect", "finding_ids": [finding], "status": "proposed",
    });
    let action = format!("/actions/{}", review.act(&suggested).await.id());
    assert_eq!(state(&app).await, "recommended");
    let why = json!({ "reason": "decided in the meeting" });
    for (verb, body, expected) in [
        ("progress", json!({ "status": "open" }), "in_progress"),
        (
            "progress",
            json!({ "status": "implemented" }),
            "in_progress",
        ),
        (
            "verifications",
            json!({ "method": "retest", "result": "effective" }),
            "closed",
        ),
        (
            "verifications",
            json!({ "method": "retest", "result": "ineffective" }),
            "in_progress",
        ),
        ("decline", why.clone(), "unanswered"),
        ("reopen", why.clone(), "in_progress"),
        ("cancel", why.clone(), "unanswered"),
        ("reopen", why.clone(), "in_progress"),
        (
            "accept-risk",
            json!({ "reason": "rare", "expires_on": "2027-06-30", "approver": { "name": "The CISO" } }),
            "accepted",
        ),
    ] {
        let reply = review.verb(&action, verb, &body).await;
        assert!([200, 201].contains(&reply.status), "{}", reply.text());
        assert_eq!(state(&app).await, expected, "{verb} {body}");
    }
    let patched = async |below: &str, change: Value| {
        let path = review.path(below);
        let call = app.contributor().patch(path, &change).if_match("*");
        call.await.expect(200);
        state(&app).await
    };
    assert_eq!(
        patched(&action, json!({ "finding_ids": [] })).await,
        "unanswered"
    );
    assert_eq!(
        patched(&action, json!({ "finding_ids": [finding] })).await,
        "accepted"
    );
    assert_eq!(
        patched(&action, json!({ "finding_ids": [] })).await,
        "unanswered"
    );
    let gap = format!("/findings/{finding}");
    let reason = json!({ "no_recommendation_reason": "retired next month" });
    assert_eq!(patched(&gap, reason).await, "accepted");
    assert_eq!(
        patched(&gap, json!({ "no_recommendation_reason": null })).await,
        "unanswered"
    );
}

async fn the_state_of_a_gap_follows_its_recommendations(app: App) {
    let review = a_review(&app).await;
    let finding = review.record(&gap(json!({}))).await.id();
    let named = json!({ "title": "Own alerts", "finding_ids": [finding] });
    let made = review.propose(&named).await;
    let below = format!("/recommendations/{}", made.id());
    assert_eq!(state(&app).await, "recommended");
    let why = json!({ "reason": "decided in the meeting" });
    let work =
        json!({ "actions": [{ "title": "Own alerts", "type": "detect", "finding_ids": [] }] });
    for (verb, body, expected) in [
        (
            "defer",
            json!({ "reason": "x", "deferred_until": "2027-01-31" }),
            "recommended",
        ),
        ("reject", why.clone(), "unanswered"),
        ("repropose", why.clone(), "recommended"),
        (
            "accept-risk",
            json!({ "reason": "rare", "expires_on": "2027-06-30", "approver": { "name": "The CISO" } }),
            "accepted",
        ),
        ("repropose", why.clone(), "recommended"),
        ("accept", work, "in_progress"),
    ] {
        review.verb(&below, verb, &body).await.expect(200);
        assert_eq!(state(&app).await, expected, "{verb}");
    }
    // An action counts that carries the recommendation out, whether it names the gap or not.
    let list = review.path("/actions");
    let action = app.reader().all(&list, 50).await[0]["id"].clone();
    let action = format!("/actions/{}", action.as_str().unwrap_or_default());
    let unnamed = json!({ "finding_ids": [] });
    let patch = app
        .contributor()
        .patch(review.path(&action), &unnamed)
        .if_match("*");
    patch.await.expect(200);
    assert_eq!(state(&app).await, "in_progress");
    review.verb(&action, "decline", &why).await.expect(200);
    assert_eq!(
        state(&app).await,
        "recommended",
        "agreed, and nobody at work"
    );
    review.verb(&action, "reopen", &why).await.expect(200);
    review.verb(&below, "repropose", &why).await.expect(200);
    let unnamed = app
        .contributor()
        .patch(review.path(&below), &unnamed)
        .if_match("*");
    unnamed.await.expect(200);
    assert_eq!(state(&app).await, "unanswered");
}

async fn a_duplicate_answers_a_gap_as_its_original_does(app: App) {
    let review = a_review(&app).await;
    let finding = review.record(&gap(json!({}))).await.id();
    let original = review.propose(&json!({ "title": "Own alerts" })).await.id();
    let named = json!({ "title": "The same", "finding_ids": [finding] });
    let duplicate = review.propose(&named).await.id();
    let below = format!("/recommendations/{duplicate}");
    let of = json!({ "duplicate_of_id": original });
    review.verb(&below, "duplicate", &of).await.expect(200);
    assert_eq!(state(&app).await, "recommended");
    let gaps = register(&app).await;
    assert_eq!(gaps[0]["recommendations"][0]["duplicate_of_id"], original);
    let work = json!({ "actions": [{ "title": "Own alerts", "type": "detect" }] });
    let original = format!("/recommendations/{original}");
    let accepted = review
        .verb(&original, "accept", &work)
        .await
        .expect(200)
        .json();
    assert_eq!(state(&app).await, "in_progress");
    let gaps = register(&app).await;
    assert_eq!(ids(&gaps[0]["actions"]).len(), 1);
    let action = accepted["action_ids"][0]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let done = json!({ "status": "implemented" });
    let proof = json!({ "method": "retest", "result": "effective" });
    let action = format!("/actions/{action}");
    review.verb(&action, "progress", &done).await.expect(201);
    review
        .verb(&action, "verifications", &proof)
        .await
        .expect(201);
    assert_eq!(state(&app).await, "closed");
    let why = json!({ "reason": "x" });
    review.verb(&original, "repropose", &why).await.expect(200);
    assert_eq!(state(&app).await, "recommended");
    review.verb(&original, "reject", &why).await.expect(200);
    assert_eq!(state(&app).await, "unanswered");
}

async fn a_gap_stands_in_the_register_as_long_as_its_finding_does(app: App) {
    let review = a_review(&app).await;
    let made = review
        .record(&json!({ "kind": "observation", "statement": "x" }))
        .await;
    assert!(register(&app).await.is_empty());
    let path = review.path(&format!("/findings/{}", made.id()));
    let patched = async |change: Value| {
        let call = app.contributor().patch(&path, &change).if_match("*");
        call.await.expect(200);
        register(&app).await
    };
    let action = json!({ "title": "Own alerts", "type": "detect", "finding_ids": [made.id()] });
    review.act(&action).await;
    let entered = patched(json!({ "kind": "gap", "gap_category": "training_awareness" })).await;
    assert_eq!(
        entered[0]["state"], "in_progress",
        "the action was there before the gap"
    );
    let control = json!({ "id": "A.6.3", "function": "preventive", "state": "missing" });
    let changed =
        patched(json!({ "control": control, "likelihood": 2, "severity_score": 3 })).await;
    assert_eq!(
        (&changed[0]["control"]["id"], &changed[0]["risk_score"]),
        (&json!("A.6.3"), &json!(6))
    );
    let found = app
        .reader()
        .all("/api/v1/gaps?control_id=A.6.3&risk_score_from=6", 50)
        .await;
    assert_eq!(found, changed);
    let gone = json!({ "kind": "observation", "gap_category": null, "control": null });
    assert!(patched(gone).await.is_empty());
    assert_eq!(
        patched(json!({ "kind": "gap", "gap_category": "policy" }))
            .await
            .len(),
        1
    );
    let why = json!({ "reason": "disproved" });
    let below = format!("/findings/{}", made.id());
    review.verb(&below, "retract", &why).await.expect(200);
    assert!(register(&app).await.is_empty());
}

async fn found(app: &App, query: &str) -> Vec<String> {
    let found = app.reader().all(&format!("/api/v1/gaps?{query}"), 1).await;
    let text = |one: &Value| one["statement"].as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}

async fn gaps_are_found_by_what_they_say(app: App) {
    let review = a_review(&app).await;
    let other = a_review_with(&app, json!({ "severity": "low" })).await;
    let control = json!({ "id": "A.8.16", "function": "detective", "state": "not_monitored" });
    let alpha =
        json!({ "statement": "Alpha", "control": control, "likelihood": 5, "severity_score": 2 });
    let alpha = review.record(&gap(alpha)).await.id();
    app.wait(chrono::Duration::hours(1));
    let beta = json!({
        "statement": "Beta", "description": "alpha again", "gap_category": "technology",
        "likelihood": 5, "severity_score": 5, "no_recommendation_reason": "retired",
    });
    other.record(&gap(beta)).await;
    other
        .record(&gap(json!({ "statement": "Gamma", "severity_score": 3 })))
        .await;
    review
        .propose(&json!({ "title": "x", "finding_ids": [alpha] }))
        .await;
    let (alpha, beta, gamma) = ("Alpha", "Beta", "Gamma");
    let of = format!("review_id={}", other.id);
    for (query, expected) in [
        ("", vec![beta, alpha, gamma]),
        ("sort=risk_score", vec![alpha, beta, gamma]),
        ("sort=severity_score", vec![alpha, gamma, beta]),
        ("sort=-severity_score", vec![beta, gamma, alpha]),
        ("sort=created_at", vec![alpha, beta, gamma]),
        ("sort=-created_at", vec![gamma, beta, alpha]),
        ("state=recommended", vec![alpha]),
        ("state=accepted&state=unanswered", vec![beta, gamma]),
        ("state=closed", vec![]),
        ("gap_category=technology", vec![beta]),
        ("gap_category=policy", vec![alpha, gamma]),
        ("control_id=A.8.16&control_id=A.8.17", vec![alpha]),
        ("control_state=not_monitored", vec![alpha]),
        (of.as_str(), vec![beta, gamma]),
        ("review_severity=low", vec![beta, gamma]),
        ("review_severity=high&state=recommended", vec![alpha]),
        ("severity_score_from=3", vec![beta, gamma]),
        ("severity_score_to=3", vec![alpha]),
        ("risk_score_from=10&risk_score_to=25", vec![alpha]),
        ("risk_score_from=25", vec![beta]),
        ("created_at_from=2026-11-23T13:00:00Z", vec![beta, gamma]),
        ("created_at_to=2026-11-23T13:00:00Z", vec![alpha]),
        ("q=ALPHA", vec![beta, alpha]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
    for wrong in [
        "state=done",
        "risk_score_from=27",
        "severity_score_from=0",
        "sort=state",
    ] {
        let reply = app.reader().get(format!("/api/v1/gaps?{wrong}")).await;
        reply.problem(400, "invalid_parameter");
    }
}

async fn gaps_of_hidden_reviews_are_not_in_the_register(app: App) {
    let open: Review = a_review(&app).await;
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    open.record(&gap(
        json!({ "statement": "open", "likelihood": 1, "severity_score": 1 }),
    ))
    .await;
    quiet.record(&gap(json!({ "statement": "quiet" }))).await;
    assert_eq!(found(&app, "").await, ["open"]);
    assert!(
        found(&app, &format!("review_id={}", quiet.id))
            .await
            .is_empty()
    );
    let all = app.admin().all("/api/v1/gaps", 50).await;
    assert_eq!(all.len(), 2);
    assert!(app.stranger().all("/api/v1/gaps", 50).await.is_empty());
    // The register shows actions, so it takes the right to read them too.
    let key = json!({ "name": "portal", "scopes": ["reviews:read"] });
    let key = app
        .admin()
        .post("/api/v1/api-keys", &key)
        .await
        .expect(201)
        .json();
    let portal = app.bearing(key["key"].as_str());
    portal
        .get("/api/v1/gaps")
        .await
        .problem(403, "missing_scope");
}

/// An action that answers a gap, in one of the states that actions can have.
async fn answer(review: &Review, finding: &str, status: &str) {
    let begins = if status == "proposed" {
        "proposed"
    } else {
        "open"
    };
    let work =
        json!({ "title": "x", "type": "detect", "finding_ids": [finding], "status": begins });
    let action = format!("/actions/{}", review.act(&work).await.id());
    let why = json!({ "reason": "decided in the meeting" });
    let steps = match status {
        "proposed" | "open" => vec![],
        "verified" => vec![
            ("progress", json!({ "status": "implemented" })),
            (
                "verifications",
                json!({ "method": "retest", "result": "effective" }),
            ),
        ],
        "declined" => vec![("decline", why)],
        _ => {
            let borne = json!({ "reason": "rare", "expires_on": "2027-06-30", "approver": { "name": "The CISO" } });
            vec![("accept-risk", borne)]
        }
    };
    for (verb, body) in steps {
        let reply = review.verb(&action, verb, &body).await;
        assert!([200, 201].contains(&reply.status), "{}", reply.text());
    }
}

async fn gaps_that_are_older_than_the_register_are_entered_with_their_states(app: App) {
    let review = a_review(&app).await;
    let mut expected = Vec::new();
    for (reason, statuses, state) in [
        (false, &[][..], "unanswered"),
        (true, &[], "accepted"),
        (false, &["declined"], "unanswered"),
        (true, &["declined"], "accepted"),
        (false, &["risk_accepted"], "accepted"),
        (true, &["verified", "risk_accepted"], "closed"),
        (false, &["proposed", "verified"], "recommended"),
        (true, &["proposed", "verified", "open"], "in_progress"),
    ] {
        let control = json!({ "id": format!("A.8.{}", expected.len()), "function": "detective", "state": "missing" });
        let mut fields = json!({ "control": control, "likelihood": 2, "severity_score": 3 });
        if reason {
            fields["no_recommendation_reason"] = json!("retired next month");
        }
        let finding = review.record(&gap(fields)).await.id();
        for status in statuses {
            answer(&review, &finding, status).await;
        }
        expected.push(state);
    }
    review
        .record(&json!({ "kind": "observation", "statement": "no gap" }))
        .await;
    let before = app.reader().all("/api/v1/gaps?sort=created_at", 50).await;
    let states: Vec<_> = before.iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, expected);
    app.end().await;
    let url = app.database_url();
    let known = migrations::status(&url)
        .await
        .expect("the migrations are listed");
    let register = known
        .iter()
        .position(|one| one.name.ends_with("_create_gaps"));
    let steps = known.len() - register.expect("the register has a migration");
    let steps = u32::try_from(steps).expect("a few");
    migrations::down(&url, steps)
        .await
        .expect("the register can be taken back");
    app.restart(&[]).await;
    assert_eq!(
        app.reader().all("/api/v1/gaps?sort=created_at", 50).await,
        before
    );
    let found = app
        .reader()
        .all("/api/v1/gaps?control_id=A.8.5&state=closed", 50)
        .await;
    assert_eq!(found, [before[5].clone()]);
}
