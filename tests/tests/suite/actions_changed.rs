//! Changes of actions: what a patch leaves as it is, what may not wait for what across reviews, and
//! names in other systems.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_patch_leaves_what_it_does_not_name_at_every_depth,
    a_patch_names_an_owner_in_one_form_or_the_other,
    a_decided_priority_keeps_who_decided_it_until_it_is_another,
    a_patch_that_is_wrong_anywhere_changes_nothing,
    actions_of_several_reviews_do_not_wait_in_a_circle,
    what_an_action_waits_for_exists_for_the_caller,
    a_name_in_another_system_is_of_one_action_only,
    a_date_that_is_taken_away_and_set_later_is_a_slip,
);

fn work(fields: &Value) -> Value {
    let mut body = json!({ "title": "Own every alert", "type": "detect" });
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn add(app: &App, review: &Review, fields: Value) -> (String, String) {
    let made = app.admin().post(review.path("/actions"), &work(&fields));
    let id = made.await.expect(201).id();
    (review.path(&format!("/actions/{id}")), id)
}

async fn patched(app: &App, action: &str, patch: Value) -> Reply {
    let tag = app.admin().get(action).await.expect(200).etag();
    app.admin().patch(action, &patch).if_match(&tag).await
}

async fn a_patch_leaves_what_it_does_not_name_at_every_depth(app: App) {
    let review = a_review(&app).await;
    let inputs =
        json!({ "risk": 12, "impact": 4, "effort": 2, "resource_availability": "constrained" });
    let (action, _) = add(
        &app,
        &review,
        json!({
            "priority_inputs": inputs, "tags": ["vpn", "mfa"], "effort_days": 2.5,
            "description": "Nobody owns it", "due_on": "2026-12-31",
        }),
    )
    .await;
    let before = app.admin().get(&action).await.expect(200).json();
    // 12 × 4 ÷ 2 × 0.75
    assert_eq!(before["priority"]["score"], 18.0);
    let changed = patched(&app, &action, json!({ "priority_inputs": { "impact": 5 } })).await;
    let changed = changed.expect(200).json();
    let mut expected = inputs.clone();
    expected["impact"] = json!(5);
    assert_eq!(changed["priority_inputs"], expected);
    assert_eq!(changed["priority"]["score"], 22.5);
    for field in [
        "tags",
        "effort_days",
        "description",
        "due_on",
        "title",
        "owner",
        "status",
    ] {
        assert_eq!(changed[field], before[field], "{field}");
    }
    // Null clears one input; the others and its default count.
    let cleared = patched(
        &app,
        &action,
        json!({ "priority_inputs": { "risk": null } }),
    )
    .await;
    let cleared = cleared.expect(200).json();
    expected["risk"] = Value::Null;
    assert_eq!(cleared["priority_inputs"], expected);
    let risk = &cleared["priority"]["inputs"]["risk"];
    assert_eq!(risk, &json!({ "value": 6, "basis": "default" }));
    assert_eq!(cleared["priority"]["score"], 11.25);
    // A list is replaced as a whole.
    let tags = patched(&app, &action, json!({ "tags": ["mail"] })).await;
    let tags = tags.expect(200).json();
    assert_eq!(tags["tags"], json!(["mail"]));
    assert_eq!(tags["priority_inputs"], expected);
    for (tag, n) in [("vpn", 0), ("mail", 1)] {
        let found = app
            .reader()
            .all(&format!("/api/v1/actions?tag={tag}"), 9)
            .await;
        assert_eq!(found.len(), n, "{tag}");
    }
    let nothing = patched(&app, &action, json!({})).await.expect(200).json();
    assert_eq!(nothing["tags"], tags["tags"]);
}

async fn a_patch_names_an_owner_in_one_form_or_the_other(app: App) {
    let review = a_review(&app).await;
    let kim = json!({ "name": "Kim", "function": "it", "subject": "kim" });
    let kim = review.join_as(&kim).await;
    let of_kim = json!({ "participant_id": kim });
    let (action, _) = add(&app, &review, json!({ "owner": of_kim })).await;
    let known = json!({ "participant_id": kim, "name": "Kim", "subject": "kim", "function": "it" });
    let named = |name: &str, subject: Value| json!({ "participant_id": null, "name": name, "subject": subject, "function": null });
    let before = app.admin().get(&action).await.expect(200).json();
    assert_eq!(before["owner"], known);
    for (owner, expected) in [
        (json!({ "name": "Lee" }), named("Lee", Value::Null)),
        (json!({ "subject": "lee" }), named("Lee", json!("lee"))),
        (json!({ "name": "Lee Ann" }), named("Lee Ann", json!("lee"))),
        (of_kim.clone(), known.clone()),
        (Value::Null, Value::Null),
        (
            json!({ "name": "Night shift" }),
            named("Night shift", Value::Null),
        ),
    ] {
        let changed = patched(&app, &action, json!({ "owner": owner })).await;
        assert_eq!(changed.expect(200).json()["owner"], expected, "{owner}");
    }
    let both = json!({ "participant_id": kim, "name": "Lee" });
    let both = patched(&app, &action, json!({ "owner": both })).await;
    let faults = both.problem(422, "validation_failed").faults();
    assert!(faults[0].0.starts_with("/owner"), "{faults:?}");
    let other = a_review(&app).await.join("Lee", "legal").await;
    let strange = json!({ "owner": { "participant_id": other } });
    let strange = patched(&app, &action, strange).await;
    let expected = [("/owner/participant_id".to_owned(), "not_found".to_owned())];
    assert_eq!(strange.problem(422, "validation_failed").faults(), expected);
}

async fn a_decided_priority_keeps_who_decided_it_until_it_is_another(app: App) {
    let review = a_review(&app).await;
    let decided = json!({ "level": "high", "reason": "The regulator asked" });
    let (action, _) = add(&app, &review, json!({ "priority_override": decided })).await;
    let first = app.admin().get(&action).await.expect(200).json();
    let first = first["priority"]["override"].clone();
    let me = app.admin().get("/api/v1/me").await.expect(200).json();
    assert_eq!(first["by"], me["subject"]);
    app.wait(Duration::hours(1));
    let same = patched(&app, &action, json!({ "priority_override": decided })).await;
    assert_eq!(same.expect(200).json()["priority"]["override"], first);
    let lower = patched(
        &app,
        &action,
        json!({ "priority_override": { "level": "medium" } }),
    )
    .await;
    let lower = lower.expect(200).json()["priority"].clone();
    assert_eq!(
        (&lower["level"], &lower["computed_level"]),
        (&json!("medium"), &json!("low"))
    );
    assert_eq!(lower["override"]["reason"], "The regulator asked");
    assert_ne!(lower["override"]["at"], first["at"], "it was decided again");
    let none = patched(&app, &action, json!({ "priority_override": null })).await;
    let none = none.expect(200).json()["priority"].clone();
    assert_eq!(
        (&none["level"], &none["override"]),
        (&json!("low"), &Value::Null)
    );
    // What is left of it would be no decision.
    let half = patched(
        &app,
        &action,
        json!({ "priority_override": { "level": "low" } }),
    )
    .await;
    let expected = [(
        "/priority_override/reason".to_owned(),
        "required".to_owned(),
    )];
    assert_eq!(half.problem(422, "validation_failed").faults(), expected);
}

async fn a_patch_that_is_wrong_anywhere_changes_nothing(app: App) {
    let review = a_review(&app).await;
    let (action, _) = add(&app, &review, json!({ "tags": ["vpn"] })).await;
    let before = app.admin().get(&action).await.expect(200);
    for (patch, places) in [
        (
            json!({ "title": "", "priority_inputs": { "impact": 6, "luck": 1 }, "effort_days": -1 }),
            vec![
                "/effort_days",
                "/priority_inputs/impact",
                "/priority_inputs/luck",
                "/title",
            ],
        ),
        (
            json!({ "title": "Other", "status": "verified" }),
            vec!["/status"],
        ),
        (json!({ "title": null }), vec!["/title"]),
        (json!({ "tags": ["mfa", 7] }), vec!["/tags/1"]),
        (json!({ "owner": { "subject": "lee" } }), vec!["/owner"]),
        (json!({ "due_on": "2026-02-30" }), vec!["/due_on"]),
        (json!({ "slips": 0 }), vec!["/slips"]),
    ] {
        let refused = patched(&app, &action, patch.clone()).await;
        let faults = refused.problem(422, "validation_failed").faults();
        let mut found: Vec<_> = faults.iter().map(|(place, _)| place.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, places, "{patch}");
    }
    let after = app.admin().get(&action).await.expect(200);
    assert_eq!((after.json(), after.etag()), (before.json(), before.etag()));
    let change = json!({ "title": "Other" });
    app.admin()
        .patch(&action, &change)
        .await
        .problem(428, "precondition_required");
    let stale = app.admin().patch(&action, &change).if_match("\"9\"").await;
    stale.problem(412, "stale_version");
}

async fn actions_of_several_reviews_do_not_wait_in_a_circle(app: App) {
    let mut actions = Vec::new();
    for _ in 0..3 {
        let review = a_review(&app).await;
        actions.push(add(&app, &review, json!({})).await);
    }
    let waits = async |from: usize, on: &[usize]| {
        let on: Vec<_> = on.iter().map(|at| actions[*at].1.clone()).collect();
        patched(&app, &actions[from].0, json!({ "depends_on": on })).await
    };
    let blocked = waits(0, &[1]).await.expect(200).json();
    assert_eq!(blocked["blocked_by"], json!([actions[1].1]));
    waits(1, &[2]).await.expect(200);
    let circle = [("/depends_on".to_owned(), "dependency_cycle".to_owned())];
    for (from, on) in [(2, vec![0]), (2, vec![1]), (2, vec![2]), (1, vec![2, 0])] {
        let refused = waits(from, &on).await.problem(422, "validation_failed");
        assert_eq!(refused.faults(), circle, "{from} on {on:?}");
    }
    // A new action closes no circle, whatever it waits for.
    let review = a_review(&app).await;
    let all: Vec<_> = actions.iter().map(|(_, id)| id.clone()).collect();
    let (last, _) = add(&app, &review, json!({ "depends_on": all })).await;
    let blockers = async || {
        let seen = app.reader().get(&last).await.expect(200).json();
        seen["blocked_by"].as_array().map(Vec::len)
    };
    assert_eq!(blockers().await, Some(3));
    let report = json!({ "status": "implemented" });
    let call = app
        .admin()
        .post(format!("{}/progress", actions[2].0), &report);
    call.await.expect(201);
    assert_eq!(blockers().await, Some(2), "what is done blocks nobody");
    // Once the chain is cut, the other way round is no circle.
    waits(0, &[]).await.expect(200);
    waits(2, &[0]).await.expect(200);
}

async fn what_an_action_waits_for_exists_for_the_caller(app: App) {
    let review = a_review(&app).await;
    let quiet = json!({ "visibility": "restricted" });
    let quiet = a_review_with(&app, quiet).await;
    let (_, hidden) = add(&app, &quiet, json!({})).await;
    let (_, known) = add(&app, &review, json!({})).await;
    let theirs = json!({ "title": "Elsewhere", "severity": "high" });
    let theirs = app.stranger().post("/api/v1/reviews", &theirs).await;
    let path = format!("/api/v1/reviews/{}/actions", theirs.expect(201).id());
    let strange = app
        .stranger()
        .post(path, &work(&json!({})))
        .await
        .expect(201)
        .id();
    let nowhere = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11".to_owned();
    for id in [&hidden, &strange, &nowhere] {
        let body = work(&json!({ "depends_on": [known, id] }));
        let reply = app.facilitator().post(review.path("/actions"), &body).await;
        let faults = reply.problem(422, "validation_failed").faults();
        let expected = [("/depends_on/1".to_owned(), "not_found".to_owned())];
        assert_eq!(faults, expected, "{id}");
    }
    let body = work(&json!({ "depends_on": [known, hidden] }));
    let made = app.admin().post(review.path("/actions"), &body).await;
    assert_eq!(
        made.expect(201).json()["depends_on"],
        json!([known, hidden])
    );
    let listed = app.facilitator().all("/api/v1/actions", 50).await;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|one| !one.to_string().contains(&hidden)));
}

async fn a_name_in_another_system_is_of_one_action_only(app: App) {
    let review = a_review(&app).await;
    let names = |id: &str| json!({ "external_refs": [{ "system": "jira", "id": id, "url": format!("https://jira.example.org/browse/{id}") }] });
    let (first, _) = add(&app, &review, names("SEC-1")).await;
    let (second, _) = add(&app, &review, names("SEC-2")).await;
    let seen = app.reader().get(&first).await.expect(200).json();
    assert_eq!(
        seen["external_refs"][0]["url"],
        "https://jira.example.org/browse/SEC-1"
    );
    let taken = [("/external_refs".to_owned(), "reference_taken".to_owned())];
    let elsewhere = a_review(&app).await;
    let path = elsewhere.path("/actions");
    let again = app.admin().post(path, &work(&names("SEC-1"))).await;
    assert_eq!(again.problem(409, "conflict").faults(), taken);
    let moved = patched(&app, &second, names("SEC-1")).await;
    assert_eq!(moved.problem(409, "conflict").faults(), taken);
    assert!(
        app.reader()
            .all(&elsewhere.path("/actions"), 9)
            .await
            .is_empty()
    );
    // An incident of that name is another thing, and so is another organisation's action.
    let mut incident = incident();
    incident["external_refs"] = names("SEC-1")["external_refs"].clone();
    app.contributor()
        .post("/api/v1/incidents", &incident)
        .await
        .expect(201);
    let theirs = json!({ "title": "Elsewhere", "severity": "high" });
    let theirs = app.stranger().post("/api/v1/reviews", &theirs).await;
    let path = format!("/api/v1/reviews/{}/actions", theirs.expect(201).id());
    app.stranger()
        .post(path, &work(&names("SEC-1")))
        .await
        .expect(201);
    // What the first gives up, the second may have; one keeps its own.
    patched(&app, &second, names("SEC-2")).await.expect(200);
    let freed = patched(&app, &first, json!({ "external_refs": [] })).await;
    assert_eq!(freed.expect(200).json()["external_refs"], json!([]));
    let moved = patched(&app, &second, names("SEC-1"))
        .await
        .expect(200)
        .json();
    assert_eq!(moved["external_refs"][0]["id"], "SEC-1");
}

async fn a_date_that_is_taken_away_and_set_later_is_a_slip(app: App) {
    let review = a_review(&app).await;
    let (action, _) = add(&app, &review, json!({ "due_on": "2026-12-05" })).await;
    for (due_on, slips, changes) in [
        (json!(null), 0, 1),
        (json!("2026-12-08"), 1, 2),
        (json!("2026-12-08"), 1, 2),
        (json!(null), 1, 3),
        (json!("2026-12-07"), 1, 4),
    ] {
        app.wait(Duration::minutes(1));
        let changed = patched(&app, &action, json!({ "due_on": due_on })).await;
        let changed = changed.expect(200).json();
        let counted = (&changed["slips"], &changed["due_date_changes"]);
        assert_eq!(counted, (&json!(slips), &json!(changes)), "{due_on}");
    }
    patched(&app, &action, json!({ "due_on": null }))
        .await
        .expect(200);
    let tag = app.admin().get(&action).await.expect(200).etag();
    let later = json!({ "due_on": "2026-12-09", "reason": "The supplier is late" });
    let moved = app.admin().post(format!("{action}/reschedule"), &later);
    let moved = moved.if_match(&tag).await.expect(200).json();
    assert_eq!(
        (&moved["slips"], &moved["due_date_changes"]),
        (&json!(2), &json!(6))
    );
    let list = app
        .reader()
        .all(&format!("{action}/due-date-changes?sort=at"), 50)
        .await;
    let dates: Vec<_> = list
        .iter()
        .map(|one| (one["from"].clone(), one["to"].clone()))
        .collect();
    assert_eq!(dates.len(), 6);
    assert_eq!(dates[1], (json!(null), json!("2026-12-08")));
}
