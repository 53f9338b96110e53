//! Completeness: what is missing is named with the operation that adds it, and whoever does all of it
//! has a complete review.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::contract::Contract;
use debrief_tests::world::incident;
use debrief_tests::{App, Client, both_databases};
use reqwest::Method;
use serde_json::{Value, json};

both_databases!(
    whoever_does_what_is_named_as_missing_has_a_complete_review,
    each_thing_that_is_missing_names_an_operation_of_the_document,
    what_counts_is_named_with_its_place_and_what_was_retracted_does_not_count,
    what_the_review_says_does_not_apply_is_complete,
    after_publication_it_says_what_needs_reopening,
    the_completeness_of_a_restricted_review_exists_for_its_members_only,
    the_process_metrics_tell_how_complete_reviews_are,
);

async fn completeness(client: &Client, review: &Review) -> Value {
    let path = review.path("/completeness");
    client.get(path).await.expect(200).json()
}

/// The criteria of both parts.
fn criteria(body: &Value) -> Vec<Value> {
    let parts = ["objectives", "questions"].into_iter();
    let parts = parts.flat_map(|one| body[one].as_array().expect("a list").clone());
    let criteria = parts.flat_map(|part| part["criteria"].as_array().expect("a list").clone());
    criteria.collect()
}

fn criterion(body: &Value, code: &str) -> Value {
    let found = criteria(body).into_iter().find(|one| one["code"] == code);
    found.unwrap_or_else(|| panic!("no criterion {code}"))
}

fn missing(body: &Value) -> Vec<Value> {
    let all = criteria(body).into_iter();
    all.flat_map(|one| one["missing"].as_array().expect("a list").clone())
        .collect()
}

/// A review of an incident of which nothing else is known.
async fn a_bare_review(app: &App) -> Review {
    let mut body = incident();
    body["timestamps"] = json!({});
    body["attack_techniques"] = json!([]);
    let made = app.admin().post("/api/v1/incidents", &body).await;
    let id = made.expect(201).id();
    a_review_with(app, json!({ "incident_ids": [id] })).await
}

/// A body for the operation that a missing thing names.
fn body_for(missing: &Value, event: Option<&str>) -> Value {
    let of = missing["record"]["id"].as_str();
    let code = missing["code"].as_str().expect("a code");
    let events: Vec<&str> = event.into_iter().collect();
    match missing["where"]["operation_id"].as_str().expect("a name") {
        "append_event" => json!({
            "occurred_at": "2026-11-20T03:36:00Z", "kind": "missed_alert", "summary": "An alert at night",
            "is_key": true, "inhibited_recovery": true,
        }),
        "record_finding" => finding_for(code, &events),
        "append_decision" => json!({
            "decided_at": "2026-11-20T04:00:00Z", "decider_role": "Head of IT", "decision": "Shut both servers down",
            "information_available": "Files are being renamed", "rationale": "Nothing else stops it",
            "in_hindsight": "It was right",
        }),
        "append_communication" => json!({
            "sent_at": "2026-11-20T04:10:00Z", "from_role": "Head of IT", "to_audience": "Supplier", "channel": "phone",
            "direction": "outbound", "content_class": "request", "timely": false, "effective": true,
        }),
        "put_assessment" => json!({
            "rating": "ineffective", "procedures_followed": "partly", "procedures_adequate": "no",
            "weaknesses": [{ "text": "It took too long", "event_ids": events }],
        }),
        "put_impact" => json!({ "rating": "minor" }),
        "propose_recommendation" => json!({
            "title": "Give every class of alert an owner",
            "finding_ids": of.into_iter().collect::<Vec<&str>>(),
        }),
        "accept_recommendation" => json!({ "actions": [{
            "title": "Route every alert to a person", "type": "detect", "owner": { "name": "Kim Larsen" },
            "due_on": "2027-01-31", "closure_criteria": "No alert waits for an hour", "priority_inputs": { "effort": 2 },
        }] }),
        "update_incident" => json!({ "timestamps": {
            "detected": { "at": "2026-11-20T03:36:00Z" }, "contained": { "at": "2026-11-20T06:00:00Z" },
        }, "attack_techniques": ["T1486"] }),
        "record_lesson" => {
            json!({ "statement": "An alert without an owner is no alert", "audience": ["industry"] })
        }
        other => panic!("{other} for {missing}"),
    }
}

fn finding_for(code: &str, events: &[&str]) -> Value {
    let kind = match code {
        "no_root_cause" => "root_cause",
        "no_contributing_factor" => "contributing_factor",
        "no_strength" => "strength",
        _ => "gap",
    };
    let mut body = json!({
        "kind": kind, "statement": format!("What {code} asks for"), "event_ids": events,
    });
    if kind.ends_with("cause") || kind.ends_with("factor") {
        body["cause_category"] = json!("process_failure");
    }
    if kind == "gap" {
        body["gap_category"] = json!("detection_logging");
        body["likelihood"] = json!(3);
        body["severity_score"] = json!(4);
    }
    body
}

async fn whoever_does_what_is_named_as_missing_has_a_complete_review(app: App) {
    let (client, review) = (app.admin(), a_bare_review(&app).await);
    // What was found has to rest on something.
    let event = review.append(1).await.remove(0);
    let mut scores = Vec::new();
    for _ in 0..80 {
        let now = completeness(&client, &review).await;
        scores.push(now["score"].as_u64().expect("a score"));
        let Some(first) = missing(&now).into_iter().next() else {
            assert_eq!(now["complete"], true);
            break;
        };
        assert_eq!(now["complete"], false);
        let place = &first["where"];
        let method = place["method"].as_str().expect("a method");
        let path = place["path"].as_str().expect("a path");
        let mut body = body_for(&first, Some(&event));
        if first["code"] == "lesson_without_finding" {
            body = json!({});
        }
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut call = client.call(method.clone(), path).json(&body);
        if method == Method::PATCH || path.ends_with("/accept") {
            let read = path.trim_end_matches("/accept");
            call = call.if_match(&client.get(read).await.expect(200).etag());
        }
        if place["operation_id"] == "record_lesson" {
            let findings = client
                .get(review.path("/findings"))
                .await
                .expect(200)
                .items();
            body["finding_ids"] = json!([findings[0]["id"]]);
            call = client.post(path, &body);
        }
        let done = call.await;
        assert!(
            [200, 201].contains(&done.status),
            "{first}: {}",
            done.text()
        );
        let after = missing(&completeness(&client, &review).await);
        assert!(!after.contains(&first), "{first} is still missing");
    }
    assert!(scores.is_sorted(), "{scores:?}");
    assert_eq!(scores.last(), Some(&100), "{scores:?}");
    let whole = completeness(&client, &review).await;
    for part in ["objectives", "questions"] {
        for one in whole[part].as_array().expect("a list") {
            assert_eq!(one["score"], 100, "{one}");
        }
    }
    assert_eq!(whole["criteria"]["unmet"], 0);
}

async fn each_thing_that_is_missing_names_an_operation_of_the_document(app: App) {
    let review = a_bare_review(&app).await;
    let body = completeness(&app.reader(), &review).await;
    assert_eq!(body["review_id"], review.id);
    assert_eq!(body["objectives"].as_array().map(Vec::len), Some(7));
    assert_eq!(body["questions"].as_array().map(Vec::len), Some(9));
    assert_eq!(body["score"], 0);
    let missing = missing(&body);
    assert!(missing.len() > 30, "{}", missing.len());
    let operations = Contract::get().operations();
    for one in missing {
        let place = &one["where"];
        let named = operations
            .iter()
            .find(|operation| place["operation_id"] == operation.id());
        let named = named.unwrap_or_else(|| panic!("{place}"));
        assert_eq!(place["method"], named.method.as_str());
        let path = place["path"].as_str().expect("a path");
        assert!(!path.contains('{'), "{path}");
        assert_eq!(path.split('/').count(), named.path.split('/').count());
        assert_eq!(place["needs_reopening"], false);
    }
    let key = review.now().await.json()["key"].clone();
    let by_key = format!(
        "/api/v1/reviews/{}/completeness",
        key.as_str().expect("a key")
    );
    let by_key = app.reader().get(by_key).await.expect(200).json();
    assert_eq!(by_key, body);
}

async fn what_counts_is_named_with_its_place_and_what_was_retracted_does_not_count(app: App) {
    let (client, review) = (app.admin(), a_review(&app).await);
    let event = review.append(1).await.remove(0);
    let cause = review
        .record(&finding_for("no_root_cause", &[&event]))
        .await;
    let code = "root_cause_recorded";
    let found = criterion(&completeness(&client, &review).await, code);
    assert_eq!(
        (&found["outcome"], &found["n"], &found["of"]),
        (&json!("met"), &json!(1), &json!(1))
    );
    assert_eq!(found["records"][0]["id"], cause.id());
    let href = found["records"][0]["href"].as_str().expect("an address");
    assert_eq!(client.get(href).await.expect(200).id(), cause.id());
    let list = found["records_url"].as_str().expect("an address");
    assert_eq!(client.get(list).await.expect(200).items().len(), 1);

    // Its only event does not stand any more.
    let path = review.path(&format!("/events/{event}"));
    let tag = client.get(&path).await.expect(200).etag();
    let retract = client.post(
        format!("{path}/retract"),
        &json!({ "reason": "Told twice" }),
    );
    retract.if_match(&tag).await.expect(200);
    let now = completeness(&client, &review).await;
    assert_eq!(criterion(&now, "causes_have_evidence")["outcome"], "unmet");
    assert_eq!(criterion(&now, "chronology_recorded")["outcome"], "unmet");
    let lacks = &criterion(&now, "causes_have_evidence")["missing"][0];
    assert_eq!(lacks["record"]["id"], cause.id());
    assert_eq!(lacks["where"]["operation_id"], "update_finding");

    let path = review.path(&format!("/findings/{}", cause.id()));
    let tag = client.get(&path).await.expect(200).etag();
    let retract = client.post(
        format!("{path}/retract"),
        &json!({ "reason": "It was another" }),
    );
    retract.if_match(&tag).await.expect(200);
    let found = criterion(&completeness(&client, &review).await, code);
    assert_eq!(
        (&found["outcome"], &found["n"]),
        (&json!("unmet"), &json!(0))
    );
    assert_eq!(found["missing"][0]["code"], "no_root_cause");
}

async fn what_the_review_says_does_not_apply_is_complete(app: App) {
    let (client, review) = (app.contributor(), a_review(&app).await);
    let apart =
        json!({ "rating": "not_applicable", "not_applicable_reason": "An exercise on paper" });
    for dimension in [
        "communication",
        "decision_making",
        "recovery",
        "eradication",
    ] {
        let path = review.path(&format!("/assessments/{dimension}"));
        client.put(path, &apart).await.expect(201);
    }
    let body = completeness(&client, &review).await;
    for code in ["communication_assessed", "eradication_assessed"] {
        assert_eq!(criterion(&body, code)["outcome"], "met", "{code}");
    }
    for code in [
        "decisions_logged",
        "communications_logged",
        "decisions_in_hindsight",
        "inhibitors_named",
        "detection_timed",
        "end_timed",
    ] {
        let found = criterion(&body, code);
        assert_eq!(found["outcome"], "not_applicable", "{code}");
        assert!(found["not_applicable_because"].is_string(), "{code}");
        assert_eq!(found["missing"], json!([]), "{code}");
    }
    let counts = &body["criteria"];
    assert_eq!(
        counts["not_applicable"].as_u64().map(|n| n >= 6),
        Some(true),
        "{counts}"
    );
}

async fn after_publication_it_says_what_needs_reopening(app: App) {
    let review = a_review(&app).await.published().await;
    let body = completeness(&app.reader(), &review).await;
    assert_eq!(body["status"], "published");
    let missing = missing(&body);
    let needs = |operation: &str| {
        let mut all = missing.iter();
        let found = all.find(|one| one["where"]["operation_id"] == operation);
        found.map(|one| one["where"]["needs_reopening"].clone())
    };
    assert_eq!(needs("put_assessment"), Some(json!(true)));
    assert_eq!(needs("append_decision"), Some(json!(true)));
    assert_eq!(needs("record_lesson"), Some(json!(false)));
    // The final estimate stays open.
    assert_eq!(needs("put_impact"), Some(json!(false)));
    assert_eq!(needs("update_finding"), None);
}

async fn the_completeness_of_a_restricted_review_exists_for_its_members_only(app: App) {
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    for who in [app.reader(), app.facilitator(), app.stranger()] {
        who.get(quiet.path("/completeness"))
            .await
            .problem(404, "not_found");
    }
    app.admin()
        .get(quiet.path("/completeness"))
        .await
        .expect(200);
    // Nor do the metrics count it.
    let metrics = "/api/v1/metrics/process";
    let seen = |client: Client| async move {
        client.get(metrics).await.expect(200).json()["completeness"]["score_per_review"]["n"]
            .clone()
    };
    assert_eq!(
        (seen(app.reader()).await, seen(app.admin()).await),
        (json!(0), json!(1))
    );
}

async fn the_process_metrics_tell_how_complete_reviews_are(app: App) {
    let bare = a_bare_review(&app).await;
    let more = a_review(&app).await.with_findings().await;
    let scores = [
        completeness(&app.admin(), &bare).await["score"].clone(),
        completeness(&app.admin(), &more).await["score"].clone(),
    ];
    let [low, high] = scores.map(|one| one.as_i64().expect("a score"));
    assert!(low == 0 && high > 0, "{low} {high}");
    let metrics = app
        .reader()
        .get("/api/v1/metrics/process")
        .await
        .expect(200)
        .json();
    let section = &metrics["completeness"];
    let distribution = &section["score_per_review"];
    assert_eq!(distribution["n"], 2);
    assert_eq!(
        (&distribution["min"], &distribution["max"]),
        (&json!(low), &json!(high))
    );
    assert_eq!(section["complete_rate"]["numerator"], 0);
    let parts = section["by_part"].as_array().expect("a list");
    assert_eq!(parts.len(), 7 + 9);
    let strengths = parts
        .iter()
        .find(|one| one["code"] == "strengths")
        .expect("one");
    let own = completeness(&app.admin(), &more).await;
    let own = own["objectives"].as_array().expect("a list").iter();
    let mut own = own
        .filter(|one| one["code"] == "strengths")
        .map(|one| one["score"].clone());
    assert_eq!(Some(strengths["max"].clone()), own.next_back());
    let records = "/api/v1/metrics/process/records";
    let records = app.reader().all(records, 50).await;
    let mut told: Vec<_> = records
        .iter()
        .map(|one| one["completeness_score"].as_i64())
        .collect();
    told.sort();
    assert_eq!(told, [Some(low), Some(high)]);
    let complete = "/api/v1/metrics/process/records?is=complete";
    assert!(app.reader().all(complete, 50).await.is_empty());
}
