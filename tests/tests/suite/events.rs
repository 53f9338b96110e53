//! Events: appended, sent again, amended and retracted; which reviews take them, and from whom.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::event;
use debrief_tests::{App, Client, Reply, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    an_event_is_kept_with_everything_that_is_said_of_it,
    an_event_that_says_little_has_the_defaults,
    what_a_source_sends_again_is_answered_with_what_is_stored,
    of_many_that_send_one_event_at_once_one_appends_it,
    an_external_id_is_a_name_at_its_source_and_in_its_review,
    every_fault_of_an_event_is_told_at_once,
    an_event_lies_five_minutes_ahead_at_most,
    an_amendment_makes_a_revision_and_keeps_the_old_one,
    an_amendment_has_a_reason_and_leaves_a_valid_event,
    a_change_of_an_event_needs_its_current_version,
    a_retracted_event_stays_in_the_chronology_and_takes_no_change,
    a_review_that_is_out_takes_amendments_only,
    what_a_source_sends_again_is_known_also_when_the_review_is_out,
    a_review_that_has_ended_otherwise_takes_no_change,
    the_events_of_a_hidden_review_do_not_exist,
);

fn with(mut event: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        event[name] = value.clone();
    }
    event
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn refused(reply: Reply) -> Vec<(String, String)> {
    reply.problem(422, "validation_failed").faults()
}

async fn append(client: &Client, review: &Review, event: &Value) -> Reply {
    let made = client.post(review.path("/events"), event).await;
    made.expect(201)
}

async fn subject(client: &Client) -> Value {
    let me = client.get("/api/v1/me").await.expect(200);
    me.json()["subject"].clone()
}

async fn chronology(app: &App, review: &Review) -> Vec<Value> {
    app.admin().all(&review.path("/events"), 200).await
}

async fn an_event_is_kept_with_everything_that_is_said_of_it(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let whole = json!({
        "ended_at": "2026-11-20T04:00:00Z", "precision": "minute",
        "kind": "containment_action", "phase": "containment", "actor_side": "responder",
        "actor_role": "SOC analyst on duty", "summary": "fs-01 was isolated",
        "description": "By hand, as the playbook says.", "source": "edr",
        "external_id": "alert-88213",
        "evidence": [{ "title": "Console", "url": "https://evidence.example/1", "sha256": "0".repeat(64) }],
        "attack_techniques": ["T1486", "T9999"], "marks": ["contained", "response_started"],
        "is_key": true, "hindsight_only": true, "inhibited_recovery": true,
    });
    let at = json!({ "occurred_at": "2026-11-20T05:36:00.123456+02:00" });
    let made = append(&client, &review, &with(whole.clone(), &at)).await;
    let (body, path) = (made.json(), review.path(&format!("/events/{}", made.id())));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    assert_eq!(body["occurred_at"], "2026-11-20T03:36:00.123456Z");
    assert_eq!(body["warnings"][0]["pointer"], "/attack_techniques/1");
    assert_eq!(made.header("location"), Some(path.as_str()));
    assert_eq!(made.etag(), "\"1\"");
    let key = review.now().await.json()["key"].clone();
    let by_key = format!("/api/v1/reviews/{}/events", key.as_str().expect("a key"));
    for path in [path, format!("{by_key}/{}", made.id())] {
        let read = app.reader().get(&path).await.expect(200);
        assert_eq!((read.json(), read.etag()), (body.clone(), made.etag()));
        let same = app.reader().get(&path).header("if-none-match", made.etag());
        assert!(same.await.expect(304).body.is_empty());
    }
}

async fn an_event_that_says_little_has_the_defaults(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let body = append(&client, &review, &event()).await.json();
    for (field, expected) in [
        ("review_id", json!(review.id)),
        ("ended_at", json!(null)),
        ("precision", json!("exact")),
        ("phase", json!(null)),
        ("actor_side", json!("unknown")),
        ("source", json!(null)),
        ("external_id", json!(null)),
        ("evidence", json!([])),
        ("attack_techniques", json!([])),
        ("marks", json!([])),
        ("is_key", json!(false)),
        ("hindsight_only", json!(false)),
        ("inhibited_recovery", json!(false)),
        ("retraction", json!(null)),
        ("warnings", json!([])),
        ("version", json!(1)),
        ("created_at", json!("2026-11-23T12:00:00Z")),
        ("updated_at", json!("2026-11-23T12:00:00Z")),
        ("created_by", subject(&client).await),
    ] {
        assert_eq!(body[field], expected, "{field}");
    }
}

async fn what_a_source_sends_again_is_answered_with_what_is_stored(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let named = json!({ "source": "edr", "external_id": "alert-1" });
    let first = append(&client, &review, &with(event(), &named)).await;
    app.wait(Duration::minutes(5));
    let changed = with(
        event(),
        &json!({ "summary": "In other words", "is_key": true }),
    );
    for body in [with(event(), &named), with(changed, &named)] {
        let again = client.post(review.path("/events"), &body).await;
        let again = again.expect(200);
        assert_eq!((again.json(), again.etag()), (first.json(), first.etag()));
    }
    assert_eq!(chronology(&app, &review).await, [first.json()]);
    let log = "/api/v1/audit-records?resource_type=event";
    let log = app.auditor().all(log, 50).await;
    let appended = log.iter().filter(|one| one["action"] == "event.append");
    assert_eq!(appended.count(), 1, "{log:?}");
}

async fn of_many_that_send_one_event_at_once_one_appends_it(app: App) {
    let review = a_review(&app).await;
    let named = json!({ "source": "siem", "external_id": "once" });
    let (client, body) = (app.contributor(), with(event(), &named));
    let calls = (0..8).map(|_| async { client.post(review.path("/events"), &body).await });
    let replies = join_all(calls).await;
    let created = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(created, 1);
    let id = replies[0].id();
    for reply in replies {
        assert!([200, 201].contains(&reply.status), "{}", reply.text());
        assert_eq!(reply.id(), id);
    }
    assert_eq!(chronology(&app, &review).await.len(), 1);
}

async fn an_external_id_is_a_name_at_its_source_and_in_its_review(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let other = a_review(&app).await;
    let named = |source: &str| with(event(), &json!({ "source": source, "external_id": "1" }));
    append(&client, &review, &named("edr")).await;
    append(&client, &review, &named("EDR")).await;
    append(&client, &other, &named("edr")).await;
    let sourced = with(event(), &json!({ "source": "edr" }));
    append(&client, &review, &sourced).await;
    append(&client, &review, &sourced).await;
    assert_eq!(chronology(&app, &review).await.len(), 4);
    assert_eq!(chronology(&app, &other).await.len(), 1);
}

async fn every_fault_of_an_event_is_told_at_once(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let path = review.path("/events");
    let wrong = json!({
        "occurred_at": "yesterday", "kind": "party", "summary": "", "owner": "me",
        "marks": ["detected", "done"], "attack_techniques": ["1486"], "evidence": [{}],
    });
    let found = refused(client.post(&path, &wrong).await);
    let found: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    let expected = [
        "/attack_techniques/0",
        "/evidence/0/title",
        "/kind",
        "/marks/1",
        "/occurred_at",
        "/owner",
        "/summary",
    ];
    assert_eq!(found, expected);
    let wrong = json!({
        "ended_at": "2026-11-20T03:35:59Z", "external_id": "1", "marks": ["detected", "detected"],
    });
    let found = refused(client.post(&path, &with(event(), &wrong)).await);
    let expected = [
        ("/ended_at", "before_start"),
        ("/marks/1", "repeated_item"),
        ("/source", "required"),
    ];
    assert_eq!(found, faults(&expected));
    assert!(chronology(&app, &review).await.is_empty());
}

async fn an_event_lies_five_minutes_ahead_at_most(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let at = |at: &str| with(event(), &json!({ "occurred_at": at }));
    append(&client, &review, &at("2026-11-23T12:05:00Z")).await;
    let ahead = at("2026-11-23T12:05:01Z");
    let long = with(event(), &json!({ "ended_at": "2027-11-23T12:00:00Z" }));
    for (body, place) in [(&ahead, "/occurred_at"), (&long, "/ended_at")] {
        let found = refused(client.post(review.path("/events"), body).await);
        assert_eq!(found, faults(&[(place, "in_the_future")]));
    }
    assert_eq!(chronology(&app, &review).await.len(), 1);
    app.wait(Duration::seconds(1));
    append(&client, &review, &ahead).await;
}

async fn an_amendment_makes_a_revision_and_keeps_the_old_one(app: App) {
    let (author, review) = (app.contributor(), a_review(&app).await);
    let said = json!({ "description": "Seen at once", "source": "edr", "external_id": "1" });
    let made = append(&author, &review, &with(event(), &said)).await;
    let path = review.path(&format!("/events/{}", made.id()));
    app.wait(Duration::hours(1));
    let editor = app.facilitator();
    let changes = json!({ "occurred_at": "2026-11-20T03:31:00Z", "description": null });
    let body = json!({ "reason": "The clock was five minutes ahead", "changes": changes });
    let call = editor.post(format!("{path}/amend"), &body);
    let amended = call.if_match(&made.etag()).await.expect(200);
    let expected = json!({
        "occurred_at": "2026-11-20T03:31:00Z", "description": null, "version": 2,
        "updated_at": "2026-11-23T13:00:00Z",
    });
    assert_eq!(amended.json(), with(made.json(), &expected));
    assert_eq!(amended.etag(), "\"2\"");
    assert_eq!(editor.get(&path).await.expect(200).json(), amended.json());

    let body = json!({ "reason": "Half a minute more", "changes": { "is_key": true } });
    let call = author.post(format!("{path}/amend"), &body);
    call.if_match(&amended.etag()).await.expect(200);
    let kept = app.reader().all(&format!("{path}/revisions"), 1).await;
    assert_eq!(kept.len(), 2);
    for (number, old, reason, by) in [
        (1, &made, "The clock was five minutes ahead", &editor),
        (2, &amended, "Half a minute more", &author),
    ] {
        let expected = json!({
            "revision": number, "reason": reason, "replaced_by": subject(by).await,
            "replaced_at": "2026-11-23T13:00:00Z", "body": old.json(),
        });
        assert_eq!(kept[number - 1], expected);
    }
    // The source may go on sending what it sent.
    let again = author.post(review.path("/events"), &with(event(), &said));
    assert_eq!(again.await.expect(200).json()["version"], 3);
}

async fn an_amendment_has_a_reason_and_leaves_a_valid_event(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let named = |id: &str| with(event(), &json!({ "source": "edr", "external_id": id }));
    append(&client, &review, &named("taken")).await;
    let made = append(&client, &review, &named("own")).await;
    let path = review.path(&format!("/events/{}", made.id()));
    let amend = async |body: Value| {
        let call = client.post(format!("{path}/amend"), &body);
        call.if_match(&made.etag()).await
    };
    for (changes, expected) in [
        (
            json!({ "summary": null }),
            ("/changes/summary", "wrong_type"),
        ),
        (
            json!({ "colour": "red" }),
            ("/changes/colour", "unknown_field"),
        ),
        (
            json!({ "occurred_at": "2027-01-01T00:00:00Z" }),
            ("/changes/occurred_at", "in_the_future"),
        ),
        (
            json!({ "ended_at": "2026-11-20T03:35:59Z" }),
            ("/changes/ended_at", "before_start"),
        ),
        (json!({ "source": null }), ("/changes/source", "required")),
        (json!({}), ("/changes", "nothing_changed")),
        // As it is, and as it is written elsewhere.
        (
            json!({ "source": "edr", "evidence": [], "occurred_at": made.json()["occurred_at"] }),
            ("/changes", "nothing_changed"),
        ),
    ] {
        let reply = amend(json!({ "reason": "x", "changes": changes })).await;
        assert_eq!(refused(reply), faults(&[expected]), "{changes}");
    }
    let reply = amend(json!({ "changes": { "is_key": true } })).await;
    assert_eq!(refused(reply), faults(&[("/reason", "required")]));
    let changes = json!({ "external_id": "taken" });
    let reply = amend(json!({ "reason": "x", "changes": changes })).await;
    let found = reply.problem(409, "conflict").faults();
    assert_eq!(found, faults(&[("/changes/external_id", "taken")]));
    assert_eq!(client.get(&path).await.expect(200).json(), made.json());
    let revisions = client.get(format!("{path}/revisions")).await.expect(200);
    assert!(revisions.items().is_empty());
}

async fn a_change_of_an_event_needs_its_current_version(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let made = append(&client, &review, &event()).await;
    let path = review.path(&format!("/events/{}", made.id()));
    let amend = json!({ "reason": "x", "changes": { "is_key": true } });
    let amend = client.post(format!("{path}/amend"), &amend);
    let first = amend.clone().if_match(&made.etag()).await.expect(200);
    let retract = client.post(format!("{path}/retract"), &json!({ "reason": "x" }));
    for call in [amend, retract] {
        let missing = call.clone().await;
        missing.problem(428, "precondition_required");
        let stale = call.if_match(&made.etag()).await;
        let stale = stale.problem(412, "stale_version");
        assert_eq!(stale.etag(), first.etag());
    }
    assert_eq!(client.get(&path).await.expect(200).json(), first.json());
}

async fn a_retracted_event_stays_in_the_chronology_and_takes_no_change(app: App) {
    let (author, review) = (app.contributor(), a_review(&app).await);
    let made = append(&author, &review, &event()).await;
    let other = append(&author, &review, &event()).await;
    let path = review.path(&format!("/events/{}", made.id()));
    app.wait(Duration::hours(1));
    let editor = app.facilitator();
    let reason = json!({ "reason": "It belongs to another incident" });
    let retract = editor.post(format!("{path}/retract"), &reason);
    let retracted = retract.if_match(&made.etag()).await.expect(200);
    let expected = json!({
        "retraction": {
            "at": "2026-11-23T13:00:00Z", "by": subject(&editor).await,
            "reason": reason["reason"],
        },
        "version": 2, "updated_at": "2026-11-23T13:00:00Z",
    });
    assert_eq!(retracted.json(), with(made.json(), &expected));
    assert_eq!(
        chronology(&app, &review).await,
        [retracted.json(), other.json()]
    );
    assert_eq!(editor.get(&path).await.expect(200).json(), retracted.json());
    for (which, expected) in [("true", retracted.json()), ("false", other.json())] {
        let list = review.path(&format!("/events?retracted={which}"));
        assert_eq!(editor.get(list).await.expect(200).items(), [expected]);
    }
    let amend = json!({ "reason": "x", "changes": { "is_key": true } });
    for (verb, body) in [("amend", &amend), ("retract", &reason)] {
        let call = editor.post(format!("{path}/{verb}"), body);
        let again = call.if_match(&retracted.etag()).await;
        let found = again.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", "event_is_retracted")]), "{verb}");
    }
    let kept = editor.get(format!("{path}/revisions")).await.expect(200);
    let kept = kept.items();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["body"], made.json());
    assert_eq!(kept[0]["reason"], reason["reason"]);
}

/// That a review takes no event, alone or in a batch.
async fn takes_no_event(app: &App, review: &Review, code: &str) {
    let before = chronology(app, review).await;
    let (one, many) = (review.path("/events"), review.path("/events/batch"));
    for (path, body) in [(one, event()), (many, json!([event()]))] {
        let reply = app.admin().post(path, &body).await;
        let found = reply.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", code)]));
    }
    assert_eq!(chronology(app, review).await, before);
}

async fn a_review_that_is_out_takes_amendments_only(app: App) {
    let published = a_review(&app).await.published().await;
    let closed = a_review(&app).await.closed().await;
    for (review, code) in [
        (published, "review_is_published"),
        (closed, "review_is_closed"),
    ] {
        takes_no_event(&app, &review, code).await;
        let known = chronology(&app, &review).await;
        let id = known[0]["id"].as_str().expect("an id");
        let path = review.path(&format!("/events/{id}"));
        let amend = json!({ "reason": "x", "changes": { "summary": "Corrected" } });
        let call = app.contributor().post(format!("{path}/amend"), &amend);
        let amended = call.if_match("\"1\"").await.expect(200);
        assert_eq!(amended.json()["summary"], "Corrected");
        let retract = json!({ "reason": "x" });
        let call = app.contributor().post(format!("{path}/retract"), &retract);
        call.if_match(&amended.etag()).await.expect(200);
    }
}

async fn what_a_source_sends_again_is_known_also_when_the_review_is_out(app: App) {
    let review = a_review(&app).await;
    let sent = with(event(), &json!({ "source": "edr", "external_id": "88" }));
    let stored = append(&app.contributor(), &review, &sent).await.json();
    let review = review.published().await;
    let before = chronology(&app, &review).await;
    let again = app.contributor().post(review.path("/events"), &sent);
    assert_eq!(again.await.expect(200).json(), stored);
    let path = review.path("/events/batch");
    let batch = app.contributor().post(&path, &json!([sent])).await;
    assert_eq!(batch.expect(200).json()["duplicates"], 1);
    let mixed = app.contributor().post(&path, &json!([sent, event()]));
    mixed.await.problem(409, "state_conflict");
    let elsewhere = with(sent, &json!({ "source": "siem" }));
    let other = app.contributor().post(review.path("/events"), &elsewhere);
    other.await.problem(409, "state_conflict");
    assert_eq!(chronology(&app, &review).await, before);
}

async fn a_review_that_has_ended_otherwise_takes_no_change(app: App) {
    let waiver = json!({ "reason": "covered elsewhere", "approver": "ciso@example.org" });
    for (verb, grounds, code) in [
        ("waive", waiver, "review_is_waived"),
        ("cancel", json!({ "reason": "x" }), "review_is_cancelled"),
    ] {
        let review = a_review(&app).await.with_events(1).await;
        review.step(verb, &grounds).await.expect(200);
        takes_no_event(&app, &review, code).await;
        let known = chronology(&app, &review).await;
        let id = known[0]["id"].as_str().expect("an id");
        let amend = json!({ "reason": "x", "changes": { "summary": "Corrected" } });
        for (verb, body) in [("amend", amend), ("retract", json!({ "reason": "x" }))] {
            let path = review.path(&format!("/events/{id}/{verb}"));
            let reply = app.admin().post(path, &body).if_match("\"1\"").await;
            let found = reply.problem(409, "state_conflict").faults();
            assert_eq!(found, faults(&[("", code)]), "{verb}");
        }
        assert_eq!(chronology(&app, &review).await, known);
    }
}

async fn the_events_of_a_hidden_review_do_not_exist(app: App) {
    let own = a_review(&app).await.with_events(1).await;
    let restricted = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let restricted = restricted.with_events(1).await;
    let (amend, retract) = (
        json!({ "reason": "x", "changes": { "is_key": true } }),
        json!({ "reason": "x" }),
    );
    for (who, review) in [(app.stranger(), &own), (app.contributor(), &restricted)] {
        let known = chronology(&app, review).await;
        let id = known[0]["id"].as_str().expect("an id");
        let path = |below: &str| review.path(&format!("/events{below}"));
        for call in [
            who.get(path("")),
            who.get(path(&format!("/{id}"))),
            who.get(path(&format!("/{id}/revisions"))),
            who.post(path(""), &event()),
            who.post(path("/batch"), &json!([event()])),
            who.post(path(&format!("/{id}/amend")), &amend)
                .if_match("\"1\""),
            who.post(path(&format!("/{id}/retract")), &retract)
                .if_match("\"1\""),
        ] {
            call.await.problem(404, "not_found");
        }
        assert_eq!(chronology(&app, review).await, known);
    }
    // An event is found under its own review only.
    let known = chronology(&app, &restricted).await;
    let id = known[0]["id"].as_str().expect("an id");
    let elsewhere = own.path(&format!("/events/{id}"));
    let found = app.admin().get(&elsewhere).await;
    found.problem(404, "not_found");
    let call = app.admin().post(format!("{elsewhere}/retract"), &retract);
    call.if_match("\"1\"").await.problem(404, "not_found");
}
