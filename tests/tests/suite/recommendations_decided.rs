//! Decisions about recommendations: who, why, until when, and what an acceptance yields.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    every_disposition_takes_its_own_verbs_only,
    an_acceptance_makes_its_actions_and_both_sides_name_each_other,
    an_acceptance_takes_over_actions_that_are_there,
    an_acceptance_that_is_wrong_leaves_nothing,
    what_is_taken_back_leaves_its_actions_alone,
    a_risk_is_accepted_by_somebody_else_until_a_day,
    a_duplicate_has_one_original,
    every_decision_says_what_it_must,
    what_has_ended_commits_to_nothing,
    a_decision_needs_the_current_version_and_is_made_once,
);

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn proposed(review: &Review) -> String {
    let body = json!({ "title": "Give every alert an owner" });
    format!("/recommendations/{}", review.propose(&body).await.id())
}

fn work(title: &str) -> Value {
    json!({ "title": title, "type": "detect" })
}

const VERBS: [&str; 6] = [
    "accept",
    "defer",
    "reject",
    "accept-risk",
    "duplicate",
    "repropose",
];

/// A body that fits the verb; `other` is another recommendation.
fn grounds(verb: &str, other: &str) -> Value {
    match verb {
        "accept" => json!({ "actions": [work("Own alerts")] }),
        "defer" => json!({ "reason": "no money", "deferred_until": "2027-03-31" }),
        "accept-risk" => {
            json!({ "reason": "rare", "expires_on": "2027-06-30", "approver": { "name": "The CISO" } })
        }
        "duplicate" => json!({ "duplicate_of_id": other }),
        _ => json!({ "reason": "decided in the meeting" }),
    }
}

async fn now(app: &App, review: &Review, below: &str) -> Value {
    app.reader()
        .get(review.path(below))
        .await
        .expect(200)
        .json()
}

async fn every_disposition_takes_its_own_verbs_only(app: App) {
    let review = a_review(&app).await;
    let other = proposed(&review).await;
    let other = other.rsplit('/').next().unwrap_or_default();
    for (via, disposition, allowed) in [
        (None, "proposed", &VERBS[..5]),
        (Some("accept"), "accepted", &["accept", "repropose"]),
        (Some("defer"), "deferred", &VERBS),
        (Some("reject"), "rejected", &["repropose"]),
        (
            Some("accept-risk"),
            "risk_accepted",
            &["accept-risk", "repropose"],
        ),
        (Some("duplicate"), "duplicate", &["repropose"]),
    ] {
        for verb in VERBS {
            let below = proposed(&review).await;
            if let Some(via) = via {
                review
                    .verb(&below, via, &grounds(via, other))
                    .await
                    .expect(200);
            }
            let before = now(&app, &review, &below).await;
            assert_eq!(before["disposition"], disposition);
            let reply = review.verb(&below, verb, &grounds(verb, other)).await;
            if allowed.contains(&verb) {
                let after = reply.expect(200).json();
                assert_eq!(
                    after,
                    now(&app, &review, &below).await,
                    "{disposition} {verb}"
                );
                assert_eq!(
                    after["version"],
                    before["version"].as_i64().unwrap_or(0) + 1
                );
                told(&after, disposition, &grounds(verb, other));
            } else {
                let refused = reply.problem(409, "state_conflict").faults();
                let code = format!("recommendation_is_{disposition}");
                assert_eq!(refused, faults(&[("", &code)]), "{disposition} {verb}");
                assert_eq!(now(&app, &review, &below).await, before);
            }
        }
    }
}

/// That the last decision tells who, when and why, and the recommendation until when.
fn told(after: &Value, from: &str, given: &Value) {
    let history = after["history"].as_array().expect("a history");
    let last = history.last().expect("a decision");
    assert_eq!(
        (&last["from"], &last["to"]),
        (&json!(from), &after["disposition"])
    );
    assert!(last["by"].as_str().is_some_and(|by| by.starts_with("key:")));
    assert_eq!(last["at"], after["updated_at"]);
    for field in [
        "reason",
        "approver",
        "deferred_until",
        "expires_on",
        "duplicate_of_id",
    ] {
        assert_eq!(last[field], given[field], "{field}");
    }
    for field in ["deferred_until", "expires_on", "duplicate_of_id"] {
        assert_eq!(after[field], given[field], "{field}");
    }
    let decided = after["disposition"] != "proposed";
    let expected = if decided {
        &after["updated_at"]
    } else {
        &Value::Null
    };
    assert_eq!(&after["decided_at"], expected);
}

async fn an_acceptance_makes_its_actions_and_both_sides_name_each_other(app: App) {
    let review = a_review(&app).await;
    let gap = json!({ "kind": "gap", "statement": "No owner", "gap_category": "policy" });
    let (gap, struck) = (
        review.record(&gap).await.id(),
        review.record(&gap).await.id(),
    );
    let named = json!({
        "title": "Own alerts", "finding_ids": [gap, struck], "effort": 2,
        "action_strength": "engineer", "closure_criteria": "Every alert has an owner",
    });
    let id = review.propose(&named).await.id();
    let why = json!({ "reason": "disproved" });
    review
        .verb(&format!("/findings/{struck}"), "retract", &why)
        .await
        .expect(200);
    let own = json!({
        "title": "Train the night shift", "type": "training", "strength": "training",
        "closure_criteria": "All have passed", "finding_ids": [], "priority_inputs": { "effort": 5 },
        "owner": { "name": "Kim Larsen" }, "due_on": "2027-01-31",
    });
    let given = json!({ "reason": "agreed", "actions": [work("Route alerts"), own] });
    let below = format!("/recommendations/{id}");
    let accepted = review
        .verb(&below, "accept", &given)
        .await
        .expect(200)
        .json();
    assert_eq!(accepted["history"][0]["action_ids"], accepted["action_ids"]);
    let list = review.path(&format!("/actions?recommendation_id={id}&sort=created_at"));
    let actions = app.reader().all(&list, 1).await;
    let ids: Vec<_> = actions.iter().map(|one| one["id"].clone()).collect();
    assert_eq!(json!(ids), accepted["action_ids"]);
    for action in &actions {
        assert_eq!(action["recommendation_ids"], json!([id]));
        assert_eq!(action["status"], "open");
        // What it leaves out is the recommendation's, as far as that stands.
        assert_eq!(action["finding_ids"], json!([gap]));
    }
    let taken = |action: &Value| {
        let effort = action["priority_inputs"]["effort"].clone();
        json!([action["strength"], action["closure_criteria"], effort])
    };
    assert_eq!(
        taken(&actions[0]),
        json!(["engineer", "Every alert has an owner", 2])
    );
    assert_eq!(
        taken(&actions[1]),
        json!(["training", "All have passed", 5])
    );
    // What is accepted takes in more.
    let more = json!({ "actions": [work("Watch the mailbox")] });
    let more = review
        .verb(&below, "accept", &more)
        .await
        .expect(200)
        .json();
    assert_eq!(more["action_ids"].as_array().map(Vec::len), Some(3));
    assert_eq!(more["history"][1]["from"], "accepted");
    assert_eq!(
        more["history"][1]["action_ids"].as_array().map(Vec::len),
        Some(1)
    );
    let both = format!(
        "/api/v1/recommendations?action_id={}",
        ids[0].as_str().unwrap_or_default()
    );
    assert_eq!(app.reader().get(both).await.expect(200).items(), [more]);
    let log = app
        .auditor()
        .all("/api/v1/audit-records?action=action.create", 50)
        .await;
    assert_eq!(log.len(), 3);
}

async fn an_acceptance_takes_over_actions_that_are_there(app: App) {
    let review = a_review(&app).await;
    let suggested = json!({ "title": "Own alerts", "type": "detect", "status": "proposed" });
    let suggested = review.act(&suggested).await.id();
    let committed = review.act(&work("Route alerts")).await.id();
    let below = proposed(&review).await;
    let id = below.rsplit('/').next().unwrap_or_default();
    app.wait(chrono::Duration::hours(1));
    let given = json!({ "action_ids": [committed, suggested] });
    let accepted = review
        .verb(&below, "accept", &given)
        .await
        .expect(200)
        .json();
    assert_eq!(accepted["action_ids"], given["action_ids"]);
    for action in [&suggested, &committed] {
        let action = now(&app, &review, &format!("/actions/{action}")).await;
        assert_eq!(action["recommendation_ids"], json!([id]));
        assert_eq!(
            (&action["status"], &action["version"]),
            (&json!("open"), &json!(2))
        );
        assert!(action["committed_at"].is_string());
    }
    // Being committed is a step, which is told in the action's progress.
    for (action, count) in [(&suggested, 1), (&committed, 0)] {
        let progress = review.path(&format!("/actions/{action}/progress"));
        let steps = app.reader().all(&progress, 50).await;
        assert_eq!(steps.len(), count, "{steps:?}");
        assert!(steps.iter().all(|one| one["from_status"] == "proposed"));
    }
    // An action may carry out several recommendations.
    let second = proposed(&review).await;
    let given = json!({ "action_ids": [committed] });
    review.verb(&second, "accept", &given).await.expect(200);
    let action = now(&app, &review, &format!("/actions/{committed}")).await;
    assert_eq!(
        action["recommendation_ids"].as_array().map(Vec::len),
        Some(2)
    );
}

async fn an_acceptance_that_is_wrong_leaves_nothing(app: App) {
    let review = a_review(&app).await;
    let foreign = a_review(&app).await.act(&work("elsewhere")).await.id();
    let ended = review.act(&work("too dear")).await.id();
    let why = json!({ "reason": "too dear" });
    review
        .verb(&format!("/actions/{ended}"), "decline", &why)
        .await
        .expect(200);
    let below = proposed(&review).await;
    let before = now(&app, &review, &below).await;
    let nothing = review.verb(&below, "accept", &json!({})).await;
    let found = nothing.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("", "no_action")]));
    let given = json!({
        "action_ids": [foreign, ended, ended],
        "actions": [
            work("good"),
            { "title": "x", "type": "detect", "status": "proposed", "finding_ids": [foreign] },
            { "title": "x", "type": "detect", "owner": {}, "tags": ["a", "a"] },
        ],
    });
    let wrong = review.verb(&below, "accept", &given).await;
    let found = wrong.problem(422, "validation_failed").faults();
    let expected = faults(&[
        ("/action_ids/0", "not_found"),
        ("/action_ids/1", "action_has_ended"),
        ("/action_ids/2", "action_has_ended"),
        ("/action_ids/2", "repeated_item"),
        ("/actions/1/finding_ids/0", "not_found"),
        ("/actions/1/status", "not_committed"),
        ("/actions/2/owner", "required"),
        ("/actions/2/tags/1", "repeated_item"),
    ]);
    assert_eq!(found, expected);
    assert_eq!(now(&app, &review, &below).await, before);
    assert_eq!(
        app.reader().all(&review.path("/actions"), 50).await.len(),
        1
    );
    let schema = json!({ "actions": [{ "title": "", "type": "detect" }] });
    let schema = review.verb(&below, "accept", &schema).await;
    let found = schema.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/actions/0/title", "too_short")]));
    // A reference that is taken says whose.
    let one = json!([{ "system": "jira", "id": "SEC-1" }]);
    let own = json!({ "title": "x", "type": "detect", "external_refs": one });
    review.act(&own).await;
    let taken = json!({ "actions": [work("good"), own] });
    let taken = review
        .verb(&below, "accept", &taken)
        .await
        .problem(409, "conflict");
    let expected = faults(&[("/actions/1/external_refs", "reference_taken")]);
    assert_eq!(taken.faults(), expected);
    let linked = review.act(&work("linked")).await.id();
    let given = json!({ "action_ids": [linked] });
    review.verb(&below, "accept", &given).await.expect(200);
    let again = review.verb(&below, "accept", &given).await;
    let found = again.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/action_ids/0", "already_linked")]));
}

async fn what_is_taken_back_leaves_its_actions_alone(app: App) {
    let review = a_review(&app).await;
    let (first, second) = (proposed(&review).await, proposed(&review).await);
    let action = review.act(&work("Own alerts")).await.id();
    let given = json!({ "action_ids": [action] });
    for below in [&first, &second] {
        review.verb(below, "accept", &given).await.expect(200);
    }
    let why = json!({ "reason": "the wrong actions" });
    let again = review
        .verb(&first, "repropose", &why)
        .await
        .expect(200)
        .json();
    assert_eq!(again["action_ids"], json!([]));
    assert_eq!(again["history"][0]["action_ids"], given["action_ids"]);
    let kept = now(&app, &review, &format!("/actions/{action}")).await;
    assert_eq!(kept["status"], "open");
    let other = second.rsplit('/').next().unwrap_or_default();
    assert_eq!(kept["recommendation_ids"], json!([other]));
    let list = format!("/api/v1/recommendations?action_id={action}");
    assert_eq!(app.reader().all(&list, 50).await.len(), 1);
    // It can be accepted with the same action again.
    let accepted = review
        .verb(&first, "accept", &given)
        .await
        .expect(200)
        .json();
    assert_eq!(accepted["action_ids"], given["action_ids"]);
    let log = "/api/v1/audit-records?resource_type=action";
    let log = app.auditor().all(log, 50).await;
    let count = |wanted: &str| log.iter().filter(|one| one["action"] == wanted).count();
    assert_eq!((count("action.link"), count("action.unlink")), (3, 1));
}

async fn a_risk_is_accepted_by_somebody_else_until_a_day(app: App) {
    let review = a_review(&app).await;
    let below = proposed(&review).await;
    let borne = |name: &str, subject: Value, on: &str| json!({ "reason": "rare", "expires_on": on, "approver": { "name": name, "subject": subject } });
    let nobody = json!({ "reason": "rare", "expires_on": "2027-06-30" });
    let reply = review.verb(&below, "accept-risk", &nobody).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/approver", "required")]));
    for today in ["2026-11-23", "2020-01-01"] {
        let reply = review
            .verb(
                &below,
                "accept-risk",
                &borne("The CISO", json!("ciso"), today),
            )
            .await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("/expires_on", "in_the_past")]));
    }
    for (name, subject) in [
        ("A. Lovelace", json!("ADA@example.org")),
        ("ada lovelace", Value::Null),
    ] {
        let by_owner = borne(name, subject, "2027-06-30");
        let reply = review.verb(&below, "accept-risk", &by_owner).await;
        let found = reply.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", "approver_is_owner")]));
    }
    let given = borne("The CISO", json!("ciso"), "2027-06-30");
    // Nor does the owner approve it in somebody else's name.
    let me = app.admin().get("/api/v1/me").await.expect(200).json();
    for (owner, is_own) in [(me["subject"].clone(), true), (json!("ada"), false)] {
        let change = json!({ "owner": { "name": "Somebody", "subject": owner } });
        let tag = review.now().await.etag();
        let call = app.admin().patch(review.path(""), &change);
        call.if_match(&tag).await.expect(200);
        if is_own {
            let reply = review.verb(&below, "accept-risk", &given).await;
            let found = reply.problem(409, "state_conflict").faults();
            assert_eq!(found, faults(&[("", "approver_is_owner")]));
        }
    }
    let accepted = review
        .verb(&below, "accept-risk", &given)
        .await
        .expect(200)
        .json();
    assert_eq!(accepted["expires_on"], "2027-06-30");
    assert_eq!(accepted["history"][0]["approver"], given["approver"]);
    // Before it expires it can be renewed.
    let renewed = borne("The CISO", json!("ciso"), "2028-06-30");
    let renewed = review
        .verb(&below, "accept-risk", &renewed)
        .await
        .expect(200)
        .json();
    assert_eq!(renewed["expires_on"], "2028-06-30");
    assert_eq!(renewed["history"].as_array().map(Vec::len), Some(2));
    // Where nobody owns the review, anybody may approve.
    let ownerless = a_review_with(&app, json!({ "owner": null })).await;
    let below = proposed(&ownerless).await;
    ownerless
        .verb(&below, "accept-risk", &given)
        .await
        .expect(200);
}

async fn a_duplicate_has_one_original(app: App) {
    let review = a_review(&app).await;
    let foreign = proposed(&a_review(&app).await).await;
    let all = [
        proposed(&review).await,
        proposed(&review).await,
        proposed(&review).await,
    ];
    let id = |below: &String| below.rsplit('/').next().unwrap_or_default().to_owned();
    let mark = async |below: &String, of: &String| {
        review
            .verb(below, "duplicate", &json!({ "duplicate_of_id": id(of) }))
            .await
    };
    let refused = |reply: Reply, code: &str| {
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("/duplicate_of_id", code)]));
    };
    refused(mark(&all[0], &foreign).await, "not_found");
    refused(mark(&all[0], &all[0]).await, "circular");
    mark(&all[0], &all[1]).await.expect(200);
    refused(mark(&all[2], &all[0]).await, "is_duplicate");
    refused(mark(&all[1], &all[0]).await, "is_duplicate");
    let reply = mark(&all[1], &all[2]).await.problem(409, "state_conflict");
    assert_eq!(reply.faults(), faults(&[("", "has_duplicates")]));
    let why = json!({ "reason": "not the same after all" });
    review.verb(&all[0], "repropose", &why).await.expect(200);
    mark(&all[1], &all[0]).await.expect(200);
}

async fn every_decision_says_what_it_must(app: App) {
    let review = a_review(&app).await;
    let below = proposed(&review).await;
    for (verb, body, expected) in [
        ("defer", json!({}), &["/deferred_until", "/reason"][..]),
        ("reject", json!({}), &["/reason"]),
        ("reject", json!({ "reason": " \n" }), &["/reason"]),
        (
            "accept-risk",
            json!({}),
            &["/approver", "/expires_on", "/reason"],
        ),
        ("duplicate", json!({}), &["/duplicate_of_id"]),
        ("repropose", json!({}), &["/reason"]),
        ("accept", json!({ "because": "x" }), &["/because"]),
    ] {
        let reply = review.verb(&below, verb, &body).await;
        let found = reply.problem(422, "validation_failed").faults();
        let places: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, expected, "{verb} {body}");
    }
    let passed = json!({ "reason": "x", "deferred_until": "2026-11-23" });
    let reply = review.verb(&below, "defer", &passed).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/deferred_until", "in_the_past")]));
    assert_eq!(now(&app, &review, &below).await["version"], 1);
}

async fn what_has_ended_commits_to_nothing(app: App) {
    let published = a_review(&app).await.published().await;
    let deferred = proposed(&published).await;
    published
        .verb(&deferred, "defer", &grounds("defer", ""))
        .await
        .expect(200);
    published.step("close", &json!({})).await.expect(200);
    let reply = published
        .verb(&deferred, "accept", &grounds("accept", ""))
        .await;
    let found = reply.problem(409, "state_conflict").faults();
    assert_eq!(found, faults(&[("", "review_is_closed")]));
    // Whoever deferred it may still decide against it.
    published
        .verb(&deferred, "reject", &grounds("reject", ""))
        .await
        .expect(200);
    let cancelled = a_review(&app).await;
    let below = proposed(&cancelled).await;
    cancelled
        .step("cancel", &json!({ "reason": "opened twice" }))
        .await
        .expect(200);
    for verb in VERBS {
        let reply = cancelled
            .verb(&below, verb, &grounds(verb, &cancelled.id))
            .await;
        let found = reply.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", "review_is_cancelled")]), "{verb}");
    }
}

async fn a_decision_needs_the_current_version_and_is_made_once(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let below = proposed(&review).await;
    let path = review.path(&format!("{below}/accept"));
    let call = client.post(&path, &grounds("accept", ""));
    call.clone().await.problem(428, "precondition_required");
    call.clone()
        .if_match("\"9\"")
        .await
        .problem(412, "stale_version");
    let first = call
        .clone()
        .if_match("\"1\"")
        .key("acceptance-1")
        .await
        .expect(200);
    let again = call
        .clone()
        .if_match("\"1\"")
        .key("acceptance-1")
        .await
        .expect(200);
    assert_eq!(again.json(), first.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    call.if_match("\"1\"").await.problem(412, "stale_version");
    assert_eq!(
        app.reader().all(&review.path("/actions"), 50).await.len(),
        1
    );
    // Deciding is not the contributors' to do, nor is committing without `actions:write`.
    let contributor = app.contributor().post(&path, &grounds("accept", ""));
    let refused = contributor
        .if_match("\"2\"")
        .await
        .problem(403, "missing_scope");
    assert!(
        refused.text().contains("recommendations:decide"),
        "{}",
        refused.text()
    );
}
