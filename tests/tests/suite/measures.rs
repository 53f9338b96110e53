//! Improvement measures: what is compared, what it shows, and what is kept of it.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::{incident, measure};
use debrief_tests::{App, Client, Reply, both_databases};
use reqwest::Method;
use serde_json::{Value, json};

both_databases!(
    a_measure_is_defined_read_changed_and_deleted,
    incidents_in_both_times_are_counted_and_compared,
    each_criterion_picks_its_incidents,
    durations_in_both_times_are_compared,
    what_was_evaluated_is_kept_as_it_was,
    a_measure_that_was_evaluated_is_not_deleted,
    a_measure_is_evaluated_once_per_key_and_version,
    a_wrong_measure_is_told_every_fault,
    a_measure_lives_on_after_its_review_but_not_without_one,
    measures_are_listed_by_what_they_have_in_common,
    a_restricted_review_hides_its_measures,
);

fn and(mut fields: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        fields[name] = value.clone();
    }
    fields
}

async fn define(app: &App, review: &Review, own: Value) -> Reply {
    let path = review.path("/improvement-measures");
    app.contributor().post(path, &and(measure(), own)).await
}

/// A measure that was defined, and where it is.
async fn defined(app: &App, review: &Review, own: Value) -> String {
    let made = define(app, review, own).await.expect(201);
    review.path(&format!("/improvement-measures/{}", made.id()))
}

/// Records incidents that were detected on days counted from 2026-07-01, in a row.
async fn detected(client: &Client, days: std::ops::Range<i64>, own: Value) {
    for day in days {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 7, 1).expect("a date");
        let on = first + Duration::days(day);
        let times = json!({ "detected": { "at": format!("{on}T08:00:00Z") } });
        let body = and(and(incident(), json!({ "timestamps": times })), own.clone());
        client.post("/api/v1/incidents", &body).await.expect(201);
    }
}

async fn result(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()["result"].clone()
}

async fn behind(client: &Client, window: &Value) -> usize {
    let url = window["records_url"].as_str().expect("an address");
    client.all(url, 7).await.len()
}

async fn evaluate(client: &Client, path: &str) -> Reply {
    let tag = client.get(path).await.expect(200).etag();
    let path = format!("{path}/evaluate");
    client.call(Method::POST, path).if_match(&tag).await
}

async fn a_measure_is_defined_read_changed_and_deleted(app: App) {
    let review = a_review(&app).await;
    let work = json!({ "title": "Keys instead of passwords", "type": "prevent" });
    let work = app.admin().post(review.path("/actions"), &work).await;
    let action = work.expect(201).id();
    let own = json!({ "action_ids": [action], "criteria": { "tags": ["vpn"] }, "tolerance": 0.1 });
    let made = define(&app, &review, own).await.expect(201);
    let path = made.header("location").expect("a place").to_owned();
    let body = made.json();
    for (field, expected) in [
        ("review_id", json!(review.id)),
        ("title", json!("Fewer intrusions")),
        ("duration", Value::Null),
        ("desired", json!("decrease")),
        ("tolerance", json!(0.1)),
        ("action_ids", json!([action])),
        ("last_verdict", Value::Null),
        ("version", json!(1)),
    ] {
        assert_eq!(body[field], expected, "{field}");
    }
    assert_eq!(body["criteria"]["tags"], json!(["vpn"]));
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!(read.json()["result"]["verdict"], "inconclusive");
    let again = app
        .reader()
        .get(&path)
        .header("if-none-match", read.etag())
        .await;
    again.expect(304);

    let change =
        json!({ "desired": "increase", "criteria": { "tags": ["mail"] }, "action_ids": [] });
    let stale = app
        .contributor()
        .patch(&path, &change)
        .if_match("\"2\"")
        .await;
    stale.problem(412, "stale_version");
    let changed = app
        .contributor()
        .patch(&path, &change)
        .if_match(&read.etag())
        .await;
    let changed = changed.expect(200);
    assert_eq!(changed.json()["desired"], "increase");
    assert_eq!(changed.json()["criteria"]["tags"], json!(["mail"]));
    assert_eq!(
        (&changed.json()["version"], &changed.json()["action_ids"]),
        (&json!(2), &json!([]))
    );

    app.contributor()
        .delete(&path)
        .if_match("\"1\"")
        .await
        .problem(412, "stale_version");
    app.contributor()
        .delete(&path)
        .if_match("\"2\"")
        .await
        .expect(204);
    app.reader().get(&path).await.problem(404, "not_found");
    let records = app
        .admin()
        .get("/api/v1/audit-records?resource_type=improvement_measure")
        .await;
    let mut actions: Vec<Value> = records
        .expect(200)
        .items()
        .iter()
        .map(|one| one["action"].clone())
        .collect();
    actions.sort_by_key(Value::to_string);
    assert_eq!(
        actions,
        ["measure.define", "measure.delete", "measure.update"]
    );
}

async fn incidents_in_both_times_are_counted_and_compared(app: App) {
    let client = app.contributor();
    // Twenty in the first ninety days; one in what has passed of the second, fifty-five and a half.
    detected(&client, 30..50, json!({})).await;
    detected(&client, 90..91, json!({})).await;
    detected(&client, 60..63, json!({ "category": "test" })).await;
    let review = a_review(&app).await;
    let path = defined(&app, &review, json!({})).await;
    let found = result(&app.reader(), &path).await;
    assert_eq!(found["as_of"], "2026-11-23T12:00:00Z");
    assert_eq!(
        (&found["partial"], &found["definition"]["name"]),
        (&json!(true), &json!("incident_rate"))
    );
    let (before, after) = (&found["baseline"], &found["evaluation"]);
    assert_eq!((&before["n"], &before["days"]), (&json!(20), &json!(90.0)));
    assert_eq!((&after["n"], &after["days"]), (&json!(1), &json!(55.5)));
    assert_eq!(after["until"], "2026-11-23T12:00:00Z");
    super::metrics::close(&before["rate_per_30_days"], 20.0 / 3.0);
    let compared = &found["comparison"];
    assert_eq!(compared["definition"]["name"], "rate_ratio");
    super::metrics::close(&compared["value"], 90.0 / (20.0 * 55.5));
    // SciPy's beta.ppf over the same numbers.
    for (bound, expected) in [("lower", 0.001_956_222_071), ("upper", 0.506_937_432_7)] {
        let number = compared[bound].as_f64().expect("a bound");
        assert!((number - expected).abs() < 1e-6, "{bound}: {number}");
    }
    assert_eq!(
        (&found["verdict"], &found["reason"]),
        (&json!("improved"), &json!("interval_excludes_no_change"))
    );
    assert_eq!(behind(&app.reader(), before).await, 20);
    assert_eq!(behind(&app.reader(), after).await, 1);
    let more = defined(&app, &review, json!({ "desired": "increase" })).await;
    assert_eq!(result(&app.reader(), &more).await["verdict"], "worse");
    let strangers = app
        .stranger()
        .get("/api/v1/improvement-measures")
        .await
        .expect(200);
    assert!(strangers.items().is_empty());
}

async fn each_criterion_picks_its_incidents(app: App) {
    let client = app.contributor();
    let all = [
        json!({ "severity": "critical" }),
        json!({ "category": "intrusion" }),
        json!({ "certainty": "near_miss" }),
        json!({ "detection_source": "employee_report" }),
        json!({ "tags": ["vpn"] }),
        json!({ "attack_techniques": ["T1566.001", "T1566.001"] }),
        json!({ "backfilled": true }),
        json!({}),
    ];
    let mut last = Value::Null;
    for own in &all {
        detected(&client, 30..31, own.clone()).await;
        last = client
            .get("/api/v1/incidents?limit=1&sort=-created_at")
            .await
            .items()[0]
            .clone();
    }
    let review = a_review_with(&app, json!({ "incident_ids": [last["id"]] })).await;
    let cause =
        json!({ "kind": "root_cause", "statement": "x", "cause_category": "system_failure" });
    let cause = review.record(&cause).await;
    for (criteria, expected) in [
        (json!({}), 8),
        (json!({ "severities": ["critical", "low"] }), 1),
        (json!({ "categories": ["intrusion"] }), 1),
        (json!({ "certainties": ["near_miss"] }), 1),
        (json!({ "detection_sources": ["employee_report"] }), 1),
        (json!({ "tags": ["vpn", "mail"] }), 1),
        (json!({ "attack_techniques": ["T1566.001"] }), 1),
        (json!({ "attack_techniques": ["T1566"] }), 0),
        (json!({ "cause_categories": ["system_failure"] }), 1),
        (json!({ "cause_categories": ["human_error"] }), 0),
        (json!({ "backfilled": false }), 7),
        (json!({ "tags": ["vpn"], "severities": ["critical"] }), 0),
    ] {
        let path = defined(&app, &review, json!({ "criteria": criteria })).await;
        let found = result(&app.reader(), &path).await;
        assert_eq!(found["baseline"]["n"], expected, "{criteria}");
        assert_eq!(
            behind(&app.reader(), &found["baseline"]).await,
            expected,
            "{criteria}"
        );
    }
    // A cause that was retracted is none.
    let path = review.path(&format!("/findings/{}", cause.id()));
    let retract = client.post(format!("{path}/retract"), &json!({ "reason": "x" }));
    retract.if_match(&cause.etag()).await.expect(200);
    let own = json!({ "criteria": { "cause_categories": ["system_failure"] } });
    let path = defined(&app, &review, own).await;
    assert_eq!(result(&app.reader(), &path).await["baseline"]["n"], 0);
    // A technique that a sender takes back is found no more.
    let tagged = client.get("/api/v1/incidents").await.items();
    let tagged = tagged
        .iter()
        .find(|one| one["attack_techniques"] != json!([]))
        .expect("one");
    let path = format!(
        "/api/v1/incidents/{}",
        tagged["id"].as_str().expect("an id")
    );
    let patch = client.patch(&path, &json!({ "attack_techniques": ["T1486"] }));
    patch.if_match("\"1\"").await.expect(200);
    for (technique, expected) in [("T1566.001", 0), ("T1486", 1)] {
        let own = json!({ "criteria": { "attack_techniques": [technique] } });
        let path = defined(&app, &review, own).await;
        assert_eq!(
            result(&app.reader(), &path).await["baseline"]["n"],
            expected,
            "{technique}"
        );
    }
}

async fn durations_in_both_times_are_compared(app: App) {
    let client = app.contributor();
    let lasting = async |day: i64, hours: i64| {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 7, 1).expect("a date");
        let on = (first + Duration::days(day))
            .and_hms_opt(0, 0, 0)
            .expect("midnight")
            .and_utc();
        let end = on + Duration::hours(hours);
        let at = |at: chrono::DateTime<chrono::Utc>| json!({ "at": at.to_rfc3339() });
        let times = json!({ "detected": at(on), "contained": at(end) });
        let body = and(incident(), json!({ "timestamps": times }));
        client.post("/api/v1/incidents", &body).await.expect(201);
    };
    for hours in [20, 22, 24, 26, 28, 30] {
        lasting(hours, hours).await;
    }
    for hours in [1, 2, 3, 4, 5] {
        lasting(100 + hours, hours).await;
    }
    detected(&client, 40..41, json!({})).await;
    let review = a_review(&app).await;
    let own = json!({ "metric": "response_duration", "duration": "time_to_contain" });
    let path = defined(&app, &review, own).await;
    let found = result(&app.reader(), &path).await;
    let (before, after) = (&found["baseline"], &found["evaluation"]);
    assert_eq!(
        (&before["n"], &before["rate_per_30_days"]),
        (&json!(7), &Value::Null)
    );
    let durations = &before["durations"];
    assert_eq!(
        (&durations["n"], &durations["n_missing"]),
        (&json!(6), &json!(1))
    );
    assert_eq!(
        (&durations["median"], &after["durations"]["median"]),
        (&json!(90_000.0), &json!(10_800.0))
    );
    assert_eq!(behind(&app.reader(), before).await, 6);
    let compared = &found["comparison"];
    assert_eq!(
        (&compared["value"], &compared["resamples"]),
        (&json!(-79_200.0), &json!(2000))
    );
    assert_eq!(compared["definition"]["unit"], "seconds");
    assert_eq!(found["verdict"], "improved");
    assert_eq!(
        result(&app.reader(), &path).await["comparison"],
        *compared,
        "the same again"
    );
}

async fn what_was_evaluated_is_kept_as_it_was(app: App) {
    let client = app.contributor();
    detected(&client, 30..50, json!({})).await;
    let review = a_review(&app).await;
    let path = defined(&app, &review, json!({})).await;
    let first = evaluate(&client, &path).await.expect(201);
    let place = first.header("location").expect("a place").to_owned();
    let body = first.json();
    assert_eq!(
        (&body["verdict"], &body["measure_version"]),
        (&json!("improved"), &json!(1))
    );
    assert_eq!(body["result"]["baseline"]["n"], 20);
    assert_eq!(body["measure"]["title"], "Fewer intrusions");
    let read = client.get(&path).await.expect(200).json();
    assert_eq!(
        (&read["last_verdict"], &read["version"]),
        (&json!("improved"), &json!(2))
    );
    assert_eq!(read["last_evaluated_at"], "2026-11-23T12:00:00Z");

    app.wait(Duration::days(40));
    detected(&client, 100..140, json!({})).await;
    let change = json!({ "title": "More", "desired": "increase" });
    client
        .patch(&path, &change)
        .if_match("\"2\"")
        .await
        .expect(200);
    let second = evaluate(&client, &path).await.expect(201).json();
    assert_eq!(
        (&second["verdict"], &second["measure_version"]),
        (&json!("improved"), &json!(3))
    );
    assert_eq!(second["result"]["partial"], false);
    let kept = client.get(&place).await.expect(200);
    assert_eq!(kept.json(), body);
    let all = client.all(&format!("{path}/evaluations"), 1).await;
    assert_eq!(all, [second, body], "the newest first");
    let elsewhere = a_review(&app).await;
    let place = place.replace(&review.id, &elsewhere.id);
    client.get(place).await.problem(404, "not_found");
}

async fn a_measure_that_was_evaluated_is_not_deleted(app: App) {
    let review = a_review(&app).await;
    let path = defined(&app, &review, json!({})).await;
    evaluate(&app.contributor(), &path).await.expect(201);
    let reply = app.contributor().delete(&path).if_match("\"2\"").await;
    let faults = reply.problem(409, "state_conflict").faults();
    assert_eq!(
        faults,
        [(String::new(), "measure_has_evaluations".to_owned())]
    );
}

async fn a_measure_is_evaluated_once_per_key_and_version(app: App) {
    let review = a_review(&app).await;
    let path = defined(&app, &review, json!({})).await;
    let call = |tag: &str| {
        let call = app
            .contributor()
            .call(Method::POST, format!("{path}/evaluate"));
        call.if_match(tag)
    };
    let first = call("\"1\"").key("once").await.expect(201);
    let again = call("\"1\"").key("once").await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.body, again.body);
    call("\"1\"").await.problem(412, "stale_version");
    call("\"2\"").await.expect(201);
    call("*").await.expect(201);
    assert_eq!(
        app.reader()
            .all(&format!("{path}/evaluations"), 50)
            .await
            .len(),
        3
    );
    app.reader()
        .call(Method::POST, format!("{path}/evaluate"))
        .if_match("*")
        .await
        .problem(403, "missing_scope");
}

async fn a_wrong_measure_is_told_every_fault(app: App) {
    let (review, other) = (a_review(&app).await, a_review(&app).await);
    let work = json!({ "title": "x", "type": "prevent" });
    let others = app
        .admin()
        .post(other.path("/actions"), &work)
        .await
        .expect(201)
        .id();
    for (own, expected) in [
        (
            json!({
                "metric": "response_duration", "action_ids": [others],
                "evaluation": { "from": "2026-09-28T00:00:00Z", "to": "2026-09-28T12:00:00Z" },
            }),
            vec![
                ("/action_ids/0", "not_found"),
                ("/duration", "required"),
                ("/evaluation/from", "overlaps_baseline"),
                ("/evaluation/to", "too_early"),
            ],
        ),
        (
            json!({ "tolerance": 1.5, "title": " " }),
            vec![("/title", "blank"), ("/tolerance", "out_of_range")],
        ),
        (
            json!({ "criteria": { "attack_techniques": ["T1"] } }),
            vec![("/criteria/attack_techniques/0", "malformed")],
        ),
        (
            json!({ "criteria": { "technique": [] } }),
            vec![("/criteria/technique", "unknown_field")],
        ),
    ] {
        let reply = define(&app, &review, own.clone())
            .await
            .problem(422, "validation_failed");
        let found: Vec<_> = reply.faults();
        let places: Vec<&str> = found.iter().map(|(at, _)| at.as_str()).collect();
        let expected_places: Vec<&str> = expected.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, expected_places, "{own}: {found:?}");
    }
    let path = defined(&app, &review, json!({})).await;
    let patch = json!({ "metric": "response_duration" });
    let reply = app
        .contributor()
        .patch(&path, &patch)
        .if_match("\"1\"")
        .await;
    let faults = reply.problem(422, "validation_failed").faults();
    assert_eq!(faults, [("/duration".to_owned(), "required".to_owned())]);
}

async fn a_measure_lives_on_after_its_review_but_not_without_one(app: App) {
    let closed = a_review(&app).await.closed().await;
    let path = defined(&app, &closed, json!({})).await;
    let change = json!({ "title": "Fewer still" });
    app.contributor()
        .patch(&path, &change)
        .if_match("\"1\"")
        .await
        .expect(200);
    evaluate(&app.contributor(), &path).await.expect(201);
    let cancelled = a_review(&app).await;
    cancelled
        .step("cancel", &json!({ "reason": "x" }))
        .await
        .expect(200);
    let reply = define(&app, &cancelled, json!({})).await;
    let faults = reply.problem(409, "state_conflict").faults();
    assert_eq!(faults, [(String::new(), "review_is_cancelled".to_owned())]);
}

async fn measures_are_listed_by_what_they_have_in_common(app: App) {
    let (review, other) = (a_review(&app).await, a_review(&app).await);
    let work = json!({ "title": "x", "type": "prevent" });
    let action = app
        .admin()
        .post(review.path("/actions"), &work)
        .await
        .expect(201)
        .id();
    let window = |to: &str| json!({ "from": "2026-09-29T00:00:00Z", "to": to });
    defined(
        &app,
        &review,
        json!({ "title": "a", "action_ids": [action] }),
    )
    .await;
    let lasting = json!({
        "title": "b", "metric": "response_duration", "duration": "dwell_time",
        "evaluation": window("2027-03-01T00:00:00Z"),
    });
    let judged = defined(&app, &review, lasting).await;
    evaluate(&app.contributor(), &judged).await.expect(201);
    defined(
        &app,
        &other,
        json!({ "title": "c", "evaluation": window("2026-10-29T00:00:00Z") }),
    )
    .await;
    let flat = "/api/v1/improvement-measures";
    let of_review = review.path("/improvement-measures");
    let of_other = format!("{flat}?review_id={}", other.id);
    let of_action = format!("{flat}?action_id={action}");
    for (path, expected) in [
        (flat, vec!["a", "b", "c"]),
        (of_review.as_str(), vec!["a", "b"]),
        (of_other.as_str(), vec!["c"]),
        (of_action.as_str(), vec!["a"]),
        (
            "/api/v1/improvement-measures?metric=response_duration",
            vec!["b"],
        ),
        (
            "/api/v1/improvement-measures?verdict=inconclusive",
            vec!["b"],
        ),
        (
            "/api/v1/improvement-measures?verdict=improved&verdict=worse",
            vec![],
        ),
        (
            "/api/v1/improvement-measures?evaluated=false",
            vec!["a", "c"],
        ),
        ("/api/v1/improvement-measures?evaluated=true", vec!["b"]),
        (
            "/api/v1/improvement-measures?evaluation_to_from=2026-12-28T00:00:00Z",
            vec!["a", "b"],
        ),
        (
            "/api/v1/improvement-measures?evaluation_to_to=2026-12-28T00:00:00Z",
            vec!["c"],
        ),
        (
            "/api/v1/improvement-measures?sort=-created_at",
            vec!["c", "b", "a"],
        ),
        (
            "/api/v1/improvement-measures?sort=evaluation_to",
            vec!["c", "a", "b"],
        ),
        (
            "/api/v1/improvement-measures?sort=-evaluation_to",
            vec!["b", "a", "c"],
        ),
    ] {
        let found = app.reader().all(path, 1).await;
        let titles: Vec<&str> = found
            .iter()
            .filter_map(|one| one["title"].as_str())
            .collect();
        assert_eq!(titles, expected, "{path}");
    }
}

async fn a_restricted_review_hides_its_measures(app: App) {
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let made = app
        .admin()
        .post(quiet.path("/improvement-measures"), &measure())
        .await;
    let path = quiet.path(&format!("/improvement-measures/{}", made.expect(201).id()));
    let kept = evaluate(&app.admin(), &path).await.expect(201);
    let place = kept.header("location").expect("a place").to_owned();
    for client in [app.reader(), app.facilitator(), app.stranger()] {
        client.get(&path).await.problem(404, "not_found");
        client.get(&place).await.problem(404, "not_found");
        client
            .get(format!("{path}/evaluations"))
            .await
            .problem(404, "not_found");
        let all = client.get("/api/v1/improvement-measures").await.expect(200);
        assert!(all.items().is_empty());
    }
    let client = app.facilitator();
    client
        .patch(&path, &json!({ "title": "x" }))
        .if_match("*")
        .await
        .problem(404, "not_found");
    client
        .call(Method::POST, format!("{path}/evaluate"))
        .if_match("*")
        .await
        .problem(404, "not_found");
    assert_eq!(
        app.admin()
            .get("/api/v1/improvement-measures")
            .await
            .expect(200)
            .items()
            .len(),
        1
    );
}
