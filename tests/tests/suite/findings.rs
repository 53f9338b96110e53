//! Findings: what a review established, the why-chain, and that what is published is amended.

use debrief_tests::client::Client;
use debrief_tests::reply::Reply;
use debrief_tests::world::{event, review};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_finding_is_recorded_read_and_changed,
    every_kind_of_finding_has_its_own_fields,
    a_finding_rests_on_events_of_its_review_only,
    a_why_chain_is_neither_circular_nor_endless_nor_torn,
    a_finding_keeps_a_retracted_event_but_takes_no_other,
    a_retracted_finding_stays_readable_and_takes_no_change,
    a_published_review_takes_amendments_and_no_other_change,
    a_review_that_has_ended_takes_no_change_of_its_findings,
    findings_are_found_by_what_they_say,
    findings_of_all_reviews_are_those_of_the_visible,
);

async fn reviewed(app: &App) -> String {
    let made = app.admin().post("/api/v1/reviews", &review()).await;
    format!("/api/v1/reviews/{}", made.expect(201).id())
}

fn gap(statement: &str) -> Value {
    json!({ "kind": "gap", "statement": statement, "gap_category": "policy" })
}

fn with(mut finding: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        finding[name] = value.clone();
    }
    finding
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn record(client: &Client, review: &str, finding: &Value) -> Reply {
    let made = client.post(format!("{review}/findings"), finding).await;
    made.expect(201)
}

async fn appended(client: &Client, review: &str) -> String {
    let made = client.post(format!("{review}/events"), &event()).await;
    made.expect(201).id()
}

/// Takes a step of the review's life.
async fn step(client: &Client, review: &str, name: &str, body: &Value) {
    let tag = client.get(review).await.expect(200).etag();
    let call = client.post(format!("{review}/{name}"), body);
    call.if_match(&tag).await.expect(200);
}

/// A published review with a cause; the paths of both.
async fn published(app: &App) -> (String, String) {
    let (admin, review) = (app.admin(), reviewed(app).await);
    let event = appended(&admin, &review).await;
    let cause = json!({
        "kind": "root_cause", "statement": "No owner of alerts",
        "cause_category": "process_failure", "event_ids": [event],
    });
    let cause = record(&admin, &review, &cause).await.id();
    let strength = json!({ "kind": "strength", "statement": "Backups were offline" });
    record(&admin, &review, &strength).await;
    let tag = admin.get(&review).await.expect(200).etag();
    let owned = json!({ "summary": "What happened", "owner": { "name": "Ada" } });
    let changed = admin.patch(&review, &owned).if_match(&tag).await;
    changed.expect(200);
    for name in ["start", "submit", "publish"] {
        step(&admin, &review, name, &json!({})).await;
    }
    let cause = format!("{review}/findings/{cause}");
    (review, cause)
}

async fn a_finding_is_recorded_read_and_changed(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let event = appended(&client, &review).await;
    let whole = json!({
        "kind": "root_cause", "statement": "Alerts had no accountable owner",
        "description": "Six weeks of alerts reached a mailbox nobody read.",
        "cause_category": "process_failure", "cause_detail": "unclear responsibility",
        "factor_kind": "causal", "factor_area": "organisation", "confidence": "high",
        "event_ids": [event], "evidence": [{ "title": "Mailbox export" }],
        "control": { "id": "A.8.16", "function": "detective", "state": "alert_not_actioned" },
        "attack_techniques": ["T1486", "T9999"], "likelihood": 4, "severity_score": 5,
    });
    let made = record(&client, &review, &whole).await;
    let path = format!("{review}/findings/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    assert_eq!(made.json()["risk_score"], 20);
    assert_eq!(
        made.json()["warnings"][0]["pointer"],
        "/attack_techniques/1"
    );
    let read = client.get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));

    let change = json!({ "likelihood": null, "attack_techniques": ["T1490"], "event_ids": [] });
    let changed = client
        .patch(&path, &change)
        .if_match(&made.etag())
        .await
        .expect(200);
    assert_eq!(changed.json()["risk_score"], Value::Null);
    assert_eq!(changed.json()["version"], 2);
    assert_eq!(changed.json()["cause_detail"], "unclear responsibility");
    let stale = client.patch(&path, &change).if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    let revisions = client.get(format!("{path}/revisions")).await.expect(200);
    assert!(revisions.items().is_empty(), "a change keeps no revision");
}

async fn every_kind_of_finding_has_its_own_fields(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let path = format!("{review}/findings");
    let bare = |kind: &str| json!({ "kind": kind, "statement": "x" });
    let control = json!({ "control": { "function": "preventive", "state": "worked" } });
    let no_action = json!({ "no_recommendation_reason": "retired next month" });
    let refused = [
        (bare("gap"), faults(&[("/gap_category", "required")])),
        (
            bare("root_cause"),
            faults(&[("/cause_category", "required")]),
        ),
        (
            with(bare("strength"), &json!({ "gap_category": "policy" })),
            faults(&[("/gap_category", "not_for_this_kind")]),
        ),
        (
            with(with(bare("observation"), &control), &no_action),
            faults(&[
                ("/control", "not_for_this_kind"),
                ("/no_recommendation_reason", "not_for_this_kind"),
            ]),
        ),
        (
            with(
                gap("x"),
                &json!({ "likelihood": 6, "severity_score": 0, "attack_techniques": ["1486"], "risk_score": 3 }),
            ),
            faults(&[
                ("/attack_techniques/0", "invalid_format"),
                ("/likelihood", "out_of_range"),
                ("/risk_score", "unknown_field"),
                ("/severity_score", "out_of_range"),
            ]),
        ),
    ];
    for (body, expected) in refused {
        let reply = client.post(&path, &body).await;
        assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    }
    let mitigating = json!({ "factor_kind": "mitigating" });
    for body in [
        bare("observation"),
        bare("near_miss"),
        with(with(bare("strength"), &control), &mitigating),
        with(gap("x"), &no_action),
    ] {
        client.post(&path, &body).await.expect(201);
    }
    // What a kind asks for holds after a change as well.
    let made = record(&client, &review, &gap("x")).await;
    let changed = client
        .patch(
            format!("{path}/{}", made.id()),
            &json!({ "kind": "strength" }),
        )
        .if_match(&made.etag())
        .await;
    let expected = faults(&[("/gap_category", "not_for_this_kind")]);
    assert_eq!(changed.problem(422, "validation_failed").faults(), expected);
}

async fn a_finding_rests_on_events_of_its_review_only(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let other = reviewed(&app).await;
    let (own, foreign) = (
        appended(&client, &review).await,
        appended(&client, &other).await,
    );
    let path = format!("{review}/findings");
    let body = with(gap("x"), &json!({ "event_ids": [own, foreign, own] }));
    let reply = client.post(&path, &body).await;
    let expected = faults(&[
        ("/event_ids/1", "not_found"),
        ("/event_ids/2", "repeated_item"),
    ]);
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let body = with(gap("rests"), &json!({ "event_ids": [own] }));
    let made = record(&client, &review, &body).await;
    record(&client, &review, &gap("rests on nothing")).await;
    for list in [path.as_str(), "/api/v1/findings"] {
        let found = client
            .get(format!("{list}?event_id={own}"))
            .await
            .expect(200);
        assert_eq!(found.items(), [made.json()]);
    }
}

async fn a_why_chain_is_neither_circular_nor_endless_nor_torn(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let path = format!("{review}/findings");
    let mut chain = vec![record(&client, &review, &gap("0")).await];
    for number in 1..32 {
        let parent = chain.last().expect("it has a first").id();
        let body = with(gap(&number.to_string()), &json!({ "parent_id": parent }));
        chain.push(record(&client, &review, &body).await);
    }
    let refused = async |parent: &str, expected: &str| {
        let body = with(gap("x"), &json!({ "parent_id": parent }));
        let reply = client.post(&path, &body).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("/parent_id", expected)]));
    };
    refused(&chain[31].id(), "too_long").await;
    let elsewhere = record(&client, &reviewed(&app).await, &gap("elsewhere")).await;
    refused(&elsewhere.id(), "not_found").await;
    for to in [&chain[0], &chain[31]] {
        let circle = client
            .patch(
                format!("{path}/{}", chain[0].id()),
                &json!({ "parent_id": to.id() }),
            )
            .if_match(&chain[0].etag())
            .await;
        let found = circle.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("/parent_id", "circular")]));
    }
    let retract = async |finding: &Reply| {
        let call = client.post(
            format!("{path}/{}/retract", finding.id()),
            &json!({ "reason": "disproved" }),
        );
        call.if_match(&finding.etag()).await
    };
    let torn = retract(&chain[30]).await.problem(409, "state_conflict");
    assert_eq!(torn.faults(), faults(&[("", "finding_has_reasons")]));
    retract(&chain[31]).await.expect(200);
    retract(&chain[30]).await.expect(200);
    refused(&chain[30].id(), "retracted").await;
}

async fn a_finding_keeps_a_retracted_event_but_takes_no_other(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let appended = async || {
        let made = client.post(format!("{review}/events"), &event()).await;
        made.expect(201)
    };
    let (own, other) = (appended().await, appended().await);
    let body = with(gap("rests"), &json!({ "event_ids": [own.id()] }));
    let made = record(&client, &review, &body).await;
    for event in [&own, &other] {
        let path = format!("{review}/events/{}/retract", event.id());
        let call = client.post(path, &json!({ "reason": "another host" }));
        call.if_match(&event.etag()).await.expect(200);
    }
    let path = format!("{review}/findings/{}", made.id());
    let both = json!({ "event_ids": [own.id(), other.id()] });
    let refused = client.patch(&path, &both).if_match(&made.etag()).await;
    let refused = refused.problem(422, "validation_failed");
    assert_eq!(refused.faults(), faults(&[("/event_ids/1", "retracted")]));
    let new = with(gap("new"), &both);
    let refused = client.post(format!("{review}/findings"), &new).await;
    let refused = refused.problem(422, "validation_failed").faults();
    let expected = [("/event_ids/0", "retracted"), ("/event_ids/1", "retracted")];
    assert_eq!(refused, faults(&expected));
    let kept = json!({ "statement": "still rests", "event_ids": [own.id()] });
    let kept = client.patch(&path, &kept).if_match(&made.etag()).await;
    assert_eq!(kept.expect(200).json()["event_ids"], json!([own.id()]));
}

async fn a_retracted_finding_stays_readable_and_takes_no_change(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let made = record(&client, &review, &gap("wrong")).await;
    let path = format!("{review}/findings/{}", made.id());
    let reason = json!({ "reason": "Disproved by the forensic report" });
    let retract = client.post(format!("{path}/retract"), &reason);
    retract.clone().await.problem(428, "precondition_required");
    let retracted = retract.if_match(&made.etag()).await.expect(200);
    let body = retracted.json();
    assert_eq!(body["retraction"]["reason"], reason["reason"]);
    assert_eq!(body["retraction"]["by"], body["created_by"]);
    assert_eq!(client.get(&path).await.expect(200).json(), body);
    let tag = retracted.etag();
    let amend = json!({ "reason": "x", "changes": { "statement": "right" } });
    for call in [
        client.patch(&path, &json!({ "statement": "right" })),
        client.post(format!("{path}/amend"), &amend),
        client.post(format!("{path}/retract"), &reason),
    ] {
        let refused = call.if_match(&tag).await.problem(409, "state_conflict");
        assert_eq!(refused.faults(), faults(&[("", "finding_is_retracted")]));
    }
    let kept = client.get(format!("{path}/revisions")).await.expect(200);
    let kept = kept.items();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["body"], made.json());
    assert_eq!(kept[0]["reason"], reason["reason"]);
    for (retracted, count) in [("true", 1), ("false", 0)] {
        let list = format!("{review}/findings?retracted={retracted}");
        assert_eq!(client.get(list).await.expect(200).items().len(), count);
    }
}

async fn a_published_review_takes_amendments_and_no_other_change(app: App) {
    let (client, (review, path)) = (app.contributor(), published(&app).await);
    let before = client.get(&path).await.expect(200);
    let new = client
        .post(format!("{review}/findings"), &gap("late"))
        .await;
    let refused = new.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "review_is_published")]));
    let patch = client
        .patch(&path, &json!({ "statement": "x" }))
        .if_match(&before.etag());
    let refused = patch.await.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "amend_instead")]));

    let amend = format!("{path}/amend");
    let wrong = json!({ "reason": "x", "changes": { "kind": "gap" } });
    let wrong = client.post(&amend, &wrong).if_match(&before.etag()).await;
    let expected = faults(&[
        ("/changes/cause_category", "not_for_this_kind"),
        ("/changes/gap_category", "required"),
    ]);
    assert_eq!(wrong.problem(422, "validation_failed").faults(), expected);
    let nothing = json!({ "changes": { "statement": "x" } });
    let nothing = client.post(&amend, &nothing).if_match(&before.etag()).await;
    let expected = faults(&[("/reason", "required")]);
    assert_eq!(nothing.problem(422, "validation_failed").faults(), expected);
    for same in [json!({}), json!({ "kind": before.json()["kind"] })] {
        let same = json!({ "reason": "x", "changes": same });
        let same = client.post(&amend, &same).if_match(&before.etag()).await;
        let expected = faults(&[("/changes", "nothing_changed")]);
        assert_eq!(same.problem(422, "validation_failed").faults(), expected);
    }

    let change = json!({ "reason": "The report corrected it", "changes": { "statement": "No owner", "description": null } });
    let call = client.post(&amend, &change).if_match(&before.etag());
    let after = call.clone().key("amendment-1").await.expect(200);
    assert_eq!(after.json()["statement"], "No owner");
    assert_eq!(after.json()["version"], 2);
    let again = call.clone().key("amendment-1").await.expect(200);
    assert_eq!(again.json(), after.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    call.await.problem(412, "stale_version");

    let retract = client.post(format!("{path}/retract"), &json!({ "reason": "disproved" }));
    retract.if_match(&after.etag()).await.expect(200);
    let kept = client.all(&format!("{path}/revisions"), 1).await;
    let numbers: Vec<_> = kept.iter().map(|one| one["revision"].clone()).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(kept[0]["body"], before.json());
    assert_eq!(kept[0]["reason"], "The report corrected it");
    assert_eq!(kept[1]["body"], after.json());

    let log = "/api/v1/audit-records?resource_type=finding";
    let log = app.auditor().all(log, 50).await;
    let actions: Vec<_> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    for action in ["finding.record", "finding.amend", "finding.retract"] {
        assert!(actions.contains(&action), "{action}: {actions:?}");
    }
}

async fn a_review_that_has_ended_takes_no_change_of_its_findings(app: App) {
    let (admin, review) = (app.admin(), reviewed(&app).await);
    let made = record(&admin, &review, &gap("x")).await;
    let path = format!("{review}/findings/{}", made.id());
    step(
        &admin,
        &review,
        "cancel",
        &json!({ "reason": "opened twice" }),
    )
    .await;
    let amend = json!({ "reason": "x", "changes": { "statement": "y" } });
    for call in [
        admin.post(format!("{review}/findings"), &gap("late")),
        admin.patch(&path, &json!({ "statement": "y" })),
        admin.post(format!("{path}/amend"), &amend),
        admin.post(format!("{path}/retract"), &json!({ "reason": "x" })),
    ] {
        // If-Match is for one of them too many, which does not matter.
        let refused = call
            .if_match(&made.etag())
            .await
            .problem(409, "state_conflict");
        assert_eq!(refused.faults(), faults(&[("", "review_is_cancelled")]));
    }
}

async fn findings_are_found_by_what_they_say(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let path = format!("{review}/findings");
    let control = json!({ "function": "detective", "state": "not_monitored" });
    for body in [
        with(
            gap("Alpha rule"),
            &json!({ "control": control, "likelihood": 2, "severity_score": 3, "attack_techniques": ["T1486"] }),
        ),
        json!({ "kind": "contributing_factor", "statement": "Beta load", "cause_category": "human_error", "factor_kind": "systemic", "confidence": "high", "likelihood": 5, "severity_score": 5 }),
        json!({ "kind": "strength", "statement": "Gamma", "description": "alpha again", "attack_techniques": ["T1486", "T1490"] }),
    ] {
        client.post(&path, &body).await.expect(201);
    }
    let (alpha, beta, gamma) = ("Alpha rule", "Beta load", "Gamma");
    for (query, expected) in [
        ("", vec![alpha, beta, gamma]),
        ("sort=-created_at", vec![gamma, beta, alpha]),
        ("sort=risk_score", vec![alpha, beta, gamma]),
        ("sort=-risk_score", vec![beta, alpha, gamma]),
        ("kind=gap&kind=strength", vec![alpha, gamma]),
        ("gap_category=policy", vec![alpha]),
        ("cause_category=human_error", vec![beta]),
        ("factor_kind=systemic", vec![beta]),
        ("confidence=unknown", vec![alpha, gamma]),
        ("control_state=not_monitored", vec![alpha]),
        ("attack_technique=T1486", vec![alpha, gamma]),
        (
            "attack_technique=T1490&attack_technique=T1486&kind=strength",
            vec![gamma],
        ),
        ("attack_technique=T1499", vec![]),
        ("q=ALPHA", vec![alpha, gamma]),
        ("q=rule%20alpha", vec![alpha]),
        ("retracted=false", vec![alpha, beta, gamma]),
        ("created_at_from=2100-01-01T00:00:00Z", vec![]),
        (
            "created_at_to=2100-01-01T00:00:00Z",
            vec![alpha, beta, gamma],
        ),
    ] {
        for list in [path.as_str(), "/api/v1/findings"] {
            let found = client.all(&format!("{list}?{query}"), 1).await;
            let found: Vec<_> = found.iter().map(|one| one["statement"].clone()).collect();
            assert_eq!(found, expected, "{list}?{query}");
        }
    }
    let wrong = client.get(format!("{path}?attack_technique=1486")).await;
    let expected = faults(&[("attack_technique", "invalid_format")]);
    assert_eq!(wrong.problem(400, "invalid_parameter").faults(), expected);
}

async fn findings_of_all_reviews_are_those_of_the_visible(app: App) {
    let admin = app.admin();
    let open = reviewed(&app).await;
    let restricted = with(review(), &json!({ "visibility": "restricted" }));
    let quiet = admin.post("/api/v1/reviews", &restricted).await.expect(201);
    let quiet = format!("/api/v1/reviews/{}", quiet.id());
    record(&admin, &open, &gap("open")).await;
    record(&admin, &quiet, &gap("quiet")).await;
    let statements = async |client: Client, query: String| {
        let found = client.all(&format!("/api/v1/findings?{query}"), 50).await;
        let text = |one: &Value| one["statement"].as_str().unwrap_or_default().to_owned();
        found.iter().map(text).collect::<Vec<_>>()
    };
    let of = |review: &str| {
        let id = review.rsplit('/').next().unwrap_or_default();
        format!("review_id={id}")
    };
    assert_eq!(
        statements(app.admin(), String::new()).await,
        ["open", "quiet"]
    );
    assert_eq!(statements(app.admin(), of(&quiet)).await, ["quiet"]);
    assert_eq!(statements(app.reader(), String::new()).await, ["open"]);
    assert!(statements(app.reader(), of(&quiet)).await.is_empty());
    assert!(statements(app.stranger(), String::new()).await.is_empty());
    let hidden = app.reader().get(format!("{quiet}/findings")).await;
    hidden.problem(404, "not_found");
}
