//! Many events at once, as an array or as lines: all of them or none, each with its result.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::client::{Call, Client};
use debrief_tests::world::{event, incident};
use debrief_tests::{App, Reply, both_databases};
use serde_json::{Value, json};

both_databases!(
    an_array_of_events_is_appended_in_its_order,
    lines_of_events_are_appended_in_their_order,
    a_batch_tells_new_events_from_those_it_repeats,
    a_batch_with_a_fault_leaves_nothing_and_names_every_fault,
    what_is_no_batch_of_json_is_told_apart_from_wrong_events,
    a_batch_holds_one_to_ten_thousand_events,
    a_batch_is_one_change,
);

fn named(id: &str, summary: &str) -> Value {
    let mut event = event();
    event["source"] = json!("siem");
    event["external_id"] = json!(id);
    event["summary"] = json!(summary);
    event
}

fn said(summary: &str) -> Value {
    let mut event = event();
    event["summary"] = json!(summary);
    event
}

fn batch(client: &Client, review: &Review, events: &[Value]) -> Call {
    client.post(review.path("/events/batch"), &json!(events))
}

fn lines(client: &Client, review: &Review, lines: &str) -> Call {
    let call = client.post(review.path("/events/batch"), &Value::Null);
    call.bytes(lines)
        .header("content-type", "application/x-ndjson")
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

/// The outcomes of a batch, once its counts and places are as they have to be.
fn outcomes(reply: &Reply) -> Vec<String> {
    let body = reply.json();
    let results = body["results"].as_array().expect("results");
    let mut outcomes = Vec::new();
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result["index"], index, "{body}");
        outcomes.push(result["outcome"].as_str().expect("an outcome").to_owned());
    }
    let count = |outcome: &str| outcomes.iter().filter(|one| *one == outcome).count();
    assert_eq!(body["created"], count("created"), "{body}");
    assert_eq!(body["duplicates"], count("duplicate"), "{body}");
    outcomes
}

/// The summary of each event of a batch's results, in their order.
async fn summaries(client: &Client, review: &Review, reply: &Reply) -> Vec<Value> {
    let body = reply.json();
    let mut found = Vec::new();
    for result in body["results"].as_array().expect("results") {
        let id = result["id"].as_str().expect("an id");
        let path = review.path(&format!("/events/{id}"));
        let event = client.get(path).await.expect(200);
        found.push(event.json()["summary"].clone());
    }
    found
}

async fn count(app: &App, review: &Review) -> usize {
    app.admin().all(&review.path("/events"), 200).await.len()
}

async fn an_array_of_events_is_appended_in_its_order(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let mut late = said("late and told first");
    late["occurred_at"] = json!("2026-11-22T00:00:00Z");
    late["marks"] = json!(["recovered"]);
    let events = [late.clone(), said("second"), said("second")];
    let reply = batch(&client, &review, &events).await.expect(200);
    assert_eq!(outcomes(&reply), ["created"; 3]);
    let found = summaries(&client, &review, &reply).await;
    assert_eq!(found, ["late and told first", "second", "second"]);
    let id = reply.json()["results"][0]["id"].clone();
    let path = review.path(&format!("/events/{}", id.as_str().expect("an id")));
    let stored = client.get(path).await.expect(200);
    assert_eq!(stored.etag(), "\"1\"");
    for (field, value) in late.as_object().expect("an object") {
        assert_eq!(&stored.json()[field], value, "{field}");
    }
    assert_eq!(stored.json()["precision"], "exact");
    assert_eq!(count(&app, &review).await, 3);
}

async fn lines_of_events_are_appended_in_their_order(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    // Empty lines and either kind of line end are nothing to be counted.
    let text = format!("{}\n\n{}\r\n{}", said("one"), said("two"), said("three"));
    let reply = lines(&client, &review, &text).await.expect(200);
    assert_eq!(outcomes(&reply), ["created"; 3]);
    let found = summaries(&client, &review, &reply).await;
    assert_eq!(found, ["one", "two", "three"]);
    assert_eq!(count(&app, &review).await, 3);
}

async fn a_batch_tells_new_events_from_those_it_repeats(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let stored = client
        .post(review.path("/events"), &named("1", "stored"))
        .await
        .expect(201);
    let mut elsewhere = named("1", "of another source");
    elsewhere["source"] = json!("edr");
    let events = [
        named("1", "sent before"),
        named("2", "first of two"),
        elsewhere,
        named("2", "second of two"),
        said("without a name"),
    ];
    let mixed = ["duplicate", "created", "created", "duplicate", "created"];
    let reply = batch(&client, &review, &events).await.expect(200);
    assert_eq!(outcomes(&reply), mixed);
    assert_eq!(reply.json()["results"][0]["id"], stored.id());
    let found = summaries(&client, &review, &reply).await;
    let expected = [
        "stored",
        "first of two",
        "of another source",
        "first of two",
        "without a name",
    ];
    assert_eq!(found, expected);
    assert_eq!(count(&app, &review).await, 4);

    // What has a name is never there twice, however often it is sent, and in whichever form.
    let text: Vec<_> = events[..4].iter().map(Value::to_string).collect();
    let again = lines(&client, &review, &text.join("\n")).await.expect(200);
    assert_eq!(outcomes(&again), ["duplicate"; 4]);
    let ids = |reply: &Reply| {
        let results = reply.json()["results"].as_array().cloned();
        let results = results.expect("results").into_iter().take(4);
        results.map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&again), ids(&reply));
    assert_eq!(count(&app, &review).await, 4);
    let other = a_review(&app).await;
    let fresh = batch(&client, &other, &events[..2]).await.expect(200);
    assert_eq!(outcomes(&fresh), ["created"; 2]);
}

async fn a_batch_with_a_fault_leaves_nothing_and_names_every_fault(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let mut future = said("x");
    future["occurred_at"] = json!("2027-01-01T00:00:00Z");
    let mut two = named("7", "");
    two["colour"] = json!("red");
    let mut nameless = said("x");
    nameless["external_id"] = json!("7");
    let events = [said("right"), future, two, json!("event"), nameless];
    let text: Vec<_> = events.iter().map(Value::to_string).collect();
    for call in [
        batch(&client, &review, &events),
        lines(&client, &review, &text.join("\n")),
    ] {
        let reply = call.await.problem(422, "validation_failed");
        let body = reply.json();
        let errors = body["errors"].as_array().expect("faults");
        let found: Vec<_> = errors
            .iter()
            .map(|one| (one["index"].clone(), one["pointer"].clone()))
            .collect();
        let expected = [
            (1, "/1/occurred_at"),
            (2, "/2/colour"),
            (2, "/2/summary"),
            (3, "/3"),
            (4, "/4/source"),
        ];
        let expected = expected.map(|(index, place)| (json!(index), json!(place)));
        let mut found = found;
        found.sort_by_key(|(_, place)| place.to_string());
        assert_eq!(found, expected, "{body}");
    }
    // More than anybody reads: that there are more is said.
    let wrong = vec![json!({}); 400];
    let reply = batch(&client, &review, &wrong).await;
    let body = reply.problem(422, "validation_failed").json();
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1000));
    let detail = "more than 1000 rules are broken; `errors` lists the first 1000 faults";
    assert_eq!(body["detail"], detail);
    assert_eq!(count(&app, &review).await, 0);
    let right = batch(&client, &review, &[said("right")]).await.expect(200);
    assert_eq!(outcomes(&right), ["created"]);
}

async fn what_is_no_batch_of_json_is_told_apart_from_wrong_events(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let array = |text: &str| {
        let call = client.post(review.path("/events/batch"), &Value::Null);
        call.bytes(text)
    };
    let one = event().to_string();
    for text in ["", "[", "{", "[1,]"] {
        array(text).await.problem(400, "malformed_body");
    }
    for text in ["{}", one.as_str(), "null", "7"] {
        let refused = array(text).await.problem(422, "validation_failed").faults();
        assert_eq!(refused, faults(&[("", "wrong_type")]));
    }
    let twice = one.replacen('{', "{\"summary\":\"Another\",", 1);
    let text = format!("{one}\n{{\n{one}\nnot json\n{twice}");
    let reply = lines(&client, &review, &text).await;
    let found = reply.problem(400, "malformed_body").faults();
    let malformed = ["/1", "/3", "/4"].map(|place| (place, "malformed"));
    assert_eq!(found, faults(&malformed));
    let twice = array(&format!("[{one},{twice}]")).await;
    let found = twice.problem(400, "malformed_body").faults();
    assert_eq!(found, faults(&[("/1", "malformed")]));
    let foreign = array(&one).header("content-type", "text/csv").await;
    foreign.problem(415, "unsupported_media_type");
    assert_eq!(count(&app, &review).await, 0);
}

async fn a_batch_holds_one_to_ten_thousand_events(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let line = format!("{}\n", event());
    for call in [
        batch(&client, &review, &[]),
        lines(&client, &review, "\n\n"),
        lines(&client, &review, &line.repeat(10_001)),
    ] {
        let found = call.await.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(&[("", "batch_size")]));
    }
    let first = client.get(review.path("/events?limit=1")).await;
    assert!(first.expect(200).items().is_empty());
    let most = lines(&client, &review, &line.repeat(10_000)).await;
    assert_eq!(most.expect(200).json()["created"], 10_000);
}

async fn a_batch_is_one_change(app: App) {
    let (client, admin) = (app.contributor(), app.admin());
    let about = admin.post("/api/v1/incidents", &incident()).await;
    let about = about.expect(201);
    let review = a_review_with(&app, json!({ "incident_ids": [about.id()] })).await;
    let mut detected = named("1", "detected");
    detected["marks"] = json!(["detected"]);
    let mut contained = named("2", "contained");
    contained["marks"] = json!(["contained"]);
    contained["occurred_at"] = json!("2026-11-20T05:00:00Z");
    let events = [detected, said("between"), contained];
    for _ in 0..2 {
        batch(&client, &review, &events[..]).await.expect(200);
    }
    let path = format!("/api/v1/incidents/{}", about.id());
    let incident = admin.get(path).await.expect(200).json();
    assert_eq!(incident["version"], 2, "marked once");
    let times = &incident["timestamps"];
    assert_eq!(times["detected"]["at"], "2026-11-20T03:36:00Z");
    assert_eq!(times["contained"]["at"], "2026-11-20T05:00:00Z");
    // Only what was new the second time is on record a second time.
    let log = app.auditor().all("/api/v1/audit-records", 200).await;
    let batches = log
        .iter()
        .filter(|one| one["action"] == "event.append_batch");
    let counts: Vec<_> = batches.map(|one| one["after"]["events"].clone()).collect();
    assert_eq!(counts.len(), 2, "{log:?}");
    assert!(
        counts.contains(&json!(3)) && counts.contains(&json!(1)),
        "{counts:?}"
    );
    // What is on record binds each event as it was stored.
    let stored = client.all(&review.path("/events"), 50).await;
    let digest = |ids: &[String]| {
        let mut lines = String::new();
        for id in ids {
            let event = stored.iter().find(|one| one["id"] == *id);
            lines.push_str(&event.expect("it is stored").to_string());
            lines.push('\n');
        }
        json!(debrief::kernel::audit::hex(
            ring::digest::digest(&ring::digest::SHA256, lines.as_bytes()).as_ref()
        ))
    };
    let mut ids: Vec<String> = stored
        .iter()
        .map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect();
    ids.sort();
    for record in log
        .iter()
        .filter(|one| one["action"] == "event.append_batch")
    {
        let after = &record["after"];
        let at = |field: &str| ids.iter().position(|id| after[field] == *id);
        let (first, last) = (at("first_event_id"), at("last_event_id"));
        let own = &ids[first.expect("the first")..=last.expect("the last")];
        assert_eq!(after["events"], own.len());
        assert_eq!(after["events_sha256"], digest(own));
    }
    // Nothing new is no change.
    let again = [events[0].clone(), events[2].clone()];
    let reply = batch(&client, &review, &again).await.expect(200);
    assert_eq!(outcomes(&reply), ["duplicate"; 2]);
    let after = app.auditor().all("/api/v1/audit-records", 200).await;
    assert_eq!(after.len(), log.len());
}
