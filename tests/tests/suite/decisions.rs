//! The decision log: appended, amended with a reason, retracted, found, and kept when it is published.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::{decision, participant};
use debrief_tests::{App, Client, Reply, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_decision_is_appended_and_read,
    a_decision_is_amended_with_a_reason_and_its_revisions_stay,
    every_fault_of_a_decision_is_told_at_once,
    a_decision_names_a_participant_and_events_of_its_own_review,
    a_retracted_decision_stays_and_takes_no_change,
    a_published_review_takes_amendments_of_its_decisions_and_no_others,
    decisions_are_found_by_who_took_them_when_and_what_they_say,
    decisions_of_all_reviews_are_those_of_the_visible,
    a_participant_who_took_a_decision_is_not_removed,
);

fn with(fields: &Value) -> Value {
    let mut body = decision();
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn append(client: &Client, review: &Review, body: &Value) -> Reply {
    let made = client.post(review.path("/decisions"), body).await;
    made.expect(201)
}

async fn a_participant(app: &App, review: &Review) -> Reply {
    let made = app
        .admin()
        .post(review.path("/participants"), &participant())
        .await;
    made.expect(201)
}

async fn a_decision_is_appended_and_read(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let events = review.append(2).await;
    let whole = json!({
        "decided_at": "2026-11-20T04:00:00Z", "precision": "minute",
        "decider_participant_id": a_participant(&app, &review).await.id(),
        "decider_role": "Incident commander",
        "decision": "Shut down every system of the network",
        "options": [
            { "option": "Shut everything down", "pros": "Stops it everywhere", "cons": "Work on paper", "chosen": true },
            { "option": "Isolate the sites", "chosen": false },
        ],
        "information_available": "Two servers encrypted; the way in was not known",
        "rationale": "Nobody could tell how far the attacker had come",
        "outcome": "The encryption stopped",
        "in_hindsight": "Isolation would have kept some sites at work",
        "event_ids": events,
    });
    let key = "decision-1";
    let call = client.post(review.path("/decisions"), &whole).key(key);
    let made = call.clone().await.expect(201);
    let path = review.path(&format!("/decisions/{}", made.id()));
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    assert_eq!(made.json()["retraction"], Value::Null);
    let again = call.await.expect(201);
    assert_eq!(again.json(), made.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    let least = append(&client, &review, &decision()).await.json();
    assert_eq!(least["precision"], "exact");
    assert_eq!(least["options"], json!([]));
    let listed = client.all(&review.path("/decisions"), 50).await;
    assert_eq!(listed.len(), 2, "a repeat appends nothing");
}

async fn a_decision_is_amended_with_a_reason_and_its_revisions_stay(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let events = review.append(2).await;
    let made = append(
        &client,
        &review,
        &with(&json!({ "event_ids": [events[0]] })),
    )
    .await;
    let path = review.path(&format!("/decisions/{}", made.id()));
    let change = json!({ "reason": "The minutes say so", "changes": {
        "decided_at": "2026-11-20T05:00:00Z", "rationale": "x", "event_ids": [events[1]],
    } });
    let amend = client.post(format!("{path}/amend"), &change);
    amend.clone().await.problem(428, "precondition_required");
    let stale = amend.clone().if_match("\"7\"").await;
    stale.problem(412, "stale_version");
    let after = amend.if_match(&made.etag()).await.expect(200);
    assert_eq!(after.json()["decided_at"], "2026-11-20T05:00:00Z");
    assert_eq!(after.json()["decision"], made.json()["decision"]);
    assert_eq!(after.json()["version"], 2);
    assert_eq!(after.json()["created_at"], made.json()["created_at"]);
    let cleared = json!({ "reason": "x", "changes": { "rationale": null } });
    let cleared = client.post(format!("{path}/amend"), &cleared);
    let cleared = cleared.if_match(&after.etag()).await.expect(200);
    assert_eq!(cleared.json()["rationale"], Value::Null);

    let kept = client.all(&format!("{path}/revisions"), 1).await;
    assert_eq!(kept.len(), 2);
    assert_eq!(
        (&kept[0]["revision"], &kept[0]["body"]),
        (&json!(1), &made.json())
    );
    assert_eq!(kept[0]["reason"], "The minutes say so");
    assert_eq!(kept[1]["body"], after.json());
    // What is found by event follows the amendment.
    for (event, count) in [(&events[0], 0), (&events[1], 1)] {
        let list = review.path(&format!("/decisions?event_id={event}"));
        assert_eq!(client.all(&list, 50).await.len(), count);
    }
    let log = app
        .auditor()
        .all("/api/v1/audit-records?resource_type=decision", 50)
        .await;
    let log: Vec<_> = log.iter().map(|one| one["action"].clone()).collect();
    for (action, count) in [("decision.append", 1), ("decision.amend", 2)] {
        assert_eq!(log.iter().filter(|one| **one == action).count(), count);
    }
}

async fn every_fault_of_a_decision_is_told_at_once(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/decisions");
    let twice = json!([{ "option": "a" }, { "option": "a", "chosen": true }]);
    for (body, expected) in [
        (
            json!({}),
            vec![("/decided_at", "required"), ("/decision", "required")],
        ),
        (
            with(&json!({ "decision": " ", "decider_role": "", "outcome": "", "when": 1 })),
            vec![
                ("/decider_role", "too_short"),
                ("/decision", "blank"),
                ("/outcome", "too_short"),
                ("/when", "unknown_field"),
            ],
        ),
        (
            with(&json!({ "options": [{ "chosen": true }, { "option": "a", "cost": 1 }] })),
            vec![
                ("/options/0/option", "required"),
                ("/options/1/cost", "unknown_field"),
            ],
        ),
        (
            with(
                &json!({ "decider_role": null, "options": twice, "decided_at": "2026-11-23T12:05:01Z" }),
            ),
            vec![
                ("/decided_at", "in_the_future"),
                ("/decider_role", "required"),
                ("/options/1", "repeated_item"),
            ],
        ),
    ] {
        let reply = client.post(&path, &body).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&expected), "{body}");
    }
    assert!(client.all(&path, 50).await.is_empty());
    let made = append(&client, &review, &decision()).await;
    let amend = json!({ "reason": "x", "changes": { "decider_role": null, "decided_at": "2027-01-01T00:00:00Z" } });
    let amend = client.post(format!("{path}/{}/amend", made.id()), &amend);
    let found = amend.if_match(&made.etag()).await;
    let expected = [
        ("/changes/decided_at", "in_the_future"),
        ("/changes/decider_role", "required"),
    ];
    let found = found.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&expected));
}

async fn a_decision_names_a_participant_and_events_of_its_own_review(app: App) {
    let (client, review, other) = (
        app.contributor(),
        a_review(&app).await,
        a_review(&app).await,
    );
    let own = review.append(1).await.remove(0);
    let foreign = other.append(1).await.remove(0);
    let body = with(&json!({
        "decider_participant_id": a_participant(&app, &other).await.id(),
        "event_ids": [own, foreign, own],
    }));
    let expected = |under: &str| {
        let own = [
            ("/decider_participant_id", "not_found"),
            ("/event_ids/1", "not_found"),
            ("/event_ids/2", "repeated_item"),
        ];
        own.map(|(place, code)| (format!("{under}{place}"), code.to_owned()))
    };
    let reply = client.post(review.path("/decisions"), &body).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, expected(""));
    let made = append(&client, &review, &decision()).await;
    let path = review.path(&format!("/decisions/{}", made.id()));
    let amend = client.post(
        format!("{path}/amend"),
        &json!({ "reason": "x", "changes": body }),
    );
    let reply = amend.if_match(&made.etag()).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(found, expected("/changes"));
    // A decision of one review is none of another.
    let elsewhere = other.path(&format!("/decisions/{}", made.id()));
    client.get(&elsewhere).await.problem(404, "not_found");
    let amend = json!({ "reason": "x", "changes": {} });
    let amend = client.post(format!("{elsewhere}/amend"), &amend);
    amend.if_match("\"1\"").await.problem(404, "not_found");
}

async fn a_retracted_decision_stays_and_takes_no_change(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let made = append(&client, &review, &decision()).await;
    let path = review.path(&format!("/decisions/{}", made.id()));
    let reason = json!({ "reason": "It was never taken" });
    let retract = client.post(format!("{path}/retract"), &reason);
    retract.clone().await.problem(428, "precondition_required");
    let retracted = retract.if_match(&made.etag()).await.expect(200);
    let body = retracted.json();
    assert_eq!(body["retraction"]["reason"], reason["reason"]);
    assert_eq!(body["retraction"]["by"], body["created_by"]);
    assert_eq!(client.get(&path).await.expect(200).json(), body);
    let amend = json!({ "reason": "x", "changes": { "decision": "y" } });
    for call in [
        client.post(format!("{path}/amend"), &amend),
        client.post(format!("{path}/retract"), &reason),
    ] {
        let refused = call.if_match(&retracted.etag()).await;
        let found = refused.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", "decision_is_retracted")]));
    }
    let kept = client.all(&format!("{path}/revisions"), 50).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["body"], made.json());
}

async fn a_published_review_takes_amendments_of_its_decisions_and_no_others(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let made = append(&client, &review, &decision()).await;
    let review = review.published().await;
    let snapshot = client.get(review.path("/snapshot")).await.expect(200);
    assert_eq!(snapshot.json()["decisions"], json!([made.json()]));
    let refused = client.post(review.path("/decisions"), &decision()).await;
    let found = refused.problem(409, "state_conflict").faults();
    assert_eq!(found, faults(&[("", "review_is_published")]));
    let path = review.path(&format!("/decisions/{}", made.id()));
    let amend = json!({ "reason": "The report corrects it", "changes": { "outcome": "x" } });
    let amended = client.post(format!("{path}/amend"), &amend);
    amended.if_match(&made.etag()).await.expect(200);
    let snapshot = client.get(review.path("/snapshot")).await.expect(200);
    assert_eq!(snapshot.json()["decisions"], json!([made.json()]));

    let ended = a_review(&app).await;
    let made = append(&client, &ended, &decision()).await;
    let cancelled = ended
        .step("cancel", &json!({ "reason": "opened twice" }))
        .await;
    cancelled.expect(200);
    let path = ended.path(&format!("/decisions/{}", made.id()));
    for call in [
        client.post(format!("{path}/amend"), &amend),
        client.post(format!("{path}/retract"), &json!({ "reason": "x" })),
        client.post(ended.path("/decisions"), &decision()),
    ] {
        let refused = call.header("if-match", "\"1\"").await;
        let found = refused.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", "review_is_cancelled")]));
    }
}

async fn decisions(client: &Client, list: &str, limit: usize) -> Vec<String> {
    let found = client.all(list, limit).await;
    let text = |one: &Value| one["decision"].as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}

async fn decisions_are_found_by_who_took_them_when_and_what_they_say(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let person = a_participant(&app, &review).await.id();
    let event = review.append(1).await.remove(0);
    let (alpha, beta, gamma) = ("Alpha 100%", "Beta", "Gamma");
    for fields in [
        json!({ "decision": gamma, "decided_at": "2026-11-20T03:00:00Z", "decider_role": "Board", "outcome": "It HELD" }),
        json!({ "decision": alpha, "decided_at": "2026-11-20T01:00:00Z", "decider_participant_id": person, "decider_role": null }),
        json!({ "decision": beta, "decided_at": "2026-11-20T02:00:00Z", "event_ids": [event], "options": [{ "option": "Wait", "cons": "spreads" }] }),
    ] {
        append(&client, &review, &with(&fields)).await;
    }
    let gone = client.all(&review.path("/decisions?q=gamma"), 1).await[0]["id"].clone();
    let gone = review.path(&format!(
        "/decisions/{}/retract",
        gone.as_str().expect("an id")
    ));
    let retract = client.post(gone, &json!({ "reason": "x" }));
    retract.if_match("\"1\"").await.expect(200);
    for (query, expected) in [
        (String::new(), vec![alpha, beta, gamma]),
        ("sort=decided_at".into(), vec![alpha, beta, gamma]),
        ("sort=-decided_at".into(), vec![gamma, beta, alpha]),
        (format!("decider_participant_id={person}"), vec![alpha]),
        (
            "decider_role=Board&decider_role=Incident%20commander".into(),
            vec![beta, gamma],
        ),
        ("decider_role=board".into(), vec![]),
        (format!("event_id={event}"), vec![beta]),
        ("retracted=true".into(), vec![gamma]),
        ("retracted=false".into(), vec![alpha, beta]),
        (
            "decided_at_from=2026-11-20T02:00:00Z".into(),
            vec![beta, gamma],
        ),
        ("decided_at_to=2026-11-20T02:00:00Z".into(), vec![alpha]),
        ("q=held%20gam".into(), vec![gamma]),
        ("q=SPREADS".into(), vec![beta]),
        ("q=0%25".into(), vec![alpha]),
    ] {
        for list in [review.path("/decisions"), "/api/v1/decisions".to_owned()] {
            let list = format!("{list}?{query}");
            assert_eq!(decisions(&app.reader(), &list, 1).await, expected, "{list}");
        }
    }
    for query in [
        "decider=x",
        "sort=decision",
        "retracted=perhaps",
        "event_id=1",
    ] {
        let wrong = client
            .get(review.path(&format!("/decisions?{query}")))
            .await;
        wrong.problem(400, "invalid_parameter");
    }
}

async fn decisions_of_all_reviews_are_those_of_the_visible(app: App) {
    let (admin, open) = (app.admin(), a_review(&app).await);
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    append(&admin, &open, &with(&json!({ "decision": "open" }))).await;
    let made = append(&admin, &quiet, &with(&json!({ "decision": "quiet" }))).await;
    let of = format!("?review_id={}", quiet.id);
    for (who, query, expected) in [
        (app.admin(), "", vec!["open", "quiet"]),
        (app.admin(), of.as_str(), vec!["quiet"]),
        (app.reader(), "", vec!["open"]),
        (app.reader(), of.as_str(), vec![]),
        (app.stranger(), "", vec![]),
    ] {
        let list = format!("/api/v1/decisions{query}");
        assert_eq!(decisions(&who, &list, 1).await, expected, "{list}");
    }
    let path = quiet.path(&format!("/decisions/{}", made.id()));
    for (who, path) in [
        (app.reader(), path.clone()),
        (app.reader(), quiet.path("/decisions")),
        (app.reader(), format!("{path}/revisions")),
        (app.stranger(), open.path("/decisions")),
    ] {
        who.get(path).await.problem(404, "not_found");
    }
    let hidden = app
        .contributor()
        .post(quiet.path("/decisions"), &decision())
        .await;
    hidden.problem(404, "not_found");
}

async fn a_participant_who_took_a_decision_is_not_removed(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let person = a_participant(&app, &review).await;
    let body = with(&json!({ "decider_participant_id": person.id() }));
    let made = append(&client, &review, &body).await;
    let remove = client.delete(review.path(&format!("/participants/{}", person.id())));
    let remove = remove.if_match(&person.etag());
    let refused = remove.clone().await.problem(409, "conflict").faults();
    assert_eq!(refused, faults(&[("", "took_a_decision")]));
    let amend = json!({ "reason": "Somebody else", "changes": { "decider_participant_id": null } });
    let path = review.path(&format!("/decisions/{}/amend", made.id()));
    let amended = client.post(path, &amend).if_match(&made.etag());
    amended.await.expect(200);
    remove.await.expect(204);
}
