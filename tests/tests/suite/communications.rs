//! The communication log: appended, amended with a reason, retracted, found, and how long each took.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::communication;
use debrief_tests::{App, Client, Reply, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_communication_is_appended_and_read_with_its_delay,
    a_communication_is_amended_with_a_reason_and_its_revisions_stay,
    every_fault_of_a_communication_is_told_at_once,
    a_retracted_communication_stays_and_takes_no_change,
    a_published_review_takes_amendments_of_its_communications_and_no_others,
    communications_are_found_by_what_they_are,
    communications_of_all_reviews_are_those_of_the_visible,
);

fn with(fields: &Value) -> Value {
    let mut body = communication();
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
    let made = client.post(review.path("/communications"), body).await;
    made.expect(201)
}

async fn a_communication_is_appended_and_read_with_its_delay(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let whole = json!({
        "sent_at": "2026-11-20T04:10:00Z", "received_at": "2026-11-20T05:40:00.500Z",
        "precision": "minute", "from_role": "SOC analyst on duty", "to_audience": "Crisis team",
        "channel": "paging", "direction": "internal", "content_class": "escalation",
        "summary": "Two servers are being encrypted", "timely": false, "effective": true,
        "issue": "The list of numbers was on an encrypted server",
        "event_ids": review.append(2).await,
    });
    let call = client.post(review.path("/communications"), &whole);
    let made = call.clone().key("communication-1").await.expect(201);
    let path = review.path(&format!("/communications/{}", made.id()));
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    assert_eq!(made.json()["delay_seconds"], 5_400);
    let again = call.key("communication-1").await.expect(201);
    assert_eq!(again.json(), made.json());
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    for (fields, delay) in [
        (json!({}), Value::Null),
        (json!({ "received_at": "2026-11-20T04:10:00Z" }), json!(0)),
        (
            json!({ "received_at": "2026-11-21T04:10:00Z", "precision": "day" }),
            Value::Null,
        ),
    ] {
        let made = append(&client, &review, &with(&fields)).await;
        assert_eq!(made.json()["delay_seconds"], delay, "{fields}");
        assert_eq!(made.json()["timely"], Value::Null);
    }
}

async fn a_communication_is_amended_with_a_reason_and_its_revisions_stay(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let events = review.append(2).await;
    let made = append(
        &client,
        &review,
        &with(&json!({ "event_ids": [events[0]] })),
    )
    .await;
    let path = review.path(&format!("/communications/{}", made.id()));
    let change = json!({ "reason": "The log of the switchboard", "changes": {
        "received_at": "2026-11-20T04:11:00Z", "timely": true, "event_ids": [events[1]],
    } });
    let amend = client.post(format!("{path}/amend"), &change);
    amend.clone().await.problem(428, "precondition_required");
    let after = amend.clone().if_match(&made.etag()).await.expect(200);
    assert_eq!(after.json()["delay_seconds"], 60);
    assert_eq!(after.json()["timely"], true);
    assert_eq!(after.json()["from_role"], made.json()["from_role"]);
    let stale = amend.if_match(&made.etag()).await;
    stale.problem(412, "stale_version");
    let kept = client.all(&format!("{path}/revisions"), 50).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["body"], made.json());
    assert_eq!(kept[0]["reason"], change["reason"]);
    for (event, count) in [(&events[0], 0), (&events[1], 1)] {
        let list = review.path(&format!("/communications?event_id={event}"));
        assert_eq!(client.all(&list, 50).await.len(), count);
    }
    let log = "/api/v1/audit-records?resource_type=communication";
    let log = app.auditor().all(log, 50).await;
    let mut log: Vec<_> = log.iter().map(|one| one["action"].to_string()).collect();
    log.sort();
    assert_eq!(log, ["\"communication.amend\"", "\"communication.append\""]);
}

async fn every_fault_of_a_communication_is_told_at_once(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let own = review.append(1).await.remove(0);
    let foreign = a_review(&app).await.append(1).await.remove(0);
    let path = review.path("/communications");
    for (fields, expected) in [
        (
            json!({ "channel": "smoke", "direction": 1, "content_class": "", "to_audience": " ", "cc": [] }),
            vec![
                ("/cc", "unknown_field"),
                ("/channel", "unknown_value"),
                ("/content_class", "unknown_value"),
                ("/direction", "wrong_type"),
                ("/to_audience", "blank"),
            ],
        ),
        (
            json!({ "received_at": "2026-11-20T04:09:59Z", "event_ids": [own, foreign, own] }),
            vec![
                ("/event_ids/1", "not_found"),
                ("/event_ids/2", "repeated_item"),
                ("/received_at", "before_sent"),
            ],
        ),
        (
            json!({ "sent_at": "2026-11-24T00:00:00Z", "received_at": "2026-11-25T00:00:00Z" }),
            vec![
                ("/received_at", "in_the_future"),
                ("/sent_at", "in_the_future"),
            ],
        ),
        (
            json!({ "channel": "other" }),
            vec![("/summary", "required")],
        ),
        (
            json!({ "content_class": "other" }),
            vec![("/summary", "required")],
        ),
    ] {
        let reply = client.post(&path, &with(&fields)).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&expected), "{fields}");
    }
    assert!(client.all(&path, 50).await.is_empty());
    let said =
        json!({ "channel": "other", "content_class": "other", "summary": "A note on a door" });
    let made = append(&client, &review, &with(&said)).await;
    let amend = json!({ "reason": "x", "changes": { "summary": null } });
    let amend = client.post(format!("{path}/{}/amend", made.id()), &amend);
    let found = amend.if_match(&made.etag()).await;
    let found = found.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/changes/summary", "required")]));
}

async fn a_retracted_communication_stays_and_takes_no_change(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let made = append(&client, &review, &communication()).await;
    let path = review.path(&format!("/communications/{}", made.id()));
    let reason = json!({ "reason": "It was never sent" });
    let retract = client.post(format!("{path}/retract"), &reason);
    let retracted = retract.if_match(&made.etag()).await.expect(200);
    assert_eq!(retracted.json()["retraction"]["reason"], reason["reason"]);
    assert_eq!(client.get(&path).await.expect(200).json(), retracted.json());
    let amend = json!({ "reason": "x", "changes": { "timely": true } });
    for call in [
        client.post(format!("{path}/amend"), &amend),
        client.post(format!("{path}/retract"), &reason),
    ] {
        let refused = call.if_match(&retracted.etag()).await;
        let found = refused.problem(409, "state_conflict").faults();
        assert_eq!(found, faults(&[("", "communication_is_retracted")]));
    }
}

async fn a_published_review_takes_amendments_of_its_communications_and_no_others(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let made = append(&client, &review, &communication()).await;
    let review = review.published().await;
    let snapshot = client.get(review.path("/snapshot")).await.expect(200);
    assert_eq!(snapshot.json()["communications"], json!([made.json()]));
    let refused = client.post(review.path("/communications"), &communication());
    let refused = refused.await.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "review_is_published")]));
    let path = review.path(&format!("/communications/{}", made.id()));
    let amend = json!({ "reason": "x", "changes": { "effective": false } });
    let amended = client.post(format!("{path}/amend"), &amend);
    amended.if_match(&made.etag()).await.expect(200);
}

async fn audiences(client: &Client, list: &str, limit: usize) -> Vec<String> {
    let found = client.all(list, limit).await;
    let text = |one: &Value| one["to_audience"].as_str().unwrap_or_default().to_owned();
    found.iter().map(text).collect()
}

async fn communications_are_found_by_what_they_are(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let event = review.append(1).await.remove(0);
    let (board, press, police) = ("Board 100%", "Press", "Police");
    for fields in [
        json!({ "to_audience": press, "sent_at": "2026-11-20T02:00:00Z", "channel": "press", "direction": "outbound", "content_class": "public_statement", "timely": true, "effective": false, "issue": "Named a WRONG number" }),
        json!({ "to_audience": police, "sent_at": "2026-11-20T03:00:00Z", "channel": "email", "direction": "outbound", "content_class": "request", "event_ids": [event] }),
        json!({ "to_audience": board, "sent_at": "2026-11-20T01:00:00Z", "timely": false, "effective": true, "from_role": "Head of IT" }),
    ] {
        append(&client, &review, &with(&fields)).await;
    }
    let found = client
        .all(&review.path("/communications?q=police"), 1)
        .await;
    let gone = found[0]["id"].as_str().expect("an id");
    let gone = review.path(&format!("/communications/{gone}/retract"));
    let retract = client.post(gone, &json!({ "reason": "x" }));
    retract.if_match("\"1\"").await.expect(200);
    for (query, expected) in [
        (String::new(), vec![board, press, police]),
        ("sort=sent_at".into(), vec![board, press, police]),
        ("sort=-sent_at".into(), vec![police, press, board]),
        ("channel=press&channel=phone".into(), vec![board, press]),
        ("direction=outbound".into(), vec![press, police]),
        ("direction=inbound".into(), vec![]),
        ("content_class=request".into(), vec![police]),
        ("timely=false".into(), vec![board]),
        ("timely=true".into(), vec![press]),
        ("effective=false".into(), vec![press]),
        (format!("event_id={event}"), vec![police]),
        ("retracted=true".into(), vec![police]),
        ("retracted=false&sort=-sent_at".into(), vec![press, board]),
        (
            "sent_at_from=2026-11-20T02:00:00Z".into(),
            vec![press, police],
        ),
        ("sent_at_to=2026-11-20T02:00:00Z".into(), vec![board]),
        ("q=head%20of%20it".into(), vec![board]),
        ("q=wrong%20press".into(), vec![press]),
        ("q=0%25".into(), vec![board]),
    ] {
        for list in [
            review.path("/communications"),
            "/api/v1/communications".to_owned(),
        ] {
            let list = format!("{list}?{query}");
            assert_eq!(audiences(&app.reader(), &list, 1).await, expected, "{list}");
        }
    }
    for query in [
        "channel=smoke",
        "sort=channel",
        "timely=perhaps",
        "colour=red",
    ] {
        let wrong = client
            .get(review.path(&format!("/communications?{query}")))
            .await;
        wrong.problem(400, "invalid_parameter");
    }
}

async fn communications_of_all_reviews_are_those_of_the_visible(app: App) {
    let (admin, open) = (app.admin(), a_review(&app).await);
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    append(&admin, &open, &with(&json!({ "to_audience": "open" }))).await;
    let made = append(&admin, &quiet, &with(&json!({ "to_audience": "quiet" }))).await;
    let of = format!("?review_id={}", quiet.id);
    for (who, query, expected) in [
        (app.admin(), "", vec!["open", "quiet"]),
        (app.admin(), of.as_str(), vec!["quiet"]),
        (app.reader(), "", vec!["open"]),
        (app.reader(), of.as_str(), vec![]),
        (app.stranger(), "", vec![]),
    ] {
        let list = format!("/api/v1/communications{query}");
        assert_eq!(audiences(&who, &list, 1).await, expected, "{list}");
    }
    let path = quiet.path(&format!("/communications/{}", made.id()));
    for (who, path) in [
        (app.reader(), path.clone()),
        (app.reader(), quiet.path("/communications")),
        (app.reader(), format!("{path}/revisions")),
        (app.stranger(), open.path("/communications")),
    ] {
        who.get(path).await.problem(404, "not_found");
    }
    let hidden = app
        .contributor()
        .post(quiet.path("/communications"), &communication());
    hidden.await.problem(404, "not_found");
}
