//! Capacity planning: who does what when, what does not fit, and what that leaves at risk.

use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_plan_says_who_does_what_when,
    what_matters_less_is_left_out_and_what_it_answers_is_at_risk,
    what_cannot_be_planned_is_listed_apart_with_every_reason,
    an_action_waits_for_others_whoever_does_them,
    an_assignment_changes_who_and_when,
    a_plan_takes_the_actions_that_were_asked_for,
    a_plan_shows_nothing_of_what_does_not_exist_for_the_caller,
    a_wrong_request_is_told_every_fault,
    a_plan_is_kept_under_its_key_and_changes_nothing,
);

const PATH: &str = "/api/v1/capacity-plan";

async fn add(app: &App, review: &Review, title: &str, fields: Value) -> String {
    let mut body = json!({ "title": title, "type": "detect", "owner": { "name": "Ada" } });
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let made = app.admin().post(review.path("/actions"), &body).await;
    made.expect(201).id()
}

/// The fields that give an action its effort, its due date and, by its inputs, its score.
fn work(days: f64, due: Option<&str>, risk: i32) -> Value {
    let inputs = json!({ "risk": risk, "impact": 1, "effort": 1 });
    json!({ "effort_days": days, "due_on": due, "priority_inputs": inputs })
}

fn and(mut fields: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        fields[name] = value.clone();
    }
    fields
}

async fn planned(client: &Client, body: Value) -> Value {
    client.post(PATH, &body).await.expect(200).json()
}

fn ada(weeks: u32, days: f64) -> Value {
    json!({ "from": "2026-11-30", "weeks": weeks, "capacity": [{ "name": "ada", "days_per_week": days }] })
}

/// The actions of one owner: title, first day, last day, days late.
fn schedule(plan: &Value, owner: usize) -> Vec<(String, String, String, u64)> {
    let text = |one: &Value, field: &str| one[field].as_str().expect("a text").to_owned();
    let actions = plan["owners"][owner]["actions"]
        .as_array()
        .expect("actions")
        .iter();
    let each = actions.enumerate().map(|(at, one)| {
        assert_eq!(one["position"], at + 1);
        let late = one["days_late"].as_u64().expect("a number");
        (
            text(one, "title"),
            text(one, "starts_on"),
            text(one, "ends_on"),
            late,
        )
    });
    each.collect()
}

fn entry(title: &str, starts: &str, ends: &str, late: u64) -> (String, String, String, u64) {
    (title.to_owned(), starts.to_owned(), ends.to_owned(), late)
}

fn titles(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| one["title"].as_str().expect("a title"))
        .collect()
}

async fn a_plan_says_who_does_what_when(app: App) {
    let review = a_review(&app).await;
    // Three days at two days a week: a week and a half.
    let long = add(&app, &review, "long", work(3.0, Some("2026-12-08"), 20)).await;
    let short = add(&app, &review, "short", work(0.4, Some("2026-11-30"), 5)).await;
    let begun = and(
        work(2.0, None, 10),
        json!({ "owner": { "name": "Kim", "subject": "kim" } }),
    );
    let begun = add(&app, &review, "begun", begun).await;
    let report = json!({ "percent": 25, "status": "in_progress" });
    let path = review.path(&format!("/actions/{begun}/progress"));
    app.admin().post(path, &report).await.expect(201);

    let capacity = json!([
        { "name": "ADA", "days_per_week": 2, "exceptions": [{ "week": 3, "days": 0 }] },
        { "subject": "kim", "days_per_week": 5 },
    ]);
    let asked = json!({ "from": "2026-11-30", "weeks": 3, "capacity": capacity });
    let plan = planned(&app.reader(), asked).await;
    for (field, expected) in [
        ("as_of", json!("2026-11-23T12:00:00Z")),
        ("from", json!("2026-11-30")),
        ("to", json!("2026-12-21")),
        ("weeks", json!(3)),
        ("n", json!(3)),
        ("n_scheduled", json!(3)),
        ("n_late", json!(1)),
        ("optimal", json!(true)),
        ("unscheduled", json!([])),
        ("not_plannable", json!([])),
        (
            "at_risk",
            json!({ "n": 0, "score": 0.0, "risk": 0, "findings": [] }),
        ),
    ] {
        assert_eq!(plan[field], expected, "{field}");
    }
    // One of them is late in either order: the long one by 20 × 2 days, or by 20 × 1 day with the
    // short one by 5 × 10 days.
    assert_eq!(
        schedule(&plan, 0),
        [
            entry("short", "2026-11-30", "2026-11-30", 0),
            entry("long", "2026-12-01", "2026-12-10", 2),
        ]
    );
    let found = &plan["owners"][0];
    assert_eq!(
        found["owner"],
        json!({ "subject": null, "name": "ADA", "function": null })
    );
    assert_eq!(
        (&found["capacity_days"], &found["planned_days"]),
        (&json!(4.0), &json!(3.4))
    );
    assert_eq!(found["utilisation"], 0.85);
    let weeks = json!([
        { "week": 1, "begins_on": "2026-11-30", "capacity_days": 2.0, "planned_days": 2.0, "utilisation": 1.0, "action_ids": [short, long] },
        { "week": 2, "begins_on": "2026-12-07", "capacity_days": 2.0, "planned_days": 1.4, "utilisation": 0.7, "action_ids": [long] },
        { "week": 3, "begins_on": "2026-12-14", "capacity_days": 0.0, "planned_days": 0.0, "utilisation": null, "action_ids": [] },
    ]);
    assert_eq!(found["weeks"], weeks);
    // A quarter of two days is done: a day and a half is left.
    assert_eq!(
        schedule(&plan, 1),
        [entry("begun", "2026-11-30", "2026-12-01", 0)]
    );
    assert_eq!(plan["owners"][1]["actions"][0]["remaining_days"], 1.5);
    assert_eq!(plan["objective"]["weighted_lateness_days"], 40.0);
    assert_eq!(plan["first_fit"]["weighted_lateness_days"], 70.0);
}

async fn what_matters_less_is_left_out_and_what_it_answers_is_at_risk(app: App) {
    let review = a_review(&app).await;
    let gap = |statement: &str, likelihood: i32| {
        json!({
            "kind": "gap", "statement": statement, "gap_category": "technology",
            "likelihood": likelihood, "severity_score": 4,
        })
    };
    let open = review.record(&gap("open", 3)).await.id();
    let answered = review.record(&gap("answered", 4)).await.id();
    let inputs = json!({ "impact": 3, "effort": 1 });
    let great = json!({ "finding_ids": [answered], "priority_inputs": inputs });
    let great = and(work(2.0, None, 1), great);
    add(&app, &review, "great", great).await;
    let small = and(
        work(1.5, None, 4),
        json!({ "finding_ids": [open, answered] }),
    );
    let small = add(&app, &review, "small", small).await;
    let behind = and(work(0.1, None, 3), json!({ "depends_on": [small] }));
    add(&app, &review, "behind", behind).await;

    let plan = planned(&app.reader(), ada(1, 2.0)).await;
    assert_eq!(
        schedule(&plan, 0),
        [entry("great", "2026-11-30", "2026-12-04", 0)]
    );
    let unscheduled = &plan["unscheduled"];
    assert_eq!(titles(unscheduled), ["small", "behind"]);
    assert_eq!(unscheduled[0]["reason"], "does_not_fit");
    assert_eq!(unscheduled[0]["waits_for"], json!([]));
    assert_eq!(unscheduled[1]["reason"], "dependency_does_not_fit");
    assert_eq!(unscheduled[1]["waits_for"], json!([small]));
    assert_eq!(unscheduled[1]["owner"]["name"], "ada");
    let objective = &plan["objective"];
    let score: f64 = [0, 1]
        .iter()
        .filter_map(|at| unscheduled[*at]["score"].as_f64())
        .sum();
    assert_eq!(objective["unscheduled_score"], score);
    let risk = &plan["at_risk"];
    assert_eq!(
        (&risk["n"], &risk["score"], &risk["risk"]),
        (&json!(2), &json!(score), &json!(12))
    );
    let findings: Vec<_> = risk["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .collect();
    assert_eq!(findings.len(), 2);
    for (at, statement, unaddressed, score) in [(0, "answered", false, 16), (1, "open", true, 12)] {
        assert_eq!(findings[at]["statement"], statement);
        assert_eq!(findings[at]["unaddressed"], unaddressed, "{statement}");
        assert_eq!(findings[at]["risk_score"], score);
        assert_eq!(findings[at]["left_out"], json!([small]));
    }
    // What was done before answers as well as what is planned.
    let done = and(work(1.0, None, 1), json!({ "finding_ids": [open] }));
    let done = add(&app, &review, "done", done).await;
    let path = review.path(&format!("/actions/{done}/progress"));
    app.admin()
        .post(path, &json!({ "status": "implemented" }))
        .await
        .expect(201);
    let plan = planned(&app.reader(), ada(1, 2.0)).await;
    assert_eq!(plan["at_risk"]["risk"], 0);
    assert_eq!(plan["n"], 3, "what is done needs no plan");
}

async fn what_cannot_be_planned_is_listed_apart_with_every_reason(app: App) {
    let review = a_review(&app).await;
    let nobody = add(
        &app,
        &review,
        "nobody's",
        json!({ "owner": null, "effort_days": 1 }),
    )
    .await;
    let others = json!({ "owner": { "name": "Kim" }, "priority_inputs": { "risk": 25 } });
    add(&app, &review, "Kim's", others).await;
    let waits = and(work(1.0, None, 1), json!({ "depends_on": [nobody] }));
    add(&app, &review, "waits", waits).await;
    let plan = planned(&app.reader(), ada(2, 2.0)).await;
    let apart = &plan["not_plannable"];
    assert_eq!(titles(apart), ["Kim's", "nobody's", "waits"]);
    assert_eq!(apart[0]["reasons"], json!(["no_effort", "no_capacity"]));
    assert_eq!(apart[0]["remaining_days"], Value::Null);
    assert_eq!(apart[1]["reasons"], json!(["no_owner"]));
    assert_eq!(apart[2]["reasons"], json!(["dependency_not_planned"]));
    assert_eq!(apart[2]["waits_for"], json!([nobody]));
    assert_eq!((&plan["n"], &plan["n_scheduled"]), (&json!(3), &json!(0)));
    assert_eq!(plan["at_risk"]["n"], 3);
}

async fn an_action_waits_for_others_whoever_does_them(app: App) {
    let (review, other) = (a_review(&app).await, a_review(&app).await);
    let first = add(&app, &review, "first", work(1.5, None, 5)).await;
    let kims = json!({ "owner": { "name": "Kim" }, "depends_on": [first] });
    add(&app, &other, "second", and(work(1.0, None, 25), kims)).await;
    let free = json!({ "owner": { "name": "Kim" } });
    add(&app, &other, "meanwhile", and(work(2.0, None, 2), free)).await;
    let capacity = json!([
        { "name": "Ada", "days_per_week": 2 },
        { "name": "Kim", "days_per_week": 5 },
    ]);
    let asked = json!({ "from": "2026-11-30", "weeks": 2, "capacity": capacity });
    let plan = planned(&app.reader(), asked).await;
    // Ada takes three quarters of a week: until Thursday at noon there is time for something else.
    assert_eq!(
        schedule(&plan, 0),
        [entry("first", "2026-11-30", "2026-12-03", 0)]
    );
    assert_eq!(
        schedule(&plan, 1),
        [
            entry("meanwhile", "2026-11-30", "2026-12-01", 0),
            entry("second", "2026-12-03", "2026-12-04", 0),
        ]
    );
}

async fn an_assignment_changes_who_and_when(app: App) {
    let review = a_review(&app).await;
    let nobodys = json!({ "owner": null, "effort_days": 1 });
    let nobodys = add(&app, &review, "nobody's", nobodys).await;
    let adas = add(&app, &review, "Ada's", work(1.0, None, 9)).await;
    let asked = json!({
        "from": "2026-11-30", "weeks": 2,
        "capacity": [{ "function": "it", "days_per_week": 5 }],
        "assignments": [
            { "action_id": nobodys, "to": { "function": "it" } },
            { "action_id": adas, "to": { "function": "it" }, "not_before": "2026-12-05" },
        ],
    });
    let plan = planned(&app.reader(), asked).await;
    assert_eq!(
        schedule(&plan, 0),
        [
            entry("nobody's", "2026-11-30", "2026-11-30", 0),
            entry("Ada's", "2026-12-07", "2026-12-07", 0),
        ]
    );
    let late = json!({
        "from": "2026-11-30", "weeks": 1, "capacity": [{ "name": "Ada", "days_per_week": 5 }],
        "assignments": [{ "action_id": adas, "not_before": "2026-12-07" }],
    });
    let plan = planned(&app.reader(), late).await;
    assert_eq!(titles(&plan["unscheduled"]), ["Ada's"]);
}

async fn a_plan_takes_the_actions_that_were_asked_for(app: App) {
    let high = a_review(&app).await;
    let low = a_review_with(&app, json!({ "severity": "low" })).await;
    let tagged = add(
        &app,
        &high,
        "tagged",
        and(work(1.0, None, 25), json!({ "tags": ["vpn"] })),
    )
    .await;
    add(
        &app,
        &high,
        "proposed",
        and(work(1.0, None, 1), json!({ "status": "proposed" })),
    )
    .await;
    add(&app, &low, "of the low", work(1.0, None, 10)).await;
    for (filter, expected) in [
        (json!({}), vec!["of the low", "proposed", "tagged"]),
        (
            json!({ "committed_only": true }),
            vec!["of the low", "tagged"],
        ),
        (json!({ "review_ids": [low.id] }), vec!["of the low"]),
        (
            json!({ "review_severities": ["high"] }),
            vec!["proposed", "tagged"],
        ),
        (json!({ "priorities": ["high"] }), vec!["tagged"]),
        (json!({ "tags": ["vpn", "mail"] }), vec!["tagged"]),
        (json!({ "action_ids": [tagged] }), vec!["tagged"]),
        (
            json!({ "action_ids": [tagged], "review_ids": [low.id] }),
            vec![],
        ),
    ] {
        let plan = planned(&app.reader(), and(ada(4, 5.0), json!({ "filter": filter }))).await;
        let mut found = titles(&plan["owners"][0]["actions"]);
        found.sort_unstable();
        assert_eq!(found, expected, "{filter}");
    }
}

async fn a_plan_shows_nothing_of_what_does_not_exist_for_the_caller(app: App) {
    let quiet = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let hidden = add(&app, &quiet, "hidden", work(1.0, None, 25)).await;
    let open = a_review(&app).await;
    let waits = and(work(1.0, None, 5), json!({ "depends_on": [hidden] }));
    add(&app, &open, "waits", waits).await;
    let plan = planned(&app.admin(), ada(2, 5.0)).await;
    assert_eq!(titles(&plan["owners"][0]["actions"]), ["hidden", "waits"]);
    let plan = planned(&app.reader(), ada(2, 5.0)).await;
    assert_eq!(
        titles(&plan["not_plannable"]),
        ["waits"],
        "it cannot be said when it is done"
    );
    assert_eq!(plan["n"], 1);
    assert!(!plan.to_string().contains("hidden"));
    let plan = planned(&app.stranger(), ada(2, 5.0)).await;
    assert_eq!(plan["n"], 0);
    for client in [app.reader(), app.stranger()] {
        let body = and(ada(2, 5.0), json!({ "filter": { "action_ids": [hidden] } }));
        let reply = client
            .post(PATH, &body)
            .await
            .problem(422, "validation_failed");
        let expected = ("/filter/action_ids/0".to_owned(), "not_found".to_owned());
        assert_eq!(reply.faults(), [expected]);
    }
}

async fn a_wrong_request_is_told_every_fault(app: App) {
    let review = a_review(&app).await;
    let done = add(&app, &review, "done", work(1.0, None, 1)).await;
    let path = review.path(&format!("/actions/{done}/progress"));
    app.admin()
        .post(path, &json!({ "status": "implemented" }))
        .await
        .expect(201);
    let fixed = json!({ "assignments": [{ "action_id": done, "not_before": "2026-12-01" }] });
    for (body, expected) in [
        (
            json!({ "weeks": 0, "capacity": [] }),
            vec![("/capacity", "too_few_items"), ("/weeks", "out_of_range")],
        ),
        (
            and(
                ada(1, 1.0),
                json!({ "capacity": [{ "days_per_week": -1 }] }),
            ),
            vec![("/capacity/0/days_per_week", "out_of_range")],
        ),
        (
            and(ada(1, 1.0), json!({ "horizon": 3 })),
            vec![("/horizon", "unknown_field")],
        ),
        (
            and(ada(1, 1.0), json!({ "capacity": [{ "days_per_week": 1 }] })),
            vec![("/capacity/0", "required")],
        ),
        (
            and(ada(1, 1.0), fixed),
            vec![("/assignments/0/action_id", "not_found")],
        ),
    ] {
        let reply = app
            .reader()
            .post(PATH, &body)
            .await
            .problem(422, "validation_failed");
        let expected: Vec<_> = expected
            .iter()
            .map(|(at, code)| ((*at).to_owned(), (*code).to_owned()))
            .collect();
        assert_eq!(reply.faults(), expected, "{body}");
    }
}

async fn a_plan_is_kept_under_its_key_and_changes_nothing(app: App) {
    let review = a_review(&app).await;
    add(&app, &review, "first", work(1.0, None, 1)).await;
    let records = app.admin().all("/api/v1/audit-records", 200).await.len();
    let ask = || app.reader().post(PATH, &ada(2, 1.0)).key("plan-1");
    let first = ask().await.expect(200);
    add(&app, &review, "second", work(1.0, None, 1)).await;
    let again = ask().await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.body, again.body);
    let now = planned(&app.reader(), ada(2, 1.0)).await;
    assert_eq!((&first.json()["n"], &now["n"]), (&json!(1), &json!(2)));
    let after = app.admin().all("/api/v1/audit-records", 200).await.len();
    assert_eq!(after, records + 1, "of the second action, and of no plan");
}
