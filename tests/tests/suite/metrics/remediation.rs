//! Remediation at present: counts, rates, distributions, groups, and the way from each number to
//! the actions behind it.

use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::close;
use super::work::{DAY, REMEDIATION, Work, add, asked, counted, points};

both_databases!(
    the_numbers_of_remediation_are_those_worked_out_by_hand,
    actions_are_counted_by_each_of_their_fields,
    durations_of_remediation_are_distributed_as_defined,
    every_number_of_remediation_leads_to_its_actions,
    actions_are_grouped_by_what_they_have_in_common,
    actions_are_filtered_before_they_are_counted,
    actions_that_do_not_exist_for_the_caller_are_not_counted,
    a_wrong_question_about_remediation_names_its_parameter,
);

pub(super) async fn titles(client: &Client, url: &Value) -> Vec<String> {
    let url = url.as_str().expect("an address");
    let found = client.all(url, 3).await;
    let title = |one: &Value| one["title"].as_str().expect("a title").to_owned();
    let mut titles: Vec<_> = found.iter().map(title).collect();
    titles.sort();
    titles
}

async fn the_numbers_of_remediation_are_those_worked_out_by_hand(app: App) {
    Work::done(&app).await;
    let all = asked(&app.admin(), "").await;
    assert_eq!(all["as_of"], "2026-11-28T12:00:00Z");
    assert_eq!(all["time_zone"], "UTC");
    assert_eq!(all["n"], 7);
    for (number, expected) in [
        ("open", 4),
        ("overdue", 1),
        ("due_in_7_days", 1),
        ("due_in_30_days", 2),
        ("unowned", 1),
    ] {
        assert_eq!(all[number]["n"], expected, "{number}");
        assert_eq!(all[number]["definition"]["name"], number);
    }
    for (rate, part, whole) in [
        ("completion_rate", 2, 5),
        ("verified_rate", 1, 5),
        ("on_time_rate", 1, 3),
        ("reopened_rate", 1, 3),
        ("ineffective_rate", 1, 2),
    ] {
        let found = &all[rate];
        assert_eq!(found["numerator"], part, "{rate}");
        assert_eq!(found["denominator"], whole, "{rate}");
        close(&found["value"], f64::from(part) / f64::from(whole));
        for said in ["from", "to", "formula"] {
            assert_ne!(found["definition"][said], "", "{rate}");
        }
        assert_eq!(found["definition"]["unit"], "ratio", "{rate}");
    }
    let funnel = all["funnel"].as_array().expect("a funnel");
    let steps: Vec<_> = funnel
        .iter()
        .map(|step| (step["definition"]["name"].clone(), step["n"].clone()))
        .collect();
    let expected = [
        ("proposed", 7),
        ("accepted", 6),
        ("implemented", 3),
        ("verified", 2),
        ("effective", 1),
    ];
    assert_eq!(steps, expected.map(|(name, n)| (json!(name), json!(n))));
    assert_eq!(funnel[0]["of_previous"], Value::Null);
    for (step, share) in [(1, 6.0 / 7.0), (2, 0.5), (3, 2.0 / 3.0), (4, 0.5)] {
        close(&funnel[step]["of_previous"], share);
    }
}

async fn actions_are_counted_by_each_of_their_fields(app: App) {
    Work::done(&app).await;
    let all = asked(&app.admin(), "").await;
    let counts = &all["counts"];
    let is = |field: &str, expected: &[(Value, u64, u64, u64)]| {
        let mut found = counted(&counts[field]);
        let mut expected = expected.to_vec();
        found.sort_by_key(|one| one.0.to_string());
        expected.sort_by_key(|one| one.0.to_string());
        assert_eq!(found, expected, "{field}");
    };
    is(
        "by_status",
        &[
            (json!("proposed"), 1, 1, 0),
            (json!("open"), 1, 1, 1),
            (json!("in_progress"), 1, 1, 0),
            (json!("blocked"), 1, 1, 0),
            (json!("implemented"), 1, 0, 0),
            (json!("verified"), 1, 0, 0),
            (json!("declined"), 1, 0, 0),
        ],
    );
    is(
        "by_priority",
        &[(json!("critical"), 1, 1, 0), (json!("low"), 6, 3, 1)],
    );
    is(
        "by_severity",
        &[(json!("critical"), 1, 1, 0), (json!("high"), 6, 3, 1)],
    );
    is(
        "by_type",
        &[
            (json!("prevent"), 2, 1, 0),
            (json!("detect"), 2, 1, 1),
            (json!("contain"), 1, 0, 0),
            (json!("process"), 1, 1, 0),
            (json!("training"), 1, 1, 0),
        ],
    );
    is(
        "by_function",
        &[(json!("it"), 3, 1, 1), (Value::Null, 4, 3, 0)],
    );
    is(
        "by_owner",
        &[
            (json!("kim"), 3, 1, 1),
            (json!("lee"), 3, 2, 0),
            (Value::Null, 1, 1, 0),
        ],
    );
    // What does not occur is there with 0 where the values are known beforehand.
    for (field, values) in [("by_status", 9), ("by_priority", 4), ("by_severity", 5)] {
        assert_eq!(counts[field].as_array().map(Vec::len), Some(values));
    }
}

async fn durations_of_remediation_are_distributed_as_defined(app: App) {
    let work = Work::done(&app).await;
    let all = asked(&app.admin(), "").await;
    let few = [
        ("age_of_open", 4, 0, 2.0, 5.0, 3.75),
        ("time_to_implement", 2, 5, 1.0, 3.0, 2.0),
        ("time_to_verify", 1, 6, 2.0, 2.0, 2.0),
    ];
    for (number, n, missing, min, max, mean) in few {
        let found = &all[number];
        assert_eq!(
            (&found["n"], &found["n_missing"]),
            (&json!(n), &json!(missing))
        );
        assert_eq!(
            (&found["n_invalid"], &found["n_imprecise"]),
            (&json!(0), &json!(0))
        );
        for (field, days) in [("min", min), ("max", max), ("mean", mean)] {
            close(&found[field], days * DAY);
        }
        assert_eq!(found["low_sample"], true);
        for percentile in ["median", "p75", "p90", "p95"] {
            assert_eq!(found[percentile], Value::Null, "{number} {percentile}");
        }
        assert_eq!(found["definition"]["unit"], "seconds");
        let histogram = found["histogram"].as_array().expect("buckets");
        let sum: u64 = histogram.iter().filter_map(|one| one["n"].as_u64()).sum();
        assert_eq!(sum, n, "{number}");
        let middle = histogram.iter().find(|one| one["from"] == 259_200);
        let middle = middle.expect("a bucket that begins with three days");
        assert_eq!(middle["to"], 604_800, "and ends with seven");
        let expected = match number {
            "age_of_open" => 3,
            "time_to_implement" => 1,
            _ => 0,
        };
        assert_eq!(middle["n"], expected, "{number}");
    }
    let slips = &all["slips_per_action"];
    assert_eq!(
        (&slips["n"], &slips["low_sample"]),
        (&json!(7), &json!(false))
    );
    for (field, changes) in [
        ("median", 0.0),
        ("p75", 0.0),
        ("p90", 0.4),
        ("p95", 0.7),
        ("max", 1.0),
        ("mean", 1.0 / 7.0),
    ] {
        close(&slips[field], changes);
    }

    // A fifth open action is enough for percentiles: ages of 2, 4, 4, 5 days and none at all.
    add(&app, &work.high, "new", json!({ "type": "prevent" })).await;
    let ages = &asked(&app.admin(), "").await["age_of_open"];
    assert_eq!(
        (&ages["n"], &ages["low_sample"]),
        (&json!(5), &json!(false))
    );
    for (field, days) in [("median", 4.0), ("p75", 4.0), ("p90", 4.6), ("p95", 4.8)] {
        close(&ages[field], days * DAY);
    }
}

/// Every number of an answer with its address, wherever in the answer it is.
pub(super) fn numbers<'a>(part: &'a Value, found: &mut Vec<(&'a Value, &'a Value)>) {
    match part {
        Value::Object(fields) => {
            for (number, url) in [
                ("n", "records_url"),
                ("numerator", "records_url"),
                ("denominator", "denominator_url"),
            ] {
                let both = fields.get(number).zip(fields.get(url));
                found.extend(both.filter(|(_, url)| url.is_string()));
            }
            fields.values().for_each(|field| numbers(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        _ => {}
    }
}

async fn every_number_of_remediation_leads_to_its_actions(app: App) {
    Work::done(&app).await;
    let admin = app.admin();
    for query in [
        "group_by=severity",
        "group_by=owner&group_by=type&severity=high",
        "group_by=function&owner=kim&status=open&status=implemented",
        "created_at_from=2026-11-24T12:00:00Z&created_at_to=2026-11-26T12:00:00Z",
        "time_zone=Pacific/Auckland&priority=low",
    ] {
        let all = asked(&admin, query).await;
        let mut found = Vec::new();
        numbers(&all, &mut found);
        assert!(found.len() > 35, "{query}: {}", found.len());
        for (n, url) in found {
            let behind = titles(&admin, url).await;
            assert_eq!(n, behind.len(), "{query}: {url}: {behind:?}");
        }
    }
    // A value that the filter excludes has no list.
    let high = asked(&admin, "severity=high").await;
    let of = |severity: &str| {
        let all = high["counts"]["by_severity"].as_array();
        let one = all.and_then(|all| all.iter().find(|one| one["value"] == severity));
        one.expect("every severity")["records_url"].clone()
    };
    assert_eq!(of("high"), "/api/v1/actions?review_severity=high");
    assert_eq!(of("critical"), Value::Null);
    let all = asked(&admin, "").await;
    for (number, expected) in [
        ("/open", vec!["blocked", "overdue", "proposed", "redone"]),
        ("/overdue", vec!["overdue"]),
        ("/due_in_7_days", vec!["redone"]),
        ("/due_in_30_days", vec!["blocked", "redone"]),
        ("/unowned", vec!["proposed"]),
        ("/time_to_implement", vec!["late", "proven"]),
        ("/time_to_verify", vec!["proven"]),
        ("/completion_rate", vec!["late", "proven"]),
        ("/verified_rate", vec!["proven"]),
        ("/on_time_rate", vec!["proven"]),
        ("/reopened_rate", vec!["redone"]),
        ("/ineffective_rate", vec!["redone"]),
        ("/funnel/2", vec!["late", "proven", "redone"]),
        ("/funnel/3", vec!["proven", "redone"]),
        ("/funnel/4", vec!["proven"]),
        ("/counts/by_owner/0", vec!["late", "overdue", "proven"]),
        ("/counts/by_owner/2", vec!["proposed"]),
    ] {
        let url = all.pointer(&format!("{number}/records_url"));
        let behind = titles(&admin, url.expect("an address")).await;
        assert_eq!(behind, expected, "{number}");
    }
    let url = &all["on_time_rate"]["denominator_url"];
    let behind = titles(&admin, url).await;
    assert_eq!(behind, ["late", "overdue", "proven"], "what was due");
    // Whether something was in time depends on the date, which the list tells in UTC.
    let there = asked(&admin, "time_zone=Pacific/Auckland").await;
    assert_eq!(there["on_time_rate"]["records_url"], Value::Null);
    assert_eq!(
        there["overdue"]["records_url"],
        "/api/v1/actions?status=proposed&status=open&status=in_progress&status=blocked&due_on_to=2026-11-29"
    );
}

/// Each group of an answer: its key, how many actions, and how many of them are open.
fn groups(answer: &Value) -> Vec<(Vec<Value>, Value, Value)> {
    let groups = answer["groups"].as_array().expect("groups").iter();
    let each = groups.map(|group| {
        assert_eq!(group["other"], false);
        let key = group["key"].as_array().expect("a key").iter();
        let key = key.map(|part| part["value"].clone()).collect();
        (key, group["n"].clone(), group["open"]["n"].clone())
    });
    each.collect()
}

async fn actions_are_grouped_by_what_they_have_in_common(app: App) {
    Work::done(&app).await;
    let admin = app.admin();
    for (field, expected) in [
        (
            "severity",
            vec![(json!("high"), 6, 3), (json!("critical"), 1, 1)],
        ),
        ("function", vec![(Value::Null, 4, 3), (json!("it"), 3, 1)]),
        (
            "priority",
            vec![(json!("low"), 6, 3), (json!("critical"), 1, 1)],
        ),
        (
            "owner",
            vec![
                (json!("kim"), 3, 1),
                (json!("lee"), 3, 2),
                (Value::Null, 1, 1),
            ],
        ),
    ] {
        let answer = asked(&admin, &format!("group_by={field}")).await;
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(value, n, open)| (vec![value], json!(n), json!(open)))
            .collect();
        assert_eq!(groups(&answer), expected, "{field}");
        assert_eq!(answer["groups"][0]["key"][0]["field"], field);
        assert_eq!(
            (&answer["group_by"], &answer["n"]),
            (&json!([field]), &json!(7))
        );
    }
    let both = asked(&admin, "group_by=severity&group_by=owner").await;
    let mut found: Vec<_> = groups(&both)
        .into_iter()
        .map(|one| (one.0, one.1))
        .collect();
    found.sort_by_key(|one| format!("{:?}", one.0));
    let expected = [
        (vec![json!("critical"), json!("lee")], json!(1)),
        (vec![json!("high"), json!("kim")], json!(3)),
        (vec![json!("high"), json!("lee")], json!(2)),
        (vec![json!("high"), Value::Null], json!(1)),
    ];
    let mut expected = expected.to_vec();
    expected.sort_by_key(|one| format!("{:?}", one.0));
    assert_eq!(found, expected);
    assert_eq!(asked(&admin, "").await.get("groups"), None);
}

async fn actions_are_filtered_before_they_are_counted(app: App) {
    let work = Work::done(&app).await;
    let admin = app.admin();
    let (of_high, of_both) = (
        format!("review_id={}", work.high.id),
        format!("review_id={}&review_id={}", work.high.id, work.critical.id),
    );
    for (query, n, open) in [
        ("severity=high", 6, 3),
        ("severity=high&severity=critical", 7, 4),
        ("severity=low", 0, 0),
        ("type=detect", 2, 1),
        ("priority=critical", 1, 1),
        ("owner=lee", 3, 2),
        ("owner=Lee", 0, 0),
        ("function=it", 3, 1),
        ("function=legal", 0, 0),
        ("status=open&status=declined", 2, 1),
        ("owner=lee&type=detect", 1, 0),
        (of_high.as_str(), 6, 3),
        (of_both.as_str(), 7, 4),
        ("created_at_from=2026-11-24T12:00:00Z", 4, 3),
        ("created_at_from=2026-11-24T12:00:00.000001Z", 2, 1),
        ("created_at_to=2026-11-24T12:00:00Z", 3, 1),
        (
            "created_at_from=2026-11-25T00:00:00Z&created_at_to=2026-11-25T00:00:00Z",
            0,
            0,
        ),
    ] {
        let found = asked(&admin, query).await;
        assert_eq!(
            (&found["n"], &found["open"]["n"]),
            (&json!(n), &json!(open)),
            "{query}"
        );
    }
    let none = asked(&admin, "severity=low").await;
    assert_eq!(none["completion_rate"]["value"], Value::Null);
    assert_eq!(none["age_of_open"]["mean"], Value::Null);
    let filters = &asked(&admin, "owner=lee&type=detect").await["filters"];
    assert_eq!(filters, &json!({ "owner": ["lee"], "type": ["detect"] }));
}

async fn actions_that_do_not_exist_for_the_caller_are_not_counted(app: App) {
    let work = Work::done(&app).await;
    let theirs = json!({ "title": "Elsewhere", "severity": "high" });
    let theirs = app.stranger().post("/api/v1/reviews", &theirs).await;
    let path = format!("/api/v1/reviews/{}/actions", theirs.expect(201).id());
    let action = json!({ "title": "Elsewhere", "type": "prevent" });
    app.stranger().post(path, &action).await.expect(201);
    let restricted = format!("review_id={}", work.critical.id);
    for (who, query, n) in [
        (app.admin(), "", 7),
        (app.reader(), "", 6),
        (app.reader(), "severity=critical", 0),
        (app.reader(), restricted.as_str(), 0),
        (app.stranger(), "", 1),
        (app.stranger(), restricted.as_str(), 0),
    ] {
        let found = asked(&who, &format!("{query}&interval=day")).await;
        assert_eq!(found["n"], n, "{query}");
        let last = points(&found).last().map(|point| point[1].clone());
        assert_eq!(last, Some(json!(n)), "{query}");
    }
    let owners = asked(&app.reader(), "").await["counts"]["by_owner"].clone();
    assert_eq!(counted(&owners)[1], (json!("lee"), 2, 1, 0));
    // A participant of a restricted review is one of its members.
    let me = app.reader().get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": "Reader", "function": "audit", "subject": me["subject"] });
    let added = app
        .admin()
        .post(work.critical.path("/participants"), &person);
    added.await.expect(201);
    assert_eq!(asked(&app.reader(), "").await["n"], 7);
}

async fn a_wrong_question_about_remediation_names_its_parameter(app: App) {
    for (query, place) in [
        ("time_zone=Europe/Atlantis", "time_zone"),
        ("time_zone=", "time_zone"),
        ("interval=fortnight", "interval"),
        ("interval=day&series_from=2000-01-01T00:00:00Z", "interval"),
        ("interval=day&series_from=2026-11-23T12:00:01Z", "as_of"),
        (
            "interval=day&series_from=2026-11-02T00:00:00Z&as_of=2026-11-01T00:00:00Z",
            "as_of",
        ),
        ("as_of=2026-11-23T12:00:01Z", "as_of"),
        ("as_of=yesterday", "as_of"),
        (
            "created_at_from=2026-11-02T00:00:00Z&created_at_to=2026-11-01T00:00:00Z",
            "created_at_to",
        ),
        ("group_by=colour", "group_by"),
        ("status=finished", "status"),
        ("colour=red", "colour"),
    ] {
        let reply = app.reader().get(format!("{REMEDIATION}?{query}")).await;
        let found = reply.problem(400, "invalid_parameter").faults();
        let found: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(found, [place], "{query}");
    }
}
