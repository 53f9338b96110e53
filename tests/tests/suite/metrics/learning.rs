//! Learning: what recurred, how far the earlier review's actions had come, and what helped.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::close;
use super::work::{add, judged, reported};

both_databases!(
    the_numbers_of_learning_are_those_worked_out_by_hand,
    every_number_of_learning_leads_to_its_cases,
    a_case_says_what_it_shares_with_which_review,
    cases_are_filtered_before_they_are_counted,
    cases_are_grouped_by_what_they_have_in_common,
    cases_are_counted_by_bucket,
    learning_knows_only_what_exists_for_the_caller,
    what_measures_last_showed_is_counted,
    a_wrong_question_about_learning_names_its_parameter,
);

const LEARNING: &str = "/api/v1/metrics/learning";

async fn asked(client: &Client, query: &str) -> Value {
    client
        .get(format!("{LEARNING}?{query}"))
        .await
        .expect(200)
        .json()
}

async fn records(client: &Client, query: &str) -> Vec<Value> {
    client.all(&format!("{LEARNING}/records?{query}"), 2).await
}

fn titles(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|one| one["title"].as_str().expect("a title"))
        .collect()
}

/// An incident that was detected at a moment, in a review of its own.
async fn reviewed(app: &App, title: &str, at: &str, own: Value, of_review: Value) -> Review {
    let mut body = incident();
    body["title"] = json!(title);
    body["timestamps"] = json!({ "detected": { "at": at } });
    for (name, value) in own.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let made = app
        .admin()
        .post("/api/v1/incidents", &body)
        .await
        .expect(201);
    let mut own = of_review;
    own["title"] = json!(format!("review of {title}"));
    own["incident_ids"] = json!([made.id()]);
    a_review_with(app, own).await
}

fn root_cause() -> Value {
    json!({ "kind": "root_cause", "statement": "x", "cause_category": "process_failure" })
}

fn gap(control: Option<&str>) -> Value {
    let mut gap = json!({ "kind": "gap", "statement": "x", "gap_category": "detection_logging" });
    if let Some(id) = control {
        gap["control"] = json!({ "id": id, "function": "detective", "state": "not_monitored" });
    }
    gap["no_recommendation_reason"] = json!("x");
    gap
}

/// Five incidents and an exercise, one after the other; the last on 2026-12-08.
struct Weaknesses {
    first: Review,
    third: Review,
}

impl Weaknesses {
    async fn recurred(app: &App) -> Self {
        let techniques = json!({ "attack_techniques": ["T1566.001"] });
        let first = reviewed(app, "first", "2026-11-20T12:00:00Z", techniques, json!({})).await;
        first.record(&gap(Some("A.8.15"))).await;
        first.record(&root_cause()).await;
        let action = add(
            app,
            &first,
            "watch",
            json!({ "type": "detect", "due_on": "2026-12-01" }),
        )
        .await;
        let owned = json!({ "owner": { "name": "Kim" }, "closure_criteria": "x" });
        let tag = app.admin().get(&action).await.etag();
        app.admin()
            .patch(&action, &owned)
            .if_match(&tag)
            .await
            .expect(200);
        let first = first.published().await;
        let second = reviewed(app, "second", "2026-11-21T12:00:00Z", json!({}), json!({})).await;
        let factor = json!({
            "kind": "contributing_factor", "statement": "x", "cause_category": "system_failure",
            "factor_area": "technology", "attack_techniques": ["T1486"],
        });
        second.record(&factor).await;
        let test = json!({ "category": "test" });
        let test = reviewed(app, "test", "2026-11-21T12:00:00Z", test, json!({})).await;
        test.record(&gap(None)).await;

        app.wait(Duration::days(5));
        let third = reviewed(app, "third", "2026-11-28T12:00:00Z", json!({}), json!({})).await;
        third.record(&gap(None)).await;
        let proven = add(app, &third, "prove", json!({ "type": "detect" })).await;

        app.wait(Duration::days(5));
        let quick = json!({
            "attack_techniques": ["T1486"], "severity": "critical", "tags": ["vpn", "mail"],
            "category": "intrusion",
        });
        let fourth = reviewed(app, "fourth", "2026-12-03T12:00:00Z", quick, json!({})).await;
        fourth.record(&root_cause()).await;
        let bypassed = json!({ "id": "a.8.15", "function": "detective", "state": "bypassed" });
        let near = json!({ "kind": "near_miss", "statement": "x", "control": bypassed });
        fourth.record(&near).await;

        app.wait(Duration::days(1));
        for action in [&action, &proven] {
            reported(app, action, "implemented").await;
            judged(app, action, "effective").await;
        }
        app.wait(Duration::days(4));
        let own =
            json!({ "title": "exercise", "kind": "exercise", "severity": "low", "tags": ["vpn"] });
        a_review_with(app, own).await.record(&gap(None)).await;
        reviewed(app, "fifth", "2026-12-08T11:00:00Z", json!({}), json!({})).await;
        Self { first, third }
    }
}

async fn the_numbers_of_learning_are_those_worked_out_by_hand(app: App) {
    Weaknesses::recurred(&app).await;
    let all = asked(&app.reader(), "").await;
    for (field, expected) in [
        ("as_of", json!("2026-12-08T12:00:00Z")),
        ("n", json!(6)),
        ("n_incidents", json!(5)),
        ("n_test_excluded", json!(1)),
        ("n_missing", json!(1)),
        ("filters", json!({})),
    ] {
        assert_eq!(all[field], expected, "{field}");
    }
    assert_eq!(
        (&all["cases"]["n"], all.get("series"), all.get("groups")),
        (&json!(6), None, None)
    );
    for (rate, part) in [("recurrence_rate", 3), ("after_publication_rate", 1)] {
        let found = &all[rate];
        assert_eq!(
            (&found["numerator"], &found["denominator"]),
            (&json!(part), &json!(5)),
            "{rate}"
        );
        close(&found["value"], f64::from(part) / 5.0);
        assert_eq!(found["definition"]["name"], rate);
        assert_eq!(found["definition"]["unit"], "ratio");
    }
    let standings: Vec<_> = all["by_standing"]
        .as_array()
        .expect("standings")
        .iter()
        .collect();
    let standings: Vec<_> = standings
        .iter()
        .map(|one| (one["standing"].clone(), one["n"].clone()))
        .collect();
    let expected = [
        ("none", 1),
        ("overdue", 0),
        ("open", 1),
        ("implemented", 0),
        ("verified", 1),
        ("ended", 0),
    ];
    assert_eq!(standings, expected.map(|(name, n)| (json!(name), json!(n))));
    let by_trait = all["by_trait"].as_array().expect("traits");
    let of = |one: &Value| {
        let rate = &one["recurrence_rate"];
        (
            one["trait"].clone(),
            rate["numerator"].clone(),
            rate["denominator"].clone(),
        )
    };
    let found: Vec<_> = by_trait.iter().map(of).collect();
    let expected = [
        ("root_cause", 1, 2),
        ("factor", 0, 1),
        ("gap", 2, 3),
        ("control", 1, 2),
        ("technique", 1, 3),
    ];
    assert_eq!(
        found,
        expected.map(|(name, part, whole)| (json!(name), json!(part), json!(whole)))
    );
    let values: Vec<_> = by_trait[2]["values"]
        .as_array()
        .expect("values")
        .iter()
        .collect();
    assert_eq!(values.len(), 1);
    assert_eq!(
        (&values[0]["value"], &values[0]["n"]),
        (&json!("detection_logging"), &json!(2))
    );
    assert_eq!(
        by_trait[3]["values"][0]["value"], "A.8.15",
        "as it was written first"
    );
    // Eight days after the first, twelve after the second, ten after the third.
    let times = &all["time_to_recurrence"];
    assert_eq!(
        (&times["n"], &times["low_sample"]),
        (&json!(3), &json!(true))
    );
    assert_eq!(
        (&times["min"], &times["max"]),
        (&json!(8 * 86_400), &json!(12 * 86_400))
    );
    close(&times["mean"], 10.0 * 86_400.0);
}

/// Every number of an answer with its address, wherever in the answer it is.
fn numbers<'a>(part: &'a Value, found: &mut Vec<(&'a Value, &'a str)>) {
    match part {
        Value::Object(fields) => {
            let n = fields.get("numerator").or_else(|| fields.get("n"));
            let url = fields.get("records_url").and_then(Value::as_str);
            found.extend(n.zip(url).filter(|(_, url)| url.starts_with(LEARNING)));
            let whole = fields.get("denominator");
            let url = fields.get("denominator_url").and_then(Value::as_str);
            found.extend(whole.zip(url));
            fields.values().for_each(|field| numbers(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        _ => {}
    }
}

async fn every_number_of_learning_leads_to_its_cases(app: App) {
    Weaknesses::recurred(&app).await;
    let reader = app.reader();
    for query in [
        "group_by=severity",
        "group_by=tag&group_by=category",
        "trait=gap&trait=technique&time_zone=Pacific/Auckland",
        "from=2026-11-28T12:00:00Z&to=2026-12-08T12:00:00Z&tag=vpn&group_by=tag",
        "subject=incident",
    ] {
        let all = asked(&reader, query).await;
        let mut found = Vec::new();
        numbers(&all, &mut found);
        assert!(found.len() > 10, "{query}: {}", found.len());
        for (n, url) in found {
            assert_eq!(*n, reader.all(url, 2).await.len(), "{query}: {url}");
        }
    }
}

async fn a_case_says_what_it_shares_with_which_review(app: App) {
    let world = Weaknesses::recurred(&app).await;
    let all = records(&app.reader(), "").await;
    assert_eq!(
        titles(&all),
        ["exercise", "fifth", "fourth", "third", "second", "first"]
    );
    let recurred = records(&app.reader(), "recurrent=true").await;
    assert_eq!(titles(&recurred), ["exercise", "fourth", "third"]);
    let missing = records(&app.reader(), "known=false").await;
    assert_eq!(titles(&missing), ["fifth"]);
    let fourth = &recurred[1];
    assert_eq!(
        (&fourth["subject"], &fourth["category"]),
        (&json!("incident"), &json!("intrusion"))
    );
    // The second was reviewed latest among those that share something, and had no action.
    assert_eq!(
        (&fourth["standing"], &fourth["after_publication"]),
        (&json!("none"), &json!(false))
    );
    let shared = fourth["shared"].as_array().expect("traits");
    let brief: Vec<_> = shared
        .iter()
        .map(|one| {
            (
                one["trait"].as_str().expect("a kind"),
                one["review_title"].as_str().expect("a title"),
                one["standing"].as_str().expect("a word"),
            )
        })
        .collect();
    let expected = [
        ("root_cause", "review of first", "overdue"),
        ("control", "review of first", "overdue"),
        ("technique", "review of second", "none"),
    ];
    assert_eq!(brief, expected);
    let first = &shared[0];
    assert_eq!(first["review_id"], world.first.id);
    assert_eq!(
        (&first["began_at"], &first["published_at"]),
        (
            &json!("2026-11-20T12:00:00Z"),
            &json!("2026-11-23T12:00:00Z")
        )
    );
    assert_eq!(first["published_by_then"], true);
    let actions =
        json!({ "total": 1, "open": 1, "overdue": 1, "implemented": 0, "verified": 0, "ended": 0 });
    assert_eq!(first["actions"], actions);
    let exercise = &recurred[0];
    assert_eq!(
        (&exercise["subject"], &exercise["incident_id"]),
        (&json!("review"), &Value::Null)
    );
    assert_eq!(exercise["standing"], "verified");
    assert_eq!(exercise["shared"][0]["review_id"], world.third.id);
    assert_eq!(
        exercise["shared"][0]["n_earlier"], 2,
        "of a test nothing is learned that could recur"
    );
    for (query, expected) in [
        ("standing=verified&standing=open", vec!["exercise", "third"]),
        ("standing=overdue", vec![]),
        ("standing=overdue&trait=control", vec!["fourth"]),
        ("after_publication=true", vec!["third"]),
        ("after_publication=false", vec!["exercise", "fourth"]),
        ("value=DETECTION_LOGGING", vec!["exercise", "third"]),
        ("value=t1486&value=A.8.15", vec!["fourth"]),
        ("recurrent=false&known=true", vec!["second", "first"]),
    ] {
        assert_eq!(
            titles(&records(&app.reader(), query).await),
            expected,
            "{query}"
        );
    }
}

async fn cases_are_filtered_before_they_are_counted(app: App) {
    Weaknesses::recurred(&app).await;
    for (query, n, recurred) in [
        ("severity=critical", 1, 1),
        ("severity=critical&severity=low", 2, 2),
        ("category=intrusion", 1, 1),
        ("tag=vpn", 2, 2),
        ("tag=mail", 1, 1),
        ("tagged=false", 4, 1),
        ("subject=review", 1, 1),
        ("subject=incident", 5, 2),
        ("from=2026-11-28T12:00:00Z", 4, 3),
        ("from=2026-11-28T12:00:00.000001Z", 3, 2),
        ("to=2026-11-28T12:00:00Z", 2, 0),
        ("trait=factor", 6, 0),
        ("trait=gap", 6, 2),
        ("trait=root_cause&trait=control", 6, 1),
    ] {
        let found = asked(&app.reader(), query).await;
        let numbers = (&found["n"], &found["recurrence_rate"]["numerator"]);
        assert_eq!(numbers, (&json!(n), &json!(recurred)), "{query}");
    }
    let gaps = asked(&app.reader(), "trait=gap").await;
    assert_eq!(gaps["n_missing"], 3);
    assert_eq!(gaps["by_trait"].as_array().map(Vec::len), Some(1));
    assert_eq!(gaps["filters"], json!({ "trait": ["gap"] }));
    assert_eq!(
        asked(&app.reader(), "severity=medium").await["recurrence_rate"]["value"],
        Value::Null
    );
}

async fn cases_are_grouped_by_what_they_have_in_common(app: App) {
    Weaknesses::recurred(&app).await;
    for (query, expected) in [
        (
            "group_by=severity",
            vec![
                (vec![json!("high")], 4, 1),
                (vec![json!("critical")], 1, 1),
                (vec![json!("low")], 1, 1),
            ],
        ),
        (
            "group_by=tag",
            vec![
                (vec![Value::Null], 4, 1),
                (vec![json!("vpn")], 2, 2),
                (vec![json!("mail")], 1, 1),
            ],
        ),
        ("group_by=tag&tag=mail", vec![(vec![json!("mail")], 1, 1)]),
    ] {
        let answer = asked(&app.reader(), query).await;
        let groups = answer["groups"].as_array().expect("groups").iter();
        let found: Vec<_> = groups
            .map(|group| {
                let key = group["key"].as_array().expect("a key").iter();
                let key: Vec<Value> = key.map(|part| part["value"].clone()).collect();
                (
                    key,
                    group["cases"]["n"].clone(),
                    group["recurrence_rate"]["numerator"].clone(),
                )
            })
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(key, n, part)| (key, json!(n), json!(part)))
            .collect();
        assert_eq!(found, expected, "{query}");
    }
    let by_category = asked(&app.reader(), "group_by=category").await;
    let reviews = by_category["groups"].as_array().expect("groups");
    let reviews = reviews
        .iter()
        .find(|one| one["key"][0]["value"].is_null())
        .expect("one");
    assert_eq!(
        reviews["cases"]["records_url"],
        "/api/v1/metrics/learning/records?subject=review"
    );
}

async fn cases_are_counted_by_bucket(app: App) {
    Weaknesses::recurred(&app).await;
    let all = asked(&app.reader(), "interval=week&time_zone=Europe/Dublin").await;
    let series = all["series"].as_array().expect("a series").iter();
    let fields = [
        "date",
        "n",
        "n_missing",
        "n_recurrent",
        "n_after_publication",
        "partial",
    ];
    let found: Vec<Value> = series
        .map(|point| fields.iter().map(|field| point[field].clone()).collect())
        .collect();
    let expected = [
        json!(["2026-11-16", 2, 0, 0, 0, false]),
        json!(["2026-11-23", 1, 0, 1, 1, false]),
        json!(["2026-11-30", 1, 0, 1, 0, false]),
        json!(["2026-12-07", 2, 1, 1, 0, true]),
    ];
    assert_eq!(found, expected);
    assert_eq!(all["series"][0]["recurrence_rate"], 0.0);
    let one = asked(
        &app.reader(),
        "interval=quarter&from=2027-01-01T00:00:00Z&to=2027-04-01T00:00:00Z",
    )
    .await;
    assert_eq!(
        one["series"][0]["recurrence_rate"],
        Value::Null,
        "an empty bucket is present"
    );
}

async fn learning_knows_only_what_exists_for_the_caller(app: App) {
    let quiet = json!({ "visibility": "restricted" });
    let hidden = reviewed(&app, "hidden", "2026-11-20T12:00:00Z", json!({}), quiet).await;
    hidden.record(&gap(None)).await;
    let open = reviewed(&app, "open", "2026-11-21T12:00:00Z", json!({}), json!({})).await;
    open.record(&gap(None)).await;
    let all = asked(&app.admin(), "").await;
    assert_eq!(
        (&all["n"], &all["recurrence_rate"]["numerator"]),
        (&json!(2), &json!(1))
    );
    let some = asked(&app.reader(), "").await;
    assert_eq!(
        (&some["n"], &some["recurrence_rate"]["numerator"]),
        (&json!(1), &json!(0))
    );
    assert!(
        !json!(records(&app.reader(), "").await)
            .to_string()
            .contains("hidden")
    );
    assert_eq!(asked(&app.stranger(), "").await["n"], 0);
    assert!(records(&app.stranger(), "").await.is_empty());
}

async fn what_measures_last_showed_is_counted(app: App) {
    let review = a_review_with(&app, json!({})).await;
    let path = review.path("/improvement-measures");
    let body = debrief_tests::world::measure();
    for _ in 0..2 {
        let made = app.admin().post(&path, &body).await.expect(201);
        let path = format!("{path}/{}/evaluate", made.id());
        let call = app.admin().call(reqwest::Method::POST, path);
        call.if_match("\"1\"").await.expect(201);
    }
    app.admin().post(&path, &body).await.expect(201);
    let effects = asked(&app.reader(), "severity=critical").await["effects"].clone();
    let by_verdict = effects["by_verdict"].as_array().expect("verdicts");
    let found: Vec<_> = by_verdict
        .iter()
        .map(|one| (one["verdict"].clone(), one["n"].clone()))
        .collect();
    let expected = [
        ("improved", 0),
        ("no_change", 0),
        ("worse", 0),
        ("inconclusive", 2),
    ];
    assert_eq!(found, expected.map(|(name, n)| (json!(name), json!(n))));
    let url = by_verdict[3]["records_url"].as_str().expect("an address");
    assert_eq!(app.reader().all(url, 1).await.len(), 2);
}

async fn a_wrong_question_about_learning_names_its_parameter(app: App) {
    Weaknesses::recurred(&app).await;
    for (query, parameter, code) in [
        ("time_zone=Mars/Olympus", "time_zone", "unknown_time_zone"),
        (
            "from=2026-12-01T00:00:00Z&to=2026-11-01T00:00:00Z",
            "to",
            "before_from",
        ),
        (
            "interval=day&from=2020-01-01T00:00:00Z",
            "interval",
            "too_many_buckets",
        ),
    ] {
        let reply = app.reader().get(format!("{LEARNING}?{query}")).await;
        let faults = reply.problem(400, "invalid_parameter").faults();
        assert_eq!(faults, [(parameter.to_owned(), code.to_owned())], "{query}");
    }
    let path = format!("{LEARNING}/records");
    app.reader()
        .get(format!("{path}?trait=mood"))
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
        .get(format!("{path}?limit=2&recurrent=true&cursor={cursor}"))
        .await;
    other.problem(400, "invalid_cursor");
}
