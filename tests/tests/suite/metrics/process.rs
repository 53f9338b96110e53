//! The process: how promptly reviews are held, how thoroughly, and which incidents have none.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::world::{event, incident};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::close;
use super::work::DAY;

both_databases!(
    the_numbers_of_the_process_are_those_worked_out_by_hand,
    chronologies_and_findings_are_counted_without_what_was_retracted,
    every_number_of_the_process_leads_to_its_reviews,
    a_review_says_what_it_contributes,
    closed_incidents_are_counted_by_what_became_of_their_review,
    reviews_are_grouped_by_what_they_have_in_common,
    reviews_are_filtered_before_they_are_counted,
    what_happened_to_reviews_is_counted_by_bucket,
    reviews_that_do_not_exist_for_the_caller_are_not_counted,
    a_wrong_question_about_the_process_names_its_parameter,
);

pub(super) const PROCESS: &str = "/api/v1/metrics/process";

pub(super) async fn asked(client: &Client, query: &str) -> Value {
    client
        .get(format!("{PROCESS}?{query}"))
        .await
        .expect(200)
        .json()
}

pub(super) async fn records(client: &Client, query: &str) -> Vec<Value> {
    client.all(&format!("{PROCESS}/records?{query}"), 2).await
}

pub(super) fn titles(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|one| one["title"].as_str().expect("a title"))
        .collect()
}

async fn closed(app: &App, title: &str, closed: Value, own: Value) -> String {
    let mut body = incident();
    body["title"] = json!(title);
    if !closed.is_null() {
        body["timestamps"] = json!({ "closed": closed });
    }
    for (name, value) in own.as_object().expect("an object") {
        body[name] = value.clone();
    }
    app.admin()
        .post("/api/v1/incidents", &body)
        .await
        .expect(201)
        .id()
}

async fn took(review: &Review, verb: &str, body: Value) {
    review.step(verb, &body).await.expect(200);
}

/// Five reviews, each with a fate of its own; the last on 2026-11-27T12:00:00Z.
struct Reviews {
    whole: Review,
}

impl Reviews {
    async fn held(app: &App) -> Self {
        let exact = json!({ "at": "2026-11-20T12:00:00Z" });
        let first = closed(app, "first", exact, json!({})).await;
        let rough = json!({ "at": "2026-11-21T00:00:00Z", "precision": "day" });
        let third = closed(
            app,
            "third",
            rough,
            json!({ "severity": "critical", "tags": ["vpn"] }),
        )
        .await;
        let running = closed(app, "running", Value::Null, json!({})).await;
        closed(app, "alone", Value::Null, json!({ "status": "closed" })).await;
        let test = json!({ "status": "closed", "category": "test" });
        closed(app, "test", Value::Null, test).await;

        let own = json!({
            "title": "whole", "incident_ids": [first], "publish_due_at": "2026-11-25T12:00:00Z",
            "tags": ["vpn", "mail"],
        });
        let whole = a_review_with(app, own).await;
        // By its policy due on 2026-11-24T12:00:00Z, wherever its own date is.
        let policy = json!({
            "name": "Exercises", "requirement": "optional", "kinds": ["exercise"],
            "publish_due": { "amount": 1, "unit": "calendar_days" },
        });
        let policy = app.admin().post("/api/v1/policies", &policy).await;
        policy.expect(201);
        let own = json!({
            "title": "late", "kind": "exercise", "publish_due_at": "2030-01-01T00:00:00Z",
        });
        let late = a_review_with(app, own).await;
        let own = json!({ "title": "waived", "severity": "critical", "incident_ids": [third], "tags": ["vpn"] });
        let waived = a_review_with(app, own).await;
        let cancelled =
            a_review_with(app, json!({ "title": "cancelled", "severity": "low" })).await;
        let own = json!({
            "title": "overdue", "incident_ids": [running], "publish_due_at": "2026-11-24T12:00:00Z",
        });
        a_review_with(app, own).await;

        let whole = whole.with_findings().await.started().await;
        let mut proven = event();
        proven["evidence"] = json!([{ "title": "EDR alert export" }]);
        app.admin()
            .post(whole.path("/events"), &proven)
            .await
            .expect(201);
        took(&whole, "submit", json!({})).await;
        app.wait(Duration::days(1));
        took(&whole, "reopen", json!({ "reason": "x" })).await;
        took(&whole, "submit", json!({})).await;
        app.wait(Duration::days(1));
        took(&whole, "publish", json!({})).await;
        let late = late.published().await;
        let why = json!({ "reason": "A false alarm", "approver": "ciso@example.org" });
        took(&waived, "waive", why).await;
        took(&cancelled, "cancel", json!({ "reason": "Opened twice" })).await;
        app.wait(Duration::days(2));
        took(&whole, "close", json!({})).await;
        took(&late, "reopen", json!({ "reason": "x" })).await;
        Self { whole }
    }
}

async fn the_numbers_of_the_process_are_those_worked_out_by_hand(app: App) {
    Reviews::held(&app).await;
    let all = asked(&app.reader(), "").await;
    assert_eq!(
        (&all["as_of"], &all["n"]),
        (&json!("2026-11-27T12:00:00Z"), &json!(5))
    );
    assert_eq!(
        (&all["reviews"]["n"], all.get("series"), all.get("groups")),
        (&json!(5), None, None)
    );
    let promptness = &all["promptness"];
    for (number, n, missing, imprecise, days) in [
        ("time_to_open", 1, 3, 1, 3.0),
        ("time_to_publish", 1, 4, 0, 5.0),
        ("opened_to_published", 2, 3, 0, 2.0),
        ("published_to_closed", 1, 4, 0, 2.0),
    ] {
        let found = &promptness[number];
        let counts = [
            &found["n"],
            &found["n_missing"],
            &found["n_imprecise"],
            &found["n_invalid"],
        ];
        assert_eq!(
            counts,
            [&json!(n), &json!(missing), &json!(imprecise), &json!(0)],
            "{number}"
        );
        close(&found["mean"], days * DAY);
        assert_eq!(found["low_sample"], true);
        assert_eq!(found["definition"]["name"], number);
        assert_eq!(found["definition"]["unit"], "seconds");
    }
    assert_eq!(promptness["publication_overdue"]["n"], 1);
    let life = &all["life"];
    for (rate, found, part, whole) in [
        (
            "published_on_time_rate",
            &promptness["published_on_time_rate"],
            1,
            3,
        ),
        ("sent_back_rate", &life["sent_back_rate"], 1, 2),
        ("reopened_rate", &life["reopened_rate"], 1, 4),
        ("evidence_rate", &all["chronology"]["evidence_rate"], 1, 3),
        ("with_cause_rate", &all["findings"]["with_cause_rate"], 2, 5),
        (
            "with_strength_rate",
            &all["findings"]["with_strength_rate"],
            2,
            5,
        ),
    ] {
        assert_eq!(
            (&found["numerator"], &found["denominator"]),
            (&json!(part), &json!(whole)),
            "{rate}"
        );
        close(&found["value"], f64::from(part) / f64::from(whole));
        assert_eq!(found["definition"]["name"], rate);
    }
    assert_eq!(
        (&life["waived"]["n"], &life["cancelled"]["n"]),
        (&json!(1), &json!(1))
    );
    let by_status = life["by_status"].as_array().expect("states").iter();
    let by_status: Vec<_> = by_status
        .map(|one| (one["status"].clone(), one["n"].clone()))
        .collect();
    let expected = [
        ("draft", 1),
        ("in_progress", 1),
        ("in_review", 0),
        ("published", 0),
        ("closed", 1),
        ("waived", 1),
        ("cancelled", 1),
    ];
    assert_eq!(
        by_status,
        expected.map(|(status, n)| (json!(status), json!(n)))
    );
    // Twice none, and once each of two: 0, 0, 0, 1, 1.
    let returns = &life["reopenings_per_review"];
    assert_eq!(
        (&returns["median"], &returns["p75"]),
        (&json!(0.0), &json!(1.0))
    );
    close(&returns["mean"], 0.4);
}

async fn chronologies_and_findings_are_counted_without_what_was_retracted(app: App) {
    let review = a_review(&app).await;
    let mut proven = event();
    proven["evidence"] = json!([{ "title": "EDR alert export" }]);
    let admin = app.admin();
    let gone = admin
        .post(review.path("/events"), &proven)
        .await
        .expect(201);
    let kept = admin
        .post(review.path("/events"), &proven)
        .await
        .expect(201);
    let batch = json!([event(), proven]);
    admin
        .post(review.path("/events/batch"), &batch)
        .await
        .expect(200);
    let numbers = async || {
        let chronology = asked(&app.reader(), "").await["chronology"].clone();
        let rate = &chronology["evidence_rate"];
        (rate["numerator"].clone(), rate["denominator"].clone())
    };
    assert_eq!(numbers().await, (json!(3), json!(4)));
    let path = |id: &str| review.path(&format!("/events/{id}"));
    let why = json!({ "reason": "x" });
    let retract = admin
        .post(path(&gone.id()) + "/retract", &why)
        .if_match(&gone.etag());
    retract.await.expect(200);
    assert_eq!(numbers().await, (json!(2), json!(3)));
    let amend = json!({ "reason": "x", "changes": { "evidence": [] } });
    let amend = admin
        .post(path(&kept.id()) + "/amend", &amend)
        .if_match(&kept.etag());
    amend.await.expect(200);
    assert_eq!(numbers().await, (json!(1), json!(3)));

    let gap = json!({ "kind": "gap", "statement": "x", "gap_category": "policy" });
    review.record(&gap).await;
    let gone = review.record(&gap).await;
    let path = review.path(&format!("/findings/{}/retract", gone.id()));
    admin
        .post(path, &why)
        .if_match(&gone.etag())
        .await
        .expect(200);
    let findings = asked(&app.reader(), "").await["findings"].clone();
    let by_kind = findings["by_kind"].as_array().expect("kinds").iter();
    let gaps = by_kind
        .filter(|one| one["kind"] == "gap")
        .collect::<Vec<_>>();
    assert_eq!(
        (&gaps[0]["n"], &gaps[0]["n_reviews"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(findings["by_kind"].as_array().map(Vec::len), Some(6));
    assert_eq!(findings["findings_per_review"]["max"], 1);
}

/// The numbers that are of something else than the reviews that they lead to.
const OF_WHAT_REVIEWS_HOLD: [&str; 7] = [
    "evidence_rate",
    "embedded_rate",
    "age_of_waiting",
    "met_rate",
    "margin_when_met",
    "delay_when_late",
    "delay_of_unmet",
];

/// Every number of an answer with its address, wherever in the answer it is.
pub(super) fn numbers<'a>(part: &'a Value, found: &mut Vec<(&'a Value, &'a str)>) {
    match part {
        Value::Object(fields) => {
            let n = fields.get("n_reviews").or_else(|| fields.get("numerator"));
            let n = n.or_else(|| fields.get("n"));
            let url = fields.get("records_url").and_then(Value::as_str);
            found.extend(n.zip(url));
            let whole = fields.get("denominator");
            let url = fields.get("denominator_url").and_then(Value::as_str);
            found.extend(whole.zip(url));
            let fields = fields
                .iter()
                .filter(|(name, _)| !OF_WHAT_REVIEWS_HOLD.contains(&name.as_str()));
            fields.for_each(|(_, field)| numbers(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        _ => {}
    }
}

async fn every_number_of_the_process_leads_to_its_reviews(app: App) {
    Reviews::held(&app).await;
    let reader = app.reader();
    for query in [
        "group_by=severity",
        "group_by=kind&group_by=tag&severity=high&severity=critical",
        "tag=vpn&group_by=tag",
        "status=closed&status=waived",
        "from=2026-11-20T00:00:00Z&to=2026-11-24T00:00:00Z&owner=ada@example.org",
    ] {
        let all = asked(&reader, query).await;
        let mut found = Vec::new();
        numbers(&all, &mut found);
        assert!(found.len() > 25, "{query}: {}", found.len());
        for (n, url) in found {
            assert_eq!(*n, reader.all(url, 2).await.len(), "{query}: {url}");
        }
    }
    let closed = asked(&reader, "status=closed").await;
    let by_status = closed["life"]["by_status"]
        .as_array()
        .expect("states")
        .iter();
    let excluded: Vec<_> = by_status
        .filter(|one| one["records_url"].is_null())
        .collect();
    assert_eq!(
        excluded.len(),
        6,
        "a state that the filter excludes has no list"
    );
}

async fn a_review_says_what_it_contributes(app: App) {
    let world = Reviews::held(&app).await;
    let reader = app.reader();
    let all = records(&reader, "").await;
    assert_eq!(
        titles(&all),
        ["overdue", "cancelled", "waived", "late", "whole"]
    );
    let whole = &all[4];
    assert_eq!(whole["review_id"], world.whole.id);
    for (field, expected) in [
        ("status", json!("closed")),
        ("incidents_closed_at", json!("2026-11-20T12:00:00Z")),
        ("first_published_at", json!("2026-11-25T12:00:00Z")),
        ("closed_at", json!("2026-11-27T12:00:00Z")),
        ("time_to_open_seconds", json!(3 * 86_400)),
        ("time_to_publish_seconds", json!(5 * 86_400)),
        ("opened_to_published_seconds", json!(2 * 86_400)),
        ("published_to_closed_seconds", json!(2 * 86_400)),
        ("sent_back", json!(1)),
        ("reopened", json!(0)),
        ("events", json!(2)),
        ("events_with_evidence", json!(1)),
        ("findings", json!(2)),
        ("ending", Value::Null),
        (
            "is",
            json!([
                "published_on_time",
                "publication_due",
                "submitted",
                "sent_back",
                "finished",
                "with_cause",
                "with_strength"
            ]),
        ),
    ] {
        assert_eq!(whole[field], expected, "{field}");
    }
    assert_eq!(whole.get("standing"), None);
    let ending = json!({ "at": "2026-11-25T12:00:00Z", "reason": "A false alarm", "approver": "ciso@example.org" });
    assert_eq!(all[2]["ending"], ending);
    assert_eq!(all[1]["ending"]["reason"], "Opened twice");
    for (query, expected) in [
        ("is=published_late", vec!["late"]),
        ("is=publication_due", vec!["overdue", "late", "whole"]),
        ("is=finished&is=reopened", vec!["late"]),
        ("is=without_events", vec!["overdue", "cancelled", "waived"]),
        ("is=waived&is=cancelled", vec![]),
        ("duration=time_to_open&standing=imprecise", vec!["waived"]),
        (
            "duration=time_to_open&standing=imprecise&standing=measured",
            vec!["waived", "whole"],
        ),
        (
            "duration=opened_to_published&standing=missing",
            vec!["overdue", "cancelled", "waived"],
        ),
        (
            "finding_kind=strength&finding_kind=gap",
            vec!["late", "whole"],
        ),
        ("finding_kind=gap", vec![]),
    ] {
        assert_eq!(titles(&records(&reader, query).await), expected, "{query}");
    }
    let measured = records(&reader, "duration=time_to_publish&standing=measured").await;
    assert_eq!(measured[0]["standing"], "measured");
}

async fn closed_incidents_are_counted_by_what_became_of_their_review(app: App) {
    Reviews::held(&app).await;
    let coverage = asked(&app.reader(), "").await["coverage"].clone();
    assert_eq!(
        (
            &coverage["closed_incidents"]["n"],
            &coverage["n_test_excluded"]
        ),
        (&json!(3), &json!(1))
    );
    let rate = &coverage["coverage_rate"];
    assert_eq!(
        (&rate["numerator"], &rate["denominator"]),
        (&json!(1), &json!(3))
    );
    let by_coverage = coverage["by_coverage"]
        .as_array()
        .expect("coverages")
        .iter();
    let found: Vec<_> = by_coverage
        .map(|one| (one["coverage"].clone(), one["n"].clone()))
        .collect();
    let expected = [
        ("reviewed", 1),
        ("under_review", 0),
        ("waived", 1),
        ("cancelled", 0),
        ("without", 1),
    ];
    assert_eq!(found, expected.map(|(name, n)| (json!(name), json!(n))));
    let by_severity = coverage["by_severity"].as_array().expect("severities");
    let of = |severity: &str| {
        let one = by_severity
            .iter()
            .find(|one| one["severity"] == severity)
            .expect("one");
        let rate = &one["coverage_rate"];
        (rate["numerator"].clone(), rate["denominator"].clone())
    };
    assert_eq!(
        (of("high"), of("critical")),
        ((json!(1), json!(2)), (json!(0), json!(1)))
    );
    assert_eq!(of("low"), (json!(0), json!(0)));
    let behind = app.reader().all(&format!("{PROCESS}/incidents"), 1).await;
    let found: Vec<_> = behind
        .iter()
        .map(|one| {
            (
                one["title"].as_str().expect("a title"),
                one["instant"].as_str().expect("an instant"),
            )
        })
        .collect();
    let expected = [
        ("alone", "2026-11-23T12:00:00Z"),
        ("third", "2026-11-21T00:00:00Z"),
        ("first", "2026-11-20T12:00:00Z"),
    ];
    assert_eq!(found, expected);
    for (query, n) in [
        ("from=2026-11-21T00:00:00Z", 2),
        ("to=2026-11-21T00:00:00Z", 1),
        ("severity=critical", 1),
        ("tag=vpn", 1),
        ("tagged=false", 2),
        ("kind=exercise", 3),
    ] {
        let found = asked(&app.reader(), query).await["coverage"]["closed_incidents"].clone();
        assert_eq!(found["n"], n, "{query}");
        let url = found["records_url"].as_str().expect("an address");
        assert_eq!(app.reader().all(url, 2).await.len(), n, "{query}");
    }
}

async fn reviews_are_grouped_by_what_they_have_in_common(app: App) {
    Reviews::held(&app).await;
    for (query, expected) in [
        (
            "group_by=severity",
            vec![
                (vec![json!("high")], 3),
                (vec![json!("critical")], 1),
                (vec![json!("low")], 1),
            ],
        ),
        (
            "group_by=kind",
            vec![(vec![json!("incident")], 4), (vec![json!("exercise")], 1)],
        ),
        (
            "group_by=tag",
            vec![
                (vec![Value::Null], 3),
                (vec![json!("vpn")], 2),
                (vec![json!("mail")], 1),
            ],
        ),
        ("group_by=tag&tag=mail", vec![(vec![json!("mail")], 1)]),
        (
            "group_by=kind&group_by=tag&severity=critical",
            vec![(vec![json!("incident"), json!("vpn")], 1)],
        ),
    ] {
        let answer = asked(&app.reader(), query).await;
        let groups = answer["groups"].as_array().expect("groups").iter();
        let found: Vec<_> = groups
            .map(|group| {
                let key = group["key"].as_array().expect("a key").iter();
                let key: Vec<Value> = key.map(|part| part["value"].clone()).collect();
                (key, group["reviews"]["n"].clone())
            })
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(key, n)| (key, json!(n)))
            .collect();
        assert_eq!(found, expected, "{query}");
    }
}

async fn reviews_are_filtered_before_they_are_counted(app: App) {
    let world = Reviews::held(&app).await;
    let own = json!({
        "title": "led", "facilitator": { "name": "Kim", "subject": "kim" },
        "owner": { "name": "Lee", "subject": "lee" },
    });
    a_review_with(&app, own).await;
    let of_whole = format!("review_id={}", world.whole.id);
    for (query, n) in [
        ("severity=critical&severity=low", 2),
        ("kind=exercise", 1),
        ("status=in_progress", 1),
        ("tag=mail", 1),
        ("tagged=true", 2),
        ("tagged=false", 4),
        ("owner=ada@example.org", 5),
        ("owner=lee&facilitator=kim", 1),
        ("facilitator=ada@example.org", 0),
        (of_whole.as_str(), 1),
        ("from=2026-11-27T12:00:00Z", 1),
        ("to=2026-11-27T12:00:00Z", 5),
    ] {
        assert_eq!(asked(&app.reader(), query).await["n"], n, "{query}");
        assert_eq!(records(&app.reader(), query).await.len(), n, "{query}");
    }
    let none = asked(&app.reader(), "severity=medium").await;
    assert_eq!(
        none["promptness"]["published_on_time_rate"]["value"],
        Value::Null
    );
    assert_eq!(none["filters"], json!({ "severity": ["medium"] }));
}

async fn what_happened_to_reviews_is_counted_by_bucket(app: App) {
    Reviews::held(&app).await;
    let all = asked(&app.reader(), "interval=day&time_zone=Europe/Dublin").await;
    let fields = [
        "date",
        "opened",
        "published",
        "closed",
        "waived",
        "cancelled",
        "reopened",
        "partial",
    ];
    let series = all["series"].as_array().expect("a series").iter();
    let found: Vec<Value> = series
        .map(|point| fields.iter().map(|field| point[field].clone()).collect())
        .collect();
    let expected = [
        json!(["2026-11-23", 5, 0, 0, 0, 0, 0, false]),
        json!(["2026-11-24", 0, 0, 0, 0, 0, 0, false]),
        json!(["2026-11-25", 0, 2, 0, 1, 1, 0, false]),
        json!(["2026-11-26", 0, 0, 0, 0, 0, 0, false]),
        json!(["2026-11-27", 0, 0, 1, 0, 0, 1, true]),
    ];
    assert_eq!(found, expected);
    let point = &all["series"][2]["opened_to_published"];
    assert_eq!(point["n"], 2);
    close(&point["mean"], 2.0 * DAY);
    let some = asked(&app.reader(), "interval=week&group_by=kind").await;
    assert_eq!(some["groups"][1]["series"][0]["opened"], 1);
}

async fn reviews_that_do_not_exist_for_the_caller_are_not_counted(app: App) {
    let closed = closed(
        &app,
        "quiet",
        json!({ "at": "2026-11-20T12:00:00Z" }),
        json!({}),
    )
    .await;
    let own = json!({ "title": "hidden", "visibility": "restricted", "incident_ids": [closed] });
    a_review_with(&app, own).await.with_findings().await;
    for (client, n, coverage) in [
        (app.admin(), 1, "under_review"),
        (app.reader(), 0, "without"),
    ] {
        let all = asked(&client, "interval=day").await;
        assert_eq!(all["n"], n);
        assert_eq!(all["chronology"]["evidence_rate"]["denominator"], n);
        assert_eq!(records(&client, "").await.len(), n);
        let incidents = client.all(&format!("{PROCESS}/incidents"), 9).await;
        assert_eq!(incidents[0]["coverage"], coverage);
    }
    let theirs = asked(&app.stranger(), "").await;
    assert_eq!(
        (&theirs["n"], &theirs["coverage"]["closed_incidents"]["n"]),
        (&json!(0), &json!(0))
    );
    assert!(
        app.stranger()
            .all(&format!("{PROCESS}/incidents"), 9)
            .await
            .is_empty()
    );
}

async fn a_wrong_question_about_the_process_names_its_parameter(app: App) {
    Reviews::held(&app).await;
    for (path, parameter, code) in [
        ("?time_zone=Mars/Olympus", "time_zone", "unknown_time_zone"),
        (
            "?from=2026-12-01T00:00:00Z&to=2026-11-01T00:00:00Z",
            "to",
            "before_from",
        ),
        (
            "?interval=day&from=2020-01-01T00:00:00Z",
            "interval",
            "too_many_buckets",
        ),
        (
            "/incidents?from=2026-12-01T00:00:00Z&to=2026-11-01T00:00:00Z",
            "to",
            "before_from",
        ),
    ] {
        let reply = app.reader().get(format!("{PROCESS}{path}")).await;
        let faults = reply.problem(400, "invalid_parameter").faults();
        assert_eq!(faults, [(parameter.to_owned(), code.to_owned())], "{path}");
    }
    let path = format!("{PROCESS}/records");
    app.reader()
        .get(format!("{path}?is=happy"))
        .await
        .problem(400, "invalid_parameter");
    let page = app
        .reader()
        .get(format!("{path}?limit=2"))
        .await
        .expect(200)
        .json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let other = app
        .reader()
        .get(format!("{path}?limit=2&severity=high&cursor={cursor}"))
        .await;
    other.problem(400, "invalid_cursor");
}
