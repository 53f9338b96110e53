//! Lists of actions: each filter and order, across reviews, and what is appended to one.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    actions_are_listed_by_what_became_of_them,
    actions_are_listed_by_who_owns_them_and_what_they_are_for,
    actions_are_ordered_by_each_field_and_paged,
    actions_across_reviews_are_those_that_exist_for_the_caller,
    unfinished_actions_are_ranked_within_their_review,
    changes_of_a_due_date_are_listed_with_who_and_why,
    progress_and_verifications_are_listed_in_order,
);

const ACTIONS: &str = "/api/v1/actions";

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

async fn add(app: &App, review: &Review, title: &str, fields: Value) -> String {
    let mut body = fields;
    body["title"] = json!(title);
    if body.get("type").is_none() {
        body["type"] = json!("prevent");
    }
    let made = app.admin().post(review.path("/actions"), &body).await;
    review.path(&format!("/actions/{}", made.expect(201).id()))
}

async fn reported(app: &App, action: &str, status: &str) {
    let report = json!({ "status": status });
    let call = app.admin().post(format!("{action}/progress"), &report);
    call.await.expect(201);
}

async fn stepped(app: &App, action: &str, step: &str, body: &Value) {
    let tag = app.admin().get(action).await.expect(200).etag();
    let call = app.admin().post(format!("{action}/{step}"), body);
    let reply = call.if_match(&tag).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
}

async fn judged(app: &App, action: &str, result: &str) {
    let by = json!({ "name": "Ada", "subject": "ada" });
    let body = json!({ "method": "retest", "result": result, "verified_by": by });
    stepped(app, action, "verifications", &body).await;
}

/// The titles of a list in its order, page by page.
async fn listed(client: &Client, path: &str) -> Vec<String> {
    let found = client.all(path, 2).await;
    let title = |one: &Value| one["title"].as_str().expect("a title").to_owned();
    found.iter().map(title).collect()
}

async fn are(client: &Client, query: &str, expected: &[&str]) {
    let mut found = listed(client, &format!("{ACTIONS}?{query}")).await;
    found.sort();
    assert_eq!(found, expected, "{query}");
}

#[expect(clippy::too_many_lines, reason = "one table of cases")]
async fn actions_are_listed_by_what_became_of_them(app: App) {
    let review = a_review(&app).await;
    let due = |due: &str| json!({ "due_on": due });
    // It is the 23rd of November, noon.
    let today = add(&app, &review, "today", due("2026-11-23")).await;
    let early = add(&app, &review, "early", due("2026-12-24")).await;
    let dropped = add(&app, &review, "dropped", due("2026-11-20")).await;
    add(&app, &review, "overdue", due("2026-11-22")).await;
    add(&app, &review, "undated", json!({})).await;
    add(&app, &review, "proposed", json!({ "status": "proposed" })).await;
    let late = add(&app, &review, "late", due("2026-11-22")).await;
    let redone = add(&app, &review, "redone", due("2026-12-24")).await;
    for action in [&early, &redone] {
        reported(&app, action, "implemented").await;
    }
    stepped(&app, &dropped, "cancel", &json!({ "reason": "x" })).await;
    app.wait(Duration::hours(11) + Duration::minutes(59));
    let evening = app.now();
    reported(&app, &today, "implemented").await;
    reported(&app, &late, "implemented").await;
    judged(&app, &early, "effective").await;
    judged(&app, &redone, "ineffective").await;
    app.wait(Duration::minutes(2));
    let reader = app.reader();
    let evening = text(evening).replace(':', "%3A");
    let from = |field: &str| format!("{field}_from={evening}");
    let to = |field: &str| format!("{field}_to={evening}");
    for (query, expected) in [
        (
            "unfinished=true",
            vec!["overdue", "proposed", "redone", "undated"],
        ),
        (
            "unfinished=false",
            vec!["dropped", "early", "late", "today"],
        ),
        ("overdue=true", vec!["overdue"]),
        ("timeliness=on_time", vec!["early", "today"]),
        ("timeliness=late", vec!["late"]),
        ("timeliness=overdue", vec!["overdue"]),
        (
            "timeliness=late&timeliness=overdue",
            vec!["late", "overdue"],
        ),
        (
            "reached=proposed",
            vec![
                "dropped", "early", "late", "overdue", "proposed", "redone", "today", "undated",
            ],
        ),
        (
            "reached=accepted",
            vec![
                "dropped", "early", "late", "overdue", "redone", "today", "undated",
            ],
        ),
        (
            "reached=implemented",
            vec!["early", "late", "redone", "today"],
        ),
        ("reached=verified", vec!["early", "redone"]),
        ("reached=effective", vec!["early"]),
        ("once_done=true", vec!["early", "late", "redone", "today"]),
        (
            "once_done=false",
            vec!["dropped", "overdue", "proposed", "undated"],
        ),
        ("reopened=true", vec!["redone"]),
        ("ineffective=true", vec!["redone"]),
        (
            "ineffective=false&status=implemented",
            vec!["late", "today"],
        ),
        (&from("implemented_at"), vec!["late", "today"]),
        (&to("implemented_at"), vec!["early"]),
        (&from("verified_at"), vec!["early"]),
        (&to("verified_at"), vec![]),
        (
            &from("updated_at"),
            vec!["early", "late", "redone", "today"],
        ),
        (
            "due_on_from=2026-11-22&due_on_to=2026-11-24",
            vec!["late", "overdue", "today"],
        ),
    ] {
        are(&reader, query, &expected).await;
        // The list of the review takes the same filters.
        let mut own = listed(&reader, &review.path(&format!("/actions?{query}"))).await;
        own.sort();
        assert_eq!(own, expected, "{query}");
    }
    // Taken up again by hand, it was done once, and nobody found it ineffective.
    stepped(&app, &late, "reopen", &json!({ "reason": "x" })).await;
    are(
        &reader,
        "once_done=true&reached=implemented",
        &["early", "redone", "today"],
    )
    .await;
    are(
        &reader,
        "once_done=true&unfinished=true",
        &["late", "redone"],
    )
    .await;
    for (query, place) in [
        ("reached=late", "reached"),
        ("timeliness=early", "timeliness"),
        ("unfinished=perhaps", "unfinished"),
        ("verified_at_from=soon", "verified_at_from"),
    ] {
        let reply = reader.get(format!("{ACTIONS}?{query}")).await;
        let found = reply.problem(400, "invalid_parameter").faults();
        assert_eq!(found[0].0, place, "{query}");
    }
}

async fn actions_are_listed_by_who_owns_them_and_what_they_are_for(app: App) {
    let review = a_review(&app).await;
    let kim = review.join("Kim", "it").await;
    let gap =
        json!({ "kind": "gap", "statement": "Nobody owns alerts", "gap_category": "procedure" });
    let finding = review.record(&gap).await.id();
    for (title, fields) in [
        (
            "of Kim",
            json!({ "owner": { "participant_id": kim }, "type": "detect", "tags": ["vpn", "mfa"], "description": "Own each alert" }),
        ),
        (
            "of Lee",
            json!({ "owner": { "name": "Lee", "subject": "lee" }, "finding_ids": [finding], "tags": ["vpn"] }),
        ),
        (
            "of the night shift",
            json!({ "owner": { "name": "Night shift" }, "closure_criteria": "each ALERT has an owner" }),
        ),
        ("of nobody", json!({ "type": "training" })),
    ] {
        add(&app, &review, title, fields).await;
    }
    let reader = app.reader();
    let of_kim = format!("owner_participant_id={kim}");
    let answering = format!("finding_id={finding}");
    for (query, expected) in [
        ("owner=lee", vec!["of Lee"]),
        (
            "owner=Night%20shift&owner=lee",
            vec!["of Lee", "of the night shift"],
        ),
        (of_kim.as_str(), vec!["of Kim"]),
        ("owner_function=it", vec!["of Kim"]),
        ("owner_function=legal", vec![]),
        ("with_owner_function=true", vec!["of Kim"]),
        (
            "with_owner_function=false&unowned=false",
            vec!["of Lee", "of the night shift"],
        ),
        ("unowned=true", vec!["of nobody"]),
        ("type=detect&type=training", vec!["of Kim", "of nobody"]),
        ("tag=mfa", vec!["of Kim"]),
        ("tag=vpn", vec!["of Kim", "of Lee"]),
        (answering.as_str(), vec!["of Lee"]),
        ("q=alert%20each", vec!["of Kim", "of the night shift"]),
        ("q=alert&type=detect", vec!["of Kim"]),
    ] {
        are(&reader, query, &expected).await;
    }
}

async fn actions_are_ordered_by_each_field_and_paged(app: App) {
    let review = a_review(&app).await;
    for (title, due, risk) in [
        ("b", Some("2026-12-03"), 5),
        ("a", None, 20),
        ("d", Some("2026-12-01"), 10),
        ("c", Some("2026-12-03"), 1),
    ] {
        app.wait(Duration::minutes(1));
        let fields = json!({ "due_on": due, "priority_inputs": { "risk": risk } });
        add(&app, &review, title, fields).await;
    }
    app.wait(Duration::minutes(1));
    let path = listed_path(&app, "a").await;
    let tag = app.admin().get(&path).await.expect(200).etag();
    let change = json!({ "description": "more" });
    let call = app.admin().patch(&path, &change).if_match(&tag);
    call.await.expect(200);
    for (sort, expected) in [
        ("created_at", ["b", "a", "d", "c"]),
        ("-created_at", ["c", "d", "a", "b"]),
        ("updated_at", ["b", "d", "c", "a"]),
        ("-updated_at", ["a", "c", "d", "b"]),
        // The one that nobody gave a date has the one that the policy asks for.
        ("due_on", ["d", "b", "c", "a"]),
        ("-due_on", ["a", "c", "b", "d"]),
        ("priority_score", ["c", "b", "d", "a"]),
        ("-priority_score", ["a", "d", "b", "c"]),
    ] {
        for list in [ACTIONS.to_owned(), review.path("/actions")] {
            let found = listed(&app.reader(), &format!("{list}?sort={sort}")).await;
            assert_eq!(found, expected, "{sort}");
        }
    }
    let found = listed(&app.reader(), ACTIONS).await;
    assert_eq!(found, ["c", "d", "a", "b"], "the newest first");
    let unknown = app.reader().get(format!("{ACTIONS}?sort=title")).await;
    let faults = unknown.problem(400, "invalid_parameter").faults();
    assert_eq!(faults[0].0, "sort");
}

async fn listed_path(app: &App, title: &str) -> String {
    let all = app.admin().all(ACTIONS, 200).await;
    let found = all.iter().find(|one| one["title"] == title);
    let found = found.expect("it is there");
    let (review, id) = (&found["review_id"], &found["id"]);
    let [review, id] = [review, id].map(|id| id.as_str().expect("an id"));
    format!("/api/v1/reviews/{review}/actions/{id}")
}

async fn actions_across_reviews_are_those_that_exist_for_the_caller(app: App) {
    let open = a_review(&app).await;
    let quiet = json!({ "visibility": "restricted", "severity": "critical", "tags": ["quiet"] });
    let quiet = a_review_with(&app, quiet).await;
    add(&app, &open, "open", json!({})).await;
    let hidden = add(&app, &quiet, "hidden", json!({})).await;
    let theirs = json!({ "title": "Elsewhere", "severity": "critical" });
    let theirs = app.stranger().post("/api/v1/reviews", &theirs).await;
    let path = format!("/api/v1/reviews/{}/actions", theirs.expect(201).id());
    let action = json!({ "title": "elsewhere", "type": "prevent" });
    app.stranger().post(path, &action).await.expect(201);
    let of_quiet = format!("review_id={}", quiet.id);
    let of_both = format!("{of_quiet}&review_id={}", open.id);
    let everybody: &[(Client, &[&str])] = &[
        (app.admin(), &["hidden", "open"]),
        (app.reader(), &["open"]),
        (app.facilitator(), &["open"]),
        (app.stranger(), &["elsewhere"]),
    ];
    for (client, expected) in everybody {
        are(client, "", expected).await;
        let sees = |title: &str| expected.contains(&title);
        let hidden_only: &[&str] = if sees("hidden") { &["hidden"] } else { &[] };
        for query in [of_quiet.as_str(), "review_tag=quiet", "q=hidden"] {
            are(client, query, hidden_only).await;
        }
        let of_ours: &[&str] = if sees("elsewhere") { &[] } else { expected };
        are(client, &of_both, of_ours).await;
    }
    are(&app.stranger(), "review_severity=critical", &["elsewhere"]).await;
    are(&app.admin(), "review_severity=critical", &["hidden"]).await;
    are(&app.admin(), "review_tagged=false", &["open"]).await;
    // Below the review it is as if it were not there.
    for path in [
        hidden.clone(),
        quiet.path("/actions"),
        format!("{hidden}/progress"),
    ] {
        app.reader().get(path).await.problem(404, "not_found");
    }
    // Whoever takes part in the review sees its actions.
    let me = app.reader().get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": "Reader", "function": "audit", "subject": me["subject"] });
    quiet.join_as(&person).await;
    are(&app.reader(), "", &["hidden", "open"]).await;
    are(&app.reader(), "review_tag=quiet", &["hidden"]).await;
}

async fn unfinished_actions_are_ranked_within_their_review(app: App) {
    let (first, second) = (a_review(&app).await, a_review(&app).await);
    let with = |risk: u32| json!({ "priority_inputs": { "risk": risk } });
    let top = add(&app, &first, "top", with(25)).await;
    for (title, risk) in [("same", 10), ("also", 10), ("last", 1)] {
        add(&app, &first, title, with(risk)).await;
    }
    add(&app, &second, "alone", with(1)).await;
    let ranks = async |client: &Client| {
        let all = client
            .all(&format!("{ACTIONS}?sort=-priority_score"), 2)
            .await;
        let rank = |one: &Value| (one["title"].clone(), one["priority"]["rank"].clone());
        let mut ranks: Vec<_> = all.iter().map(rank).collect();
        ranks.sort_by_key(|one| one.0.to_string());
        ranks
    };
    let expected = |all: &[(&str, Value)]| {
        let all = all.iter().map(|(title, rank)| (json!(title), rank.clone()));
        all.collect::<Vec<_>>()
    };
    let before = ranks(&app.reader()).await;
    assert_eq!(
        before,
        expected(&[
            ("alone", json!(1)),
            ("also", json!(2)),
            ("last", json!(4)),
            ("same", json!(2)),
            ("top", json!(1)),
        ])
    );
    let seen = app.reader().get(&top).await.expect(200);
    assert_eq!(seen.json()["priority"]["rank"], 1);
    reported(&app, &top, "implemented").await;
    assert_eq!(
        ranks(&app.reader()).await,
        expected(&[
            ("alone", json!(1)),
            ("also", json!(1)),
            ("last", json!(3)),
            ("same", json!(1)),
            ("top", Value::Null),
        ])
    );
    // Another rank is another answer, also for who asks whether it changed.
    let last = listed_path(&app, "last").await;
    let before = app.reader().get(&last).await.expect(200).etag();
    stepped(&app, &top, "reopen", &json!({ "reason": "x" })).await;
    let call = app.reader().get(&last).header("if-none-match", &before);
    assert_eq!(call.await.expect(200).json()["priority"]["rank"], 4);
}

async fn changes_of_a_due_date_are_listed_with_who_and_why(app: App) {
    let review = a_review(&app).await;
    let action = add(&app, &review, "moved", json!({ "due_on": "2026-12-01" })).await;
    let admin = app.admin();
    let me = admin.get("/api/v1/me").await.expect(200).json()["subject"].clone();
    let moved = json!({ "due_on": "2026-12-08", "reason": "The supplier is late" });
    stepped(&app, &action, "reschedule", &moved).await;
    let first = text(app.now());
    app.wait(Duration::hours(1));
    let tag = admin.get(&action).await.expect(200).etag();
    let sooner = json!({ "due_on": "2026-12-04" });
    admin
        .patch(&action, &sooner)
        .if_match(&tag)
        .await
        .expect(200);
    app.wait(Duration::hours(1));
    let tag = admin.get(&action).await.expect(200).etag();
    let cleared = json!({ "due_on": null });
    let cleared = admin.patch(&action, &cleared).if_match(&tag).await;
    let cleared = cleared.expect(200).json();
    assert_eq!(
        (&cleared["slips"], &cleared["due_date_changes"]),
        (&json!(1), &json!(3)),
        "only a later date is a slip"
    );
    let list = format!("{action}/due-date-changes");
    let reader = app.reader();
    let found = reader.all(&format!("{list}?sort=at"), 2).await;
    let steps: Vec<_> = found
        .iter()
        .map(|one| json!([one["from"], one["to"], one["reason"]]))
        .collect();
    assert_eq!(
        steps,
        [
            json!(["2026-12-01", "2026-12-08", "The supplier is late"]),
            json!(["2026-12-08", "2026-12-04", null]),
            json!(["2026-12-04", null, null]),
        ]
    );
    assert_eq!((&found[0]["at"], &found[0]["by"]), (&json!(first), &me));
    let mut newest = reader.all(&list, 2).await;
    newest.reverse();
    assert_eq!(newest, found, "the newest first");
    let untouched = add(&app, &review, "never moved", json!({})).await;
    let none = reader
        .all(&format!("{untouched}/due-date-changes"), 2)
        .await;
    assert!(none.is_empty());
    app.stranger().get(list).await.problem(404, "not_found");
}

async fn progress_and_verifications_are_listed_in_order(app: App) {
    let review = a_review(&app).await;
    let action = add(&app, &review, "watched", json!({})).await;
    let admin = app.admin();
    let early = text(app.now());
    app.wait(Duration::hours(1));
    for report in [
        json!({ "status": "in_progress", "percent": 40 }),
        json!({ "note": "begun", "at": early }),
    ] {
        let call = admin.post(format!("{action}/progress"), &report);
        call.await.expect(201);
        app.wait(Duration::hours(1));
    }
    reported(&app, &action, "implemented").await;
    for result in [
        "inconclusive",
        "partially_effective",
        "effective",
        "ineffective",
    ] {
        app.wait(Duration::hours(1));
        judged(&app, &action, result).await;
    }
    let reader = app.reader();
    let results = async |query: &str| {
        let list = format!("{action}/verifications{query}");
        let found = reader.all(&list, 3).await;
        found
            .iter()
            .map(|one| one["result"].clone())
            .collect::<Vec<_>>()
    };
    let mut expected = [
        "inconclusive",
        "partially_effective",
        "effective",
        "ineffective",
    ];
    assert_eq!(results("?sort=created_at").await, expected);
    expected.reverse();
    assert_eq!(results("").await, expected, "the newest first");

    let steps = async |query: &str| {
        let found = reader.all(&format!("{action}/progress{query}"), 2).await;
        let said = found.iter();
        let said = said.map(|one| {
            json!([
                one["from_status"],
                one["status"],
                one["percent"],
                one["note"]
            ])
        });
        said.collect::<Vec<_>>()
    };
    let by_time = steps("?sort=at").await;
    assert_eq!(
        by_time[0],
        json!([null, null, null, "begun"]),
        "what was so first"
    );
    assert_eq!(by_time[1], json!(["open", "in_progress", 40, null]));
    assert_eq!(by_time[2][1], "implemented");
    let recorded = steps("?sort=created_at").await;
    assert_eq!(recorded[1], json!([null, null, null, "begun"]));
    let mut newest = steps("").await;
    newest.reverse();
    assert_eq!(newest, by_time);
    let moves: Vec<_> = by_time.iter().map(|one| one[1].clone()).collect();
    assert!(
        moves.ends_with(&[json!("verified"), json!("in_progress")]),
        "{moves:?}"
    );
}
