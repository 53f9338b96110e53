//! How long incidents took between their milestones, and the way from each number to the
//! incidents behind it.

use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::event;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::close;
use super::incidents::{CONTAIN, RESPONSE, asked, at, behind, incidents, recorded};

both_databases!(
    each_metric_goes_from_its_own_milestone_to_its_own,
    the_statistics_of_a_metric_are_those_worked_out_by_hand,
    every_response_number_leads_to_its_incidents,
    incidents_are_grouped_by_what_they_have_in_common,
    incidents_are_filtered_before_they_are_measured,
    the_answer_says_which_source_of_a_time_was_used,
    incidents_and_reviews_of_others_are_not_counted,
    a_wrong_question_about_the_response_names_its_parameter,
);

fn titles(records: &[Value]) -> Vec<&str> {
    let title = |one: &Value| one["title"].is_string();
    assert!(records.iter().all(title));
    let titles = records.iter().filter_map(|one| one["title"].as_str());
    titles.collect()
}

async fn each_metric_goes_from_its_own_milestone_to_its_own(app: App) {
    let minute = |minute: u32| at(&format!("2026-11-01T00:{minute:02}:00Z"));
    let times = json!({
        "occurred": minute(0), "compromised": minute(1), "exfiltrated": minute(3),
        "impact_started": minute(6), "detected": minute(10), "acknowledged": minute(15),
        "declared": minute(21), "response_started": minute(28), "management_informed": minute(36),
        "contained": minute(45), "eradicated": minute(48), "recovered": minute(53),
        "impact_ended": minute(56), "closed": minute(59),
    });
    let client = app.contributor();
    recorded(&client, "whole", times, json!({})).await;
    let late = json!({ "occurred": minute(2), "detected": minute(12) });
    recorded(&client, "without a compromise", late, json!({})).await;
    let both = "coalesce(compromised, occurred)";
    let expected = [
        ("time_to_detect", both, "detected", vec![9, 10]),
        ("time_to_acknowledge", "detected", "acknowledged", vec![5]),
        ("time_to_declare", "detected", "declared", vec![11]),
        ("time_to_respond", "detected", "response_started", vec![18]),
        ("time_to_contain", "detected", "contained", vec![35]),
        ("time_to_eradicate", "detected", "eradicated", vec![38]),
        ("time_to_recover", "detected", "recovered", vec![43]),
        ("time_to_close", "declared", "closed", vec![38]),
        ("dwell_time", "compromised", "contained", vec![44]),
        ("time_to_exfiltrate", "compromised", "exfiltrated", vec![2]),
        (
            "impact_duration",
            "impact_started",
            "impact_ended",
            vec![50],
        ),
        (
            "management_latency",
            "detected",
            "management_informed",
            vec![26],
        ),
    ];
    let all = asked(&app.reader(), "").await;
    let metrics = all["metrics"].as_array().expect("metrics");
    assert_eq!(metrics.len(), expected.len());
    for (metric, from, to, minutes) in expected {
        let found = metrics.iter().find(|one| one["metric"] == metric);
        let found = found.unwrap_or_else(|| panic!("no {metric}"));
        let definition = json!({
            "name": metric, "from": from, "to": to, "formula": format!("{to} − {from}"),
            "unit": "seconds",
        });
        assert_eq!(found["definition"], definition);
        assert_eq!(found["n"], minutes.len(), "{metric}");
        assert_eq!(found["n_missing"], 2 - minutes.len(), "{metric}");
        assert_eq!(found["min"], minutes[0] * 60, "{metric}");
        assert_eq!(found["max"], minutes[minutes.len() - 1] * 60, "{metric}");
    }
    let some = "metric=dwell_time&metric=time_to_close&metric=dwell_time";
    let some = asked(&app.reader(), some).await["metrics"].clone();
    let names: Vec<_> = some.as_array().expect("metrics").iter().collect();
    let names: Vec<_> = names.iter().map(|one| one["metric"].clone()).collect();
    assert_eq!(names, ["dwell_time", "time_to_close"]);
}

async fn the_statistics_of_a_metric_are_those_worked_out_by_hand(app: App) {
    incidents(&app).await;
    let all = asked(&app.reader(), CONTAIN).await;
    for (field, expected) in [
        ("as_of", json!("2026-11-23T12:00:00Z")),
        ("time_zone", json!("UTC")),
        ("n_incidents", json!(10)),
        ("n_backfilled", json!(1)),
        ("n_test_excluded", json!(1)),
        ("filters", json!({})),
    ] {
        assert_eq!(all[field], expected, "{field}");
    }
    let found = &all["metrics"][0];
    for (field, expected) in [
        ("n", 6),
        ("n_missing", 1),
        ("n_invalid", 1),
        ("n_imprecise", 2),
        ("n_backfilled", 1),
        ("min", 1_800),
        ("max", 36_000),
    ] {
        assert_eq!(found[field], expected, "{field}");
    }
    assert_eq!(found["low_sample"], false);
    // Of 1800, 3600, 7200, 14400, 21600 and 36000 seconds.
    for (field, seconds) in [
        ("median", 10_800.0),
        ("p75", 19_800.0),
        ("p90", 28_800.0),
        ("p95", 32_400.0),
        ("mean", 14_100.0),
    ] {
        close(&found[field], seconds);
    }
    let histogram = found["histogram"].as_array().expect("buckets").iter();
    let filled: Vec<_> = histogram.filter(|one| one["n"] != 0).cloned().collect();
    let expected = [
        json!({ "from": 900, "to": 3_600, "n": 1 }),
        json!({ "from": 3_600, "to": 14_400, "n": 2 }),
        json!({ "from": 14_400, "to": 43_200, "n": 3 }),
    ];
    assert_eq!(filled, expected);
    let days = &found["imprecise"];
    assert_eq!((&days["n"], &days["n_imprecise"]), (&json!(1), &json!(1)));
    assert_eq!((&days["min"], &days["max"]), (&json!(2), &json!(2)));
    assert_eq!(days["definition"]["unit"], "days");

    // Of four, nobody can tell a percentile.
    let few = asked(&app.reader(), &format!("{CONTAIN}&to=2026-10-27T00:00:00Z")).await;
    let few = &few["metrics"][0];
    assert_eq!((&few["n"], &few["low_sample"]), (&json!(4), &json!(true)));
    for percentile in ["median", "p75", "p90", "p95"] {
        assert_eq!(few[percentile], Value::Null, "{percentile}");
    }
    close(&few["mean"], 12_150.0);
}

async fn every_response_number_leads_to_its_incidents(app: App) {
    incidents(&app).await;
    let reader = app.reader();
    let standing = |which: &str| format!("{RESPONSE}/records?{CONTAIN}&standing={which}");
    let all = asked(&reader, CONTAIN).await["metrics"][0].clone();
    let url = |of: &Value| of["records_url"].as_str().expect("an address").to_owned();
    let measured = behind(&reader, &url(&all)).await;
    let expected = [
        ("an hour", 3_600),
        ("four hours", 14_400),
        ("half an hour", 1_800),
        ("six hours", 21_600),
        ("ten hours", 36_000),
        ("two hours", 7_200),
    ];
    let found: Vec<_> = measured
        .iter()
        .map(|one| (one["title"].clone(), one["duration_seconds"].clone()))
        .collect();
    let expected = expected.map(|(title, seconds)| (json!(title), json!(seconds)));
    assert_eq!(found, expected);
    let first = &measured[0];
    let end = |milestone: &str, at: &str| json!({ "milestone": milestone, "at": at, "precision": "exact", "source": "reported" });
    assert_eq!(first["start"], end("detected", "2026-10-24T22:30:00Z"));
    assert_eq!(first["stop"], end("contained", "2026-10-24T23:30:00Z"));
    assert_eq!(first["standing"], "measured");
    let rough = behind(&reader, &url(&all["imprecise"])).await;
    assert_eq!(titles(&rough), ["in October", "two days"]);
    assert_eq!(rough[1]["duration_days"], 2);
    assert_eq!(rough[1]["duration_seconds"], Value::Null);
    for (which, expected) in [
        ("missing", vec!["not contained"]),
        ("invalid", vec!["backwards"]),
        (
            "missing&standing=invalid",
            vec!["backwards", "not contained"],
        ),
    ] {
        let found = behind(&reader, &standing(which)).await;
        assert_eq!(titles(&found), expected, "{which}");
    }
    let everything = behind(&reader, &format!("{RESPONSE}/records?{CONTAIN}")).await;
    assert_eq!(everything.len(), 10, "tests are left out");

    for query in [
        "group_by=severity&severity=high&severity=low",
        "group_by=tag",
        "group_by=detection_source&group_by=category",
        "from=2026-10-24T23:30:00Z&to=2026-10-29T00:00:00Z&backfilled=false",
        "tag=mail&group_by=tag",
    ] {
        let answer = asked(&reader, query).await;
        let groups = answer["groups"].as_array().cloned().unwrap_or_default();
        let parts = groups.iter().chain([&answer]);
        for metric in parts
            .filter_map(|part| part["metrics"].as_array())
            .flatten()
        {
            let found = behind(&reader, &url(metric)).await;
            assert_eq!(metric["n"], found.len(), "{query}: {metric}");
            let found = behind(&reader, &url(&metric["imprecise"])).await;
            assert_eq!(metric["n_imprecise"], found.len(), "{query}: {metric}");
        }
    }
}

/// Each group of an answer: its key, how many incidents, and how many of them are measured.
fn groups(answer: &Value) -> Vec<(Value, Value, Value)> {
    let groups = answer["groups"].as_array().expect("groups").iter();
    let each = groups.map(|group| {
        let key = group["key"].as_array().expect("a key").iter();
        let key = key.map(|part| part["value"].clone()).collect();
        let n = group["metrics"][0]["n"].clone();
        (key, group["n_incidents"].clone(), n)
    });
    each.collect()
}

async fn incidents_are_grouped_by_what_they_have_in_common(app: App) {
    incidents(&app).await;
    let none = Value::Null;
    for (query, expected) in [
        (
            "group_by=severity",
            vec![
                (json!(["high"]), 7, 3),
                (json!(["critical"]), 1, 1),
                (json!(["low"]), 1, 1),
                (json!(["medium"]), 1, 1),
            ],
        ),
        (
            "group_by=category",
            vec![
                (json!(["other"]), 7, 3),
                (json!(["intrusion"]), 2, 2),
                (json!(["availability"]), 1, 1),
            ],
        ),
        (
            "group_by=tag",
            vec![
                (json!([none]), 8, 4),
                (json!(["vpn"]), 2, 2),
                (json!(["mail"]), 1, 1),
            ],
        ),
        (
            "group_by=category&group_by=detection_source&category=intrusion",
            vec![
                (json!(["intrusion", "employee_report"]), 1, 1),
                (json!(["intrusion", "siem_correlation"]), 1, 1),
            ],
        ),
    ] {
        let answer = asked(&app.reader(), &format!("{CONTAIN}&{query}")).await;
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(key, n, measured)| (key, json!(n), json!(measured)))
            .collect();
        assert_eq!(groups(&answer), expected, "{query}");
    }
}

async fn incidents_are_filtered_before_they_are_measured(app: App) {
    incidents(&app).await;
    for (query, incidents, measured) in [
        ("severity=high", 7, 3),
        ("severity=low&severity=medium", 2, 2),
        ("category=intrusion", 2, 2),
        ("category=test", 0, 0),
        ("certainty=near_miss", 1, 1),
        ("certainty=confirmed", 9, 5),
        ("detection_source=employee_report", 1, 1),
        ("incident_status=closed", 1, 1),
        ("tag=vpn", 2, 2),
        ("tagged=false", 8, 4),
        ("backfilled=true", 1, 1),
        ("backfilled=false", 9, 5),
        ("from=2026-10-27T10:00:00Z", 5, 2),
        ("to=2026-10-27T10:00:00Z", 5, 4),
        (
            "from=2026-10-27T10:00:00Z&to=2026-10-27T10:00:00.000001Z",
            1,
            1,
        ),
        ("from=2026-10-27T10:00:00Z&to=2026-10-27T10:00:00Z", 0, 0),
    ] {
        let answer = asked(&app.reader(), &format!("{CONTAIN}&{query}")).await;
        let found = (&answer["n_incidents"], &answer["metrics"][0]["n"]);
        assert_eq!(found, (&json!(incidents), &json!(measured)), "{query}");
    }
}

async fn about(app: &App, incident: &str, fields: Value) -> Review {
    let mut own = fields;
    own["incident_ids"] = json!([incident]);
    a_review_with(app, own).await
}

async fn the_answer_says_which_source_of_a_time_was_used(app: App) {
    let (admin, reader) = (app.admin(), app.reader());
    let reported = json!({
        "detected": at("2026-11-01T00:00:00Z"), "contained": at("2026-11-01T01:00:00Z"),
    });
    let first = recorded(&admin, "first", reported, json!({})).await;
    let review = about(&app, &first, json!({})).await;
    let is = async |seconds: u32, from: Value, to: Value| {
        let answer = asked(&reader, CONTAIN).await["metrics"][0].clone();
        assert_eq!((&answer["n"], &answer["max"]), (&json!(1), &json!(seconds)));
        assert_eq!(answer["sources"], json!({ "from": from, "to": to }));
    };
    let source = |which: &str| {
        let mut counts = json!({ "override": 0, "event": 0, "reported": 0 });
        counts[which] = json!(1);
        counts
    };
    is(3_600, source("reported"), source("reported")).await;
    let mut mark = event();
    mark["occurred_at"] = json!("2026-11-01T02:00:00Z");
    mark["marks"] = json!(["contained"]);
    let marked = admin.post(review.path("/events"), &mark).await.expect(201);
    is(7_200, source("reported"), source("event")).await;
    let path = format!("/api/v1/incidents/{first}");
    let tag = admin.get(&path).await.expect(200).etag();
    let decided = json!({ "at": "2026-11-01T00:30:00Z", "override_reason": "x" });
    let change = json!({ "timestamps": { "detected": decided } });
    admin.patch(path, &change).if_match(&tag).await.expect(200);
    is(5_400, source("override"), source("event")).await;
    let retract = review.path(&format!("/events/{}/retract", marked.id()));
    let retract = admin.post(retract, &json!({ "reason": "x" }));
    retract.if_match(&marked.etag()).await.expect(200);
    is(1_800, source("override"), source("reported")).await;
    let list = format!("{RESPONSE}/records?{CONTAIN}");
    let record = behind(&reader, &list).await.remove(0);
    assert_eq!(record["start"]["source"], "override");
    assert_eq!(record["stop"]["source"], "reported");
}

async fn incidents_and_reviews_of_others_are_not_counted(app: App) {
    let times = |hour: u32| json!({ "detected": at("2026-11-01T00:00:00Z"), "contained": at(&format!("2026-11-01T{hour:02}:00:00Z")) });
    let admin = app.admin();
    let open = recorded(&admin, "open", times(1), json!({})).await;
    let quiet = recorded(&admin, "quiet", times(2), json!({})).await;
    recorded(&app.stranger(), "elsewhere", times(3), json!({})).await;
    let open = about(&app, &open, json!({})).await;
    let secret = json!({ "visibility": "restricted" });
    let quiet = about(&app, &quiet, secret).await;
    let of = |review: &Review| format!("&review_id={}", review.id);
    let owner = "&owner=ada%40example.org".to_owned();
    for (who, query, expected) in [
        (app.admin(), String::new(), vec!["open", "quiet"]),
        (app.reader(), of(&open), vec!["open"]),
        (app.admin(), of(&quiet), vec!["quiet"]),
        (app.reader(), of(&quiet), vec![]),
        (app.admin(), owner.clone(), vec!["open", "quiet"]),
        (app.reader(), owner.clone(), vec!["open"]),
        (app.stranger(), String::new(), vec!["elsewhere"]),
        (app.stranger(), of(&open), vec![]),
        (app.stranger(), owner, vec![]),
    ] {
        let query = format!("{CONTAIN}{query}");
        let answer = asked(&who, &query).await;
        assert_eq!(answer["n_incidents"], expected.len(), "{query}");
        assert_eq!(answer["metrics"][0]["n"], expected.len(), "{query}");
        let list = format!("{RESPONSE}/records?{query}");
        assert_eq!(titles(&behind(&who, &list).await), expected, "{query}");
        let url = answer["metrics"][0]["records_url"].as_str();
        let found = behind(&who, url.expect("an address")).await;
        assert_eq!(titles(&found), expected, "{query}");
    }
}

async fn a_wrong_question_about_the_response_names_its_parameter(app: App) {
    let backwards = "from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z";
    for (below, query, place) in [
        ("", "time_zone=Mars/Olympus_Mons", "time_zone"),
        ("", "time_zone=%2B02:00", "time_zone"),
        ("", "interval=fortnight", "interval"),
        ("", backwards, "to"),
        ("", "from=soon", "from"),
        ("", "interval=day&from=2000-01-01T00:00:00Z", "interval"),
        ("", "metric=time_to_market", "metric"),
        ("", "group_by=title", "group_by"),
        ("", "colour=red", "colour"),
        ("/records", "standing=measured", "metric"),
        ("/records", "metric=dwell_time&standing=tall", "standing"),
        ("/records", &format!("metric=dwell_time&{backwards}"), "to"),
    ] {
        let reply = app.reader().get(format!("{RESPONSE}{below}?{query}")).await;
        let found = reply.problem(400, "invalid_parameter").faults();
        let found: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(found, [place], "{query}");
    }
}
