//! The life of a review: its steps, what each of them asks for, and that nobody's is lost.

use chrono::{DateTime, Duration, Utc};
use debrief_tests::builders::{Review, a_document, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use futures_util::future::join_all;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

both_databases!(
    a_review_lives_from_draft_to_closed,
    each_state_allows_its_own_steps_and_refuses_the_others,
    submitting_asks_for_an_owner_a_summary_and_an_event,
    publishing_asks_for_each_condition_with_its_own_code,
    publishing_asks_for_a_decision_about_every_recommendation,
    the_owner_of_a_review_cannot_publish_it,
    closing_asks_that_every_action_has_ended,
    closing_asks_that_every_lesson_is_kept_or_retired,
    a_waiver_has_a_reason_and_an_approver_who_is_not_the_owner,
    cancelling_and_reopening_need_a_reason,
    a_reopened_review_keeps_its_snapshot_until_it_is_published_again,
    a_step_needs_the_current_version,
    of_several_who_close_at_once_one_wins,
);

/// A body that fits the step.
fn grounds(verb: &str) -> Value {
    match verb {
        "waive" => json!({ "reason": "covered elsewhere", "approver": "ciso@example.org" }),
        "cancel" | "reopen" => json!({ "reason": "decided in the meeting" }),
        _ => json!({}),
    }
}

/// What a step still asks for, as the readiness tells it to somebody.
async fn unmet(client: &Client, review: &Review, verb: &str) -> Vec<String> {
    let readiness = client.get(review.path("/readiness")).await.expect(200);
    let readiness = readiness.json();
    let steps = readiness["steps"].as_array().expect("steps");
    let step = steps.iter().find(|one| one["step"] == verb);
    let step = step.expect("every step is there");
    let unmet = step["unmet"].as_array().expect("conditions");
    assert_eq!(step["ready"], unmet.is_empty(), "{verb}: {step}");
    let code = |fault: &Value| fault["code"].as_str().expect("a code").to_owned();
    unmet.iter().map(code).collect()
}

/// That the step is refused with just what the readiness names, and changes nothing.
async fn refused(review: &Review, verb: &str, expected: &[&str]) {
    let before = review.now().await;
    let reply = review.step(verb, &grounds(verb)).await;
    let problem = reply.problem(409, "state_conflict").json();
    let errors = problem["errors"].as_array().expect("conditions");
    let codes: Vec<_> = errors.iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, expected, "{verb}");
    assert_eq!(review.now().await.json(), before.json(), "{verb}");
}

async fn patched(app: &App, path: &str, change: &Value) {
    let admin = app.admin();
    let tag = admin.get(path).await.expect(200).etag();
    let call = admin.patch(path, change).if_match(&tag);
    call.await.expect(200);
}

async fn subject(client: &Client) -> String {
    let me = client.get("/api/v1/me").await.expect(200).json();
    me["subject"].as_str().expect("a subject").to_owned()
}

fn moment(value: &Value) -> DateTime<Utc> {
    let text = value.as_str().expect("an instant");
    text.parse().expect("RFC 3339")
}

async fn a_review_lives_from_draft_to_closed(app: App) {
    let review = a_review(&app).await.with_findings().await;
    let me = subject(&app.admin()).await;
    let key = review.now().await.json()["key"].clone();
    let by_key = format!("/api/v1/reviews/{}", key.as_str().expect("a key"));
    let mut from = "draft";
    for (number, (verb, to)) in [
        ("start", "in_progress"),
        ("submit", "in_review"),
        ("publish", "published"),
        ("close", "closed"),
    ]
    .into_iter()
    .enumerate()
    {
        app.wait(Duration::minutes(5));
        let before = review.now().await;
        assert_eq!(before.json()["status"], from);
        let why = json!({ "reason": format!("time to {verb}") });
        let after = review.step(verb, &why).await.expect(200);
        let body = after.json();
        assert_eq!(body["status"], to);
        let version = before.json()["version"].as_i64().expect("a version");
        assert_eq!(body["version"], version + 1);
        let transitions = body["transitions"].as_array().expect("transitions");
        assert_eq!(transitions.len(), number + 1);
        let last = &transitions[number];
        assert_eq!((&last["from"], &last["to"]), (&json!(from), &json!(to)));
        assert_eq!(last["by"], me);
        assert_eq!(last["reason"], why["reason"]);
        assert_eq!(moment(&last["at"]), app.now());
        assert_eq!(moment(&body["updated_at"]), app.now());
        let approver = if verb == "publish" {
            json!(me)
        } else {
            json!(null)
        };
        assert_eq!(last["approver"], approver, "{verb}");
        let read = app.reader().get(&by_key).await.expect(200);
        assert_eq!((read.json(), read.etag()), (body, after.etag()));
        from = to;
    }
    let closed = review.now().await.json();
    assert_eq!(moment(&closed["closed_at"]), app.now());
    let published = app.now() - Duration::minutes(5);
    assert_eq!(moment(&closed["published_at"]), published);
}

async fn each_state_allows_its_own_steps_and_refuses_the_others(app: App) {
    let complete = async || a_review(&app).await.with_findings().await;
    let aside = async |verb: &str| {
        let review = complete().await;
        review.step(verb, &grounds(verb)).await.expect(200);
        review
    };
    let states: [(&str, Review, &[&str]); 7] = [
        ("draft", complete().await, &["start", "waive", "cancel"]),
        (
            "in_progress",
            complete().await.started().await,
            &["submit", "waive", "cancel"],
        ),
        (
            "in_review",
            a_review(&app).await.submitted().await,
            &["publish", "waive", "cancel", "reopen"],
        ),
        (
            "published",
            a_review(&app).await.published().await,
            &["close", "reopen"],
        ),
        ("closed", a_review(&app).await.closed().await, &["reopen"]),
        ("waived", aside("waive").await, &["reopen"]),
        ("cancelled", aside("cancel").await, &["reopen"]),
    ];
    for (state, review, allowed) in states {
        assert_eq!(review.now().await.json()["status"], state);
        for verb in [
            "start", "submit", "publish", "close", "waive", "cancel", "reopen",
        ] {
            let unmet = unmet(&app.admin(), &review, verb).await;
            if allowed.contains(&verb) {
                assert!(unmet.is_empty(), "{state}, {verb}: {unmet:?}");
            } else {
                assert_eq!(unmet, ["wrong_state"], "{state}, {verb}");
                refused(&review, verb, &["wrong_state"]).await;
            }
        }
    }
}

async fn submitting_asks_for_an_owner_a_summary_and_an_event(app: App) {
    let nothing = json!({ "owner": null, "summary": null });
    let review = a_review_with(&app, nothing).await.started().await;
    let asks = async |expected: &[&str]| {
        assert_eq!(unmet(&app.admin(), &review, "submit").await, expected);
        refused(&review, "submit", expected).await;
    };
    asks(&["no_owner", "no_summary", "no_events"]).await;
    // Who may not take the step is told so as well.
    assert_eq!(
        unmet(&app.reader(), &review, "submit").await,
        ["no_owner", "no_summary", "no_events", "missing_scope"]
    );
    let owner = json!({ "owner": { "name": "Ada Lovelace" } });
    patched(&app, &review.path(""), &owner).await;
    asks(&["no_summary", "no_events"]).await;
    // Blanks are no summary.
    patched(&app, &review.path(""), &json!({ "summary": " \n " })).await;
    asks(&["no_summary", "no_events"]).await;
    patched(&app, &review.path(""), &json!({ "summary": "Phished" })).await;
    asks(&["no_events"]).await;
    // Nor is what was struck out an event.
    let event = review.append(1).await.remove(0);
    assert!(unmet(&app.admin(), &review, "submit").await.is_empty());
    let event = review.path(&format!("/events/{event}"));
    let tag = app.admin().get(&event).await.expect(200).etag();
    let why = json!({ "reason": "another host" });
    let retract = app.admin().post(format!("{event}/retract"), &why);
    retract.if_match(&tag).await.expect(200);
    asks(&["no_events"]).await;
    review.append(1).await;
    assert!(unmet(&app.admin(), &review, "submit").await.is_empty());
    review.step("submit", &json!({})).await.expect(200);
}

async fn publishing_asks_for_each_condition_with_its_own_code(app: App) {
    let admin = app.admin();
    let review = a_review(&app).await.started().await;
    let event = review.append(1).await.remove(0);
    review.step("submit", &json!({})).await.expect(200);
    let asks = async |expected: &[&str]| {
        assert_eq!(unmet(&admin, &review, "publish").await, expected);
        if !expected.is_empty() {
            refused(&review, "publish", expected).await;
        }
    };
    asks(&["no_cause_with_evidence", "no_strength"]).await;
    review
        .record(&json!({ "kind": "strength", "statement": "Backups were offline" }))
        .await;
    asks(&["no_cause_with_evidence"]).await;
    let cause = json!({
        "kind": "root_cause", "statement": "A wrong click", "cause_category": "human_error",
    });
    let cause = review.record(&cause).await.id();
    asks(&["no_cause_with_evidence", "only_human_error"]).await;
    let cause = review.path(&format!("/findings/{cause}"));
    patched(&app, &cause, &json!({ "event_ids": [event] })).await;
    asks(&["only_human_error"]).await;
    // What was struck out of the chronology is no evidence.
    let path = review.path(&format!("/events/{event}"));
    let tag = admin.get(&path).await.expect(200).etag();
    let why = json!({ "reason": "another host" });
    let retract = admin.post(format!("{path}/retract"), &why).if_match(&tag);
    retract.await.expect(200);
    asks(&["no_cause_with_evidence", "only_human_error"]).await;
    let event = review.append(1).await.remove(0);
    patched(&app, &cause, &json!({ "event_ids": [event] })).await;
    asks(&["only_human_error"]).await;
    // Nor does another root cause suffice that is not said to be systemic or contributing.
    let other = json!({
        "kind": "root_cause", "statement": "The gateway failed open",
        "cause_category": "system_failure",
    });
    let other = review.record(&other).await;
    asks(&["only_human_error"]).await;
    let path = review.path(&format!("/findings/{}", other.id()));
    patched(&app, &path, &json!({ "factor_kind": "systemic" })).await;
    asks(&[]).await;
    patched(&app, &path, &json!({ "factor_kind": "causal" })).await;
    asks(&["only_human_error"]).await;
    let factor = json!({
        "kind": "contributing_factor", "statement": "No second pair of eyes",
        "cause_category": "process_failure",
    });
    let factor = review.record(&factor).await;
    asks(&[]).await;
    // What was retracted counts no longer.
    let retract = review.path(&format!("/findings/{}/retract", factor.id()));
    let retract = admin.post(retract, &json!({ "reason": "disproved" }));
    retract.if_match(&factor.etag()).await.expect(200);
    asks(&["only_human_error"]).await;
    patched(&app, &cause, &json!({ "cause_category": "system_failure" })).await;
    asks(&[]).await;

    let gap = json!({ "kind": "gap", "statement": "No rule", "gap_category": "policy" });
    let (left, answered) = (
        review.record(&gap).await.id(),
        review.record(&gap).await.id(),
    );
    asks(&["gap_without_answer", "gap_without_answer"]).await;
    let none = json!({ "no_recommendation_reason": "retired next month" });
    patched(&app, &review.path(&format!("/findings/{left}")), &none).await;
    asks(&["gap_without_answer"]).await;
    let action = json!({
        "title": "Write the rule", "type": "process", "finding_ids": [answered],
    });
    let action = admin.post(review.path("/actions"), &action).await;
    let action = review.path(&format!("/actions/{}", action.expect(201).id()));
    for lacking in [
        json!({ "owner": { "name": "Kim Larsen" } }),
        json!({ "due_on": "2027-01-31" }),
        json!({ "closure_criteria": "The rule is in force" }),
    ] {
        asks(&["incomplete_action"]).await;
        patched(&app, &action, &lacking).await;
    }
    asks(&[]).await;
    review.step("publish", &json!({})).await.expect(200);
}

async fn publishing_asks_for_a_decision_about_every_recommendation(app: App) {
    let admin = app.admin();
    let review = a_review(&app).await.submitted().await;
    let asks = async |expected: &[&str]| {
        assert_eq!(unmet(&admin, &review, "publish").await, expected);
        if !expected.is_empty() {
            refused(&review, "publish", expected).await;
        }
    };
    let gap = json!({ "kind": "gap", "statement": "No rule", "gap_category": "policy" });
    let gap = review.record(&gap).await.id();
    asks(&["gap_without_answer"]).await;
    let named = json!({ "title": "Write the rule", "finding_ids": [gap] });
    let first = review.propose(&named).await.id();
    asks(&["undecided_recommendation"]).await;
    let detail = admin
        .get(review.path("/readiness"))
        .await
        .expect(200)
        .text();
    assert!(detail.contains(&first), "{detail}");
    let below = format!("/recommendations/{first}");
    let why = json!({ "reason": "too dear" });
    review.verb(&below, "reject", &why).await.expect(200);
    asks(&["gap_without_answer"]).await;
    let second = review
        .propose(&json!({ "title": "Write it down" }))
        .await
        .id();
    review.verb(&below, "repropose", &why).await.expect(200);
    let of = json!({ "duplicate_of_id": second });
    review.verb(&below, "duplicate", &of).await.expect(200);
    asks(&["undecided_recommendation"]).await;
    let work = json!({ "actions": [{ "title": "Write the rule", "type": "process" }] });
    let below = format!("/recommendations/{second}");
    let accepted = review
        .verb(&below, "accept", &work)
        .await
        .expect(200)
        .json();
    asks(&["incomplete_action"]).await;
    let action = accepted["action_ids"][0]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let action = format!("/actions/{action}");
    review.verb(&action, "decline", &why).await.expect(200);
    asks(&["recommendation_without_action"]).await;
    review.verb(&action, "reopen", &why).await.expect(200);
    let whole = json!({
        "owner": { "name": "Kim Larsen" }, "due_on": "2027-01-31", "closure_criteria": "It is in force",
    });
    patched(&app, &review.path(&action), &whole).await;
    asks(&[]).await;
    review.step("publish", &json!({})).await.expect(200);
    let frozen = app
        .reader()
        .get(review.path("/snapshot"))
        .await
        .expect(200)
        .json();
    let recommendations = frozen["recommendations"]
        .as_array()
        .expect("recommendations");
    assert_eq!(recommendations.len(), 2);
    assert_eq!(recommendations[1]["history"][0]["to"], "accepted");
    assert_eq!(frozen["actions"][0]["recommendation_ids"], json!([second]));
}

async fn the_owner_of_a_review_cannot_publish_it(app: App) {
    let me = app.admin().get("/api/v1/me").await.expect(200).json();
    let shouted = |field: &str| me[field].as_str().expect("text").to_uppercase();
    let review = a_review(&app).await.submitted().await;
    // By subject or, where the owner has none, by name, in whatever letters.
    for owner in [
        json!({ "name": "The admin", "subject": me["subject"] }),
        json!({ "name": "The admin", "subject": shouted("subject") }),
        json!({ "name": shouted("name") }),
    ] {
        patched(&app, &review.path(""), &json!({ "owner": null })).await;
        patched(&app, &review.path(""), &json!({ "owner": owner })).await;
        for verb in ["publish", "waive"] {
            let asked = unmet(&app.admin(), &review, verb).await;
            assert_eq!(asked, ["approver_is_owner"], "{verb}: {owner}");
            refused(&review, verb, &["approver_is_owner"]).await;
        }
    }
    // Nor does whoever owned it when it was submitted, though it has been handed over since.
    patched(&app, &review.path(""), &json!({ "owner": null })).await;
    let owner = json!({ "name": "The admin", "subject": me["subject"] });
    patched(&app, &review.path(""), &json!({ "owner": owner })).await;
    review.step("reopen", &grounds("reopen")).await.expect(200);
    let handed_over = review.step("submit", &json!({})).await.expect(200).json();
    assert_eq!(handed_over["transitions"][3]["owner"], owner);
    let successor = json!({ "owner": { "name": "Ada Lovelace", "subject": null } });
    patched(&app, &review.path(""), &successor).await;
    for verb in ["publish", "waive"] {
        refused(&review, verb, &["approver_is_owner"]).await;
    }
    let other = app.facilitator();
    assert!(unmet(&other, &review, "publish").await.is_empty());
    let call = other.post(review.path("/publish"), &json!({}));
    let published = call.if_match(&review.now().await.etag()).await.expect(200);
    let approver = published.json()["transitions"][4]["approver"].clone();
    assert_eq!(approver, subject(&other).await);
}

async fn closing_asks_that_every_action_has_ended(app: App) {
    let admin = app.admin();
    let review = a_review(&app).await;
    let mut actions = Vec::new();
    for number in 0..4 {
        let body = json!({
            "title": format!("action {number}"), "type": "detect", "due_on": "2027-01-31",
            "owner": { "name": "Kim Larsen" }, "closure_criteria": "It is done",
        });
        let made = admin.post(review.path("/actions"), &body).await.expect(201);
        actions.push(review.path(&format!("/actions/{}", made.id())));
    }
    let review = review.published().await;
    let moved = async |action: &str, verb: &str, body: Value| {
        let tag = admin.get(action).await.expect(200).etag();
        let call = admin.post(format!("{action}/{verb}"), &body);
        let reply = call.if_match(&tag).await;
        assert!([200, 201].contains(&reply.status), "{}", reply.text());
    };
    let unfinished = async |count: usize| {
        let expected = vec!["unfinished_action"; count];
        assert_eq!(unmet(&admin, &review, "close").await, expected);
        if count > 0 {
            refused(&review, "close", &expected).await;
        }
    };
    unfinished(4).await;
    moved(&actions[0], "progress", json!({ "status": "implemented" })).await;
    unfinished(4).await;
    let proof = json!({ "method": "retest", "result": "partially_effective" });
    moved(&actions[0], "verifications", proof).await;
    unfinished(4).await;
    let proof = json!({ "method": "retest", "result": "effective" });
    moved(&actions[0], "verifications", proof).await;
    unfinished(3).await;
    moved(&actions[1], "decline", json!({ "reason": "too dear" })).await;
    unfinished(2).await;
    moved(&actions[2], "cancel", json!({ "reason": "retired" })).await;
    unfinished(1).await;
    let borne = json!({
        "reason": "rare", "expires_on": "2027-06-30",
        "approver": { "name": "The CISO", "subject": "ciso@example.org" },
    });
    moved(&actions[3], "accept-risk", borne).await;
    unfinished(0).await;
    // The last day of the acceptance counts as a whole; after it the risk is nobody's.
    let on = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant") - app.now();
    app.wait(on("2027-06-30T23:59:59Z"));
    unfinished(0).await;
    app.wait(Duration::seconds(1));
    let expired = ["risk_acceptance_expired"];
    assert_eq!(unmet(&admin, &review, "close").await, expired);
    refused(&review, "close", &expired).await;
    moved(&actions[3], "reopen", json!({ "reason": "it came back" })).await;
    let borne = json!({
        "reason": "rare", "expires_on": "2027-12-31",
        "approver": { "name": "The CISO", "subject": "ciso@example.org" },
    });
    moved(&actions[3], "accept-risk", borne).await;
    review.step("close", &json!({})).await.expect(200);
    // Closing removes nothing.
    let kept = admin.get(review.path("/actions")).await.expect(200);
    assert_eq!(kept.items().len(), 4);
}

async fn closing_asks_that_every_lesson_is_kept_or_retired(app: App) {
    let admin = app.admin();
    let review = a_review(&app).await.submitted().await;
    let kept = review
        .learn(&json!({ "statement": "Own every alert" }))
        .await
        .id();
    let left = review
        .learn(&json!({ "statement": "Buy more tapes" }))
        .await
        .id();
    review.step("publish", &json!({})).await.expect(200);
    let frozen = app
        .reader()
        .get(review.path("/snapshot"))
        .await
        .expect(200)
        .json();
    assert_eq!(frozen["lessons"].as_array().map(Vec::len), Some(2));
    let asks = async |expected: &[&str]| {
        assert_eq!(unmet(&admin, &review, "close").await, expected);
        if !expected.is_empty() {
            refused(&review, "close", expected).await;
        }
    };
    asks(&["lesson_not_embedded", "lesson_not_embedded"]).await;
    let below = format!("/lessons/{kept}");
    review
        .verb(&below, "validate", &json!({}))
        .await
        .expect(200);
    asks(&["lesson_not_embedded", "lesson_not_embedded"]).await;
    let document = a_document(&app, json!({})).await;
    let revision = json!({ "label": "1", "lesson_ids": [kept] });
    let revision = admin.post(format!("{document}/revisions"), &revision).await;
    revision.expect(201);
    asks(&["lesson_not_embedded"]).await;
    let why = json!({ "reason": "the tapes are gone" });
    let below = format!("/lessons/{left}");
    review.verb(&below, "retire", &why).await.expect(200);
    asks(&[]).await;
    // What came up after the publication is decided about before the review closes.
    let late = review
        .propose(&json!({ "title": "Test the restore" }))
        .await
        .id();
    asks(&["undecided_recommendation"]).await;
    let below = format!("/recommendations/{late}");
    let later = json!({ "reason": "next year", "deferred_until": "2027-03-31" });
    review.verb(&below, "defer", &later).await.expect(200);
    asks(&[]).await;
    review.step("close", &json!({})).await.expect(200);
}

async fn a_waiver_has_a_reason_and_an_approver_who_is_not_the_owner(app: App) {
    let review = a_review(&app).await;
    let before = review.now().await.json();
    let faulty = [
        (
            json!({ "approver": "ciso@example.org" }),
            "/reason",
            "required",
        ),
        (
            json!({ "reason": "", "approver": "ciso@example.org" }),
            "/reason",
            "too_short",
        ),
        (
            json!({ "reason": " \n\u{a0}", "approver": "ciso@example.org" }),
            "/reason",
            "blank",
        ),
        (json!({ "reason": "covered" }), "/approver", "required"),
        (
            json!({ "reason": "covered", "approver": "x", "status": "closed" }),
            "/status",
            "unknown_field",
        ),
    ];
    for (body, place, code) in faulty {
        let reply = review.step("waive", &body).await;
        let faults = reply.problem(422, "validation_failed").faults();
        assert_eq!(faults, [(place.to_owned(), code.to_owned())]);
    }
    for owner in ["ada@example.org", "Ada@Example.org", "ada lovelace"] {
        let own = json!({ "reason": "covered", "approver": owner });
        let reply = review.step("waive", &own).await;
        let faults = reply.problem(409, "state_conflict").faults();
        let expected = [(String::new(), "approver_is_owner".to_owned())];
        assert_eq!(faults, expected, "{owner}");
    }
    let person = |name: &str, subject: Value| json!({ "reason": "covered", "approver": { "name": name, "subject": subject } });
    let own = person("Somebody", json!(" ada@example.org"));
    let faults = review
        .step("waive", &own)
        .await
        .problem(422, "validation_failed")
        .faults();
    let expected = ("/approver/subject".to_owned(), "invalid_format".to_owned());
    assert_eq!(faults, [expected]);
    let own = person("Somebody", json!("ADA@example.org"));
    let faults = review
        .step("waive", &own)
        .await
        .problem(409, "state_conflict")
        .faults();
    assert_eq!(faults, [(String::new(), "approver_is_owner".to_owned())]);
    let call = app
        .contributor()
        .post(review.path("/waive"), &grounds("waive"));
    let call = call.if_match(&review.now().await.etag());
    call.await.problem(403, "missing_scope");
    assert_eq!(review.now().await.json(), before, "nothing was changed");

    let waived = review.step("waive", &grounds("waive")).await.expect(200);
    assert_eq!(waived.json()["status"], "waived");
    let last = waived.json()["transitions"][0].clone();
    assert_eq!(last["reason"], "covered elsewhere");
    assert_eq!(last["approver"], "ciso@example.org");
    assert_eq!(last["by"], subject(&app.admin()).await);
}

async fn cancelling_and_reopening_need_a_reason(app: App) {
    let review = a_review(&app).await;
    for (verb, to) in [("cancel", "cancelled"), ("reopen", "in_progress")] {
        let without = review.step(verb, &json!({})).await;
        let faults = without.problem(422, "validation_failed").faults();
        assert_eq!(faults, [("/reason".to_owned(), "required".to_owned())]);
        let empty = app
            .admin()
            .call(reqwest::Method::POST, review.path(&format!("/{verb}")));
        let empty = empty.if_match(&review.now().await.etag()).await;
        assert!((400..500).contains(&empty.status), "{}", empty.text());
        let moved = review.step(verb, &grounds(verb)).await.expect(200).json();
        assert_eq!(moved["status"], to);
        let transitions = moved["transitions"].as_array().expect("transitions");
        let last = transitions.last().expect("a transition");
        assert_eq!(last["reason"], "decided in the meeting");
    }
    review.append(1).await;
}

async fn a_reopened_review_keeps_its_snapshot_until_it_is_published_again(app: App) {
    let reader = app.reader();
    let review = a_review(&app).await.submitted().await;
    let path = review.path("/snapshot");
    reader.get(&path).await.problem(404, "not_found");
    let snapshot = async || {
        let hash = review.now().await.json()["snapshot_sha256"].clone();
        let frozen = reader.get(&path).await.expect(200);
        let found = digest(&SHA256, &frozen.body);
        assert_eq!(hash, debrief::kernel::audit::hex(found.as_ref()));
        assert_eq!(
            json!(frozen.etag()),
            format!("\"{}\"", hash.as_str().expect("a hash"))
        );
        let same = reader.get(&path).header("if-none-match", frozen.etag());
        assert!(same.await.expect(304).body.is_empty());
        frozen
    };
    review.step("publish", &json!({})).await.expect(200);
    let first = snapshot().await;
    let title = first.json()["review"]["title"].clone();
    assert_eq!(first.json()["findings"].as_array().map(Vec::len), Some(2));
    review.step("reopen", &grounds("reopen")).await.expect(200);
    let change = json!({ "title": "What we learned later" });
    patched(&app, &review.path(""), &change).await;
    assert_eq!(snapshot().await.body, first.body);
    app.wait(Duration::days(1));
    for verb in ["submit", "publish"] {
        review.step(verb, &json!({})).await.expect(200);
    }
    let second = snapshot().await;
    assert_ne!(second.etag(), first.etag());
    assert_ne!(second.json()["review"]["title"], title);
    assert_eq!(second.json()["review"]["title"], change["title"]);

    // Each publication stays readable by its hash, byte for byte.
    let list = review.path("/snapshots");
    for (sort, expected) in [
        ("-published_at", [&second, &first]),
        ("published_at", [&first, &second]),
    ] {
        let listed = reader.all(&format!("{list}?sort={sort}"), 1).await;
        assert_eq!(listed.len(), 2);
        for (one, frozen) in listed.iter().zip(expected) {
            let hash = one["sha256"].as_str().expect("a hash");
            assert_eq!(frozen.etag(), format!("\"{hash}\""));
            assert_eq!(one["published_by"], subject(&app.admin()).await);
            let again = reader.get(format!("{list}/{hash}")).await.expect(200);
            assert_eq!((&again.body, again.etag()), (&frozen.body, frozen.etag()));
        }
        assert_eq!(
            moment(&listed[usize::from(sort.len() < 13)]["published_at"]),
            app.now()
        );
    }
    let other = a_review(&app).await;
    let hash = first.etag().replace('"', "");
    let nobodys = reader.get(other.path(&format!("/snapshots/{hash}"))).await;
    nobodys.problem(404, "not_found");
    assert!(
        reader
            .get(other.path("/snapshots"))
            .await
            .items()
            .is_empty()
    );
    let stranger = app.stranger().get(format!("{list}/{hash}")).await;
    stranger.problem(404, "not_found");
}

async fn a_step_needs_the_current_version(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let stale = review.now().await.etag();
    patched(&app, &review.path(""), &json!({ "title": "Changed" })).await;
    let before = review.now().await;
    let start = admin.post(review.path("/start"), &json!({}));
    let missing = start.clone().await;
    missing.problem(428, "precondition_required");
    let weak = format!("W/{}", before.etag());
    for tag in [stale.as_str(), weak.as_str(), "\"99\"", "1", "garbage"] {
        let reply = start.clone().if_match(tag).await;
        let reply = reply.problem(412, "stale_version");
        assert_eq!(reply.etag(), before.etag(), "{tag}");
    }
    assert_eq!(review.now().await.json(), before.json());
    let among = format!("{stale}, {}", before.etag());
    start.if_match(&among).await.expect(200);
    let submit = admin.post(review.path("/waive"), &grounds("waive"));
    submit.if_match("*").await.expect(200);
}

async fn of_several_who_close_at_once_one_wins(app: App) {
    // Who names a version loses it to the winner; who takes any finds the step taken.
    for (any, status, code) in [(false, 412, "stale_version"), (true, 409, "state_conflict")] {
        let review = a_review(&app).await.published().await;
        let tag = review.now().await.etag();
        let tag = if any { "*" } else { tag.as_str() };
        let admin = app.admin();
        let calls = (0..4).map(async |_| {
            let call = admin.post(review.path("/close"), &json!({}));
            call.if_match(tag).await
        });
        let (won, lost): (Vec<_>, Vec<_>) = join_all(calls)
            .await
            .into_iter()
            .partition(|reply| reply.status == 200);
        assert_eq!((won.len(), lost.len()), (1, 3));
        for reply in lost {
            reply.problem(status, code);
        }
        let closed = review.now().await;
        assert_eq!(closed.json(), won[0].json());
        let log = format!(
            "/api/v1/audit-records?review_id={}&action=review.close",
            review.id
        );
        let log = app.auditor().get(log).await.expect(200);
        assert_eq!(log.items().len(), 1);
    }
}
