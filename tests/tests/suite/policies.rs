//! Policies: what one says, which applies, and that no version of one is lost.

use debrief_tests::reply::Reply;
use debrief_tests::world::policy;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_policy_is_defined_read_and_changed_and_every_version_stays,
    what_a_policy_leaves_out_has_its_default,
    the_built_in_policy_is_read_and_never_changed,
    every_fault_of_a_policy_is_told_at_once,
    the_policy_that_applies_is_told_with_those_that_match,
    an_archived_policy_applies_no_longer_until_it_is_restored,
    policies_are_found_by_what_they_say,
);

const PATH: &str = "/api/v1/policies";

fn with(mut body: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn defined(app: &App, own: Value) -> Reply {
    let body = with(policy(), own);
    app.admin().post(PATH, &body).await.expect(201)
}

fn path_of(made: &Reply) -> String {
    format!("{PATH}/{}", made.id())
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn a_policy_is_defined_read_and_changed_and_every_version_stays(app: App) {
    let admin = app.admin();
    let whole = json!({
        "name": "Critical incidents", "description": "Whatever interrupts care.",
        "severities": ["critical", "high"], "categories": ["malicious_code"], "kinds": ["incident"],
        "rank": 10, "requirement": "mandatory", "open_automatically": false,
        "workshop_required": true, "workshop_due": { "amount": 2, "unit": "business_days" },
        "workshop_due_by_severity": { "critical": { "amount": 12, "unit": "business_hours" } },
        "publish_due": { "amount": 1, "unit": "calendar_months" },
        "chronology_shared_before_workshop_hours": 48,
        "action_due_days": { "critical": 7, "high": 14, "medium": 30, "low": 60 },
        "required_functions": ["responder", "privacy"], "required_assessments": ["detection"],
        "required_impact_dimensions": ["customer", "financial"], "minimum_feedback_group": 3,
        "calendar_id": null,
    });
    let made = admin.post(PATH, &whole).await.expect(201);
    let path = path_of(&made);
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    app.stranger().get(&path).await.problem(404, "not_found");

    let change = json!({ "rank": null, "action_due_days": { "low": 90 }, "publish_due": null });
    let patch = admin.patch(&path, &change);
    patch.clone().await.problem(428, "precondition_required");
    let changed = patch.clone().if_match(&made.etag()).await.expect(200);
    let body = changed.json();
    assert_eq!((&body["rank"], &body["version"]), (&json!(0), &json!(2)));
    let days = json!({ "critical": 7, "high": 14, "medium": 30, "low": 90 });
    assert_eq!(body["action_due_days"], days);
    assert_eq!(
        body["publish_due"],
        json!({ "amount": 14, "unit": "calendar_days" })
    );
    patch
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");

    let versions = app.reader().all(&format!("{path}/versions"), 1).await;
    let numbers: Vec<_> = versions.iter().map(|one| one["version"].clone()).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(versions[0]["policy"], body);
    assert_eq!(versions[1]["policy"], made.json());
    let first = format!("{path}/versions?version=1&sort=version");
    let first = app.reader().get(first).await.expect(200).items();
    assert_eq!(first, [versions[1].clone()]);
    let same = admin.post(PATH, &whole).await.problem(409, "conflict");
    assert_eq!(same.faults(), faults(&[("/name", "taken")]));
    let log = format!(
        "/api/v1/audit-records?resource_id={}&sort=sequence",
        made.id()
    );
    let records = app.auditor().all(&log, 50).await;
    let actions: Vec<_> = records.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(actions, ["policy.define", "policy.update"]);
}

async fn what_a_policy_leaves_out_has_its_default(app: App) {
    let built_in = app.reader().get(format!("{PATH}/default")).await;
    let built_in = built_in.expect(200).json();
    let optional = defined(&app, json!({})).await.json();
    for field in [
        "workshop_required",
        "workshop_due",
        "workshop_due_by_severity",
        "publish_due",
        "chronology_shared_before_workshop_hours",
        "action_due_days",
        "required_functions",
        "minimum_feedback_group",
    ] {
        assert_eq!(optional[field], built_in[field], "{field}");
    }
    let mandatory = json!({ "name": "Mandatory", "requirement": "mandatory" });
    let mandatory = defined(&app, mandatory).await;
    assert_eq!(mandatory.json()["workshop_required"], true);
    let five = json!(["responder", "it", "management", "legal", "communications"]);
    assert_eq!(mandatory.json()["required_functions"], five);
    // Whatever the requirement becomes, `null` asks for its default.
    let change = json!({ "requirement": "recommended", "required_functions": null, "workshop_required": null });
    let patch = app.admin().patch(path_of(&mandatory), &change);
    let changed = patch.if_match(&mandatory.etag()).await.expect(200).json();
    assert_eq!(changed["workshop_required"], false);
    assert_eq!(changed["required_functions"], json!([]));
}

async fn the_built_in_policy_is_read_and_never_changed(app: App) {
    let (admin, path) = (app.admin(), format!("{PATH}/default"));
    let body = app.reader().get(&path).await.expect(200).json();
    assert_eq!(
        (&body["id"], &body["is_built_in"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(body["requirement"], "recommended");
    assert_eq!(
        body["workshop_due"],
        json!({ "amount": 5, "unit": "business_days" })
    );
    let critical = json!({ "critical": { "amount": 3, "unit": "calendar_days" } });
    assert_eq!(body["workshop_due_by_severity"], critical);
    assert_eq!(
        body["publish_due"],
        json!({ "amount": 14, "unit": "calendar_days" })
    );
    assert_eq!(body["chronology_shared_before_workshop_hours"], 24);
    let days = json!({ "critical": 15, "high": 30, "medium": 90, "low": 180 });
    assert_eq!(body["action_due_days"], days);
    for call in [
        admin.patch(&path, &json!({ "rank": 1 })),
        admin.delete(&path),
        admin
            .post(format!("{path}/restore"), &Value::Null)
            .bytes(""),
    ] {
        let refused = call.if_match("*").await.problem(409, "state_conflict");
        assert_eq!(refused.faults(), faults(&[("", "policy_is_built_in")]));
    }
    let versions = admin.get(format!("{path}/versions")).await.expect(200);
    assert!(versions.items().is_empty());
}

async fn every_fault_of_a_policy_is_told_at_once(app: App) {
    let wrong = json!({
        "requirement": "urgent", "minimum_feedback_group": 2, "rank": 1001,
        "workshop_due": { "amount": 0, "unit": "fortnights" }, "publish_due": { "amount": 3 },
        "workshop_due_by_severity": { "worst": { "amount": 1, "unit": "calendar_days" } },
        "action_due_days": { "low": 0 }, "severity": [],
    });
    let reply = app.admin().post(PATH, &wrong).await;
    let found = reply.problem(422, "validation_failed").faults();
    for expected in faults(&[
        ("/name", "required"),
        ("/requirement", "unknown_value"),
        ("/minimum_feedback_group", "out_of_range"),
        ("/rank", "out_of_range"),
        ("/workshop_due/amount", "out_of_range"),
        ("/workshop_due/unit", "unknown_value"),
        ("/publish_due/unit", "required"),
        ("/action_due_days/low", "out_of_range"),
        ("/severity", "unknown_field"),
    ]) {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let unknown = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    let twice = json!({
        "severities": ["high", "high"], "required_assessments": ["detection", "detection"],
        "calendar_id": unknown,
    });
    let reply = app.admin().post(PATH, &with(policy(), twice)).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(
        found,
        faults(&[
            ("/calendar_id", "not_found"),
            ("/required_assessments/1", "repeated_item"),
            ("/severities/1", "repeated_item"),
        ])
    );
}

async fn the_policy_that_applies_is_told_with_those_that_match(app: App) {
    let reader = app.reader();
    let effective = async |query: &str| {
        let path = format!("{PATH}/effective?{query}");
        let body = reader.get(path).await.expect(200).json();
        let matching = body["matching"].as_array().expect("a list").clone();
        let names: Vec<String> = matching
            .iter()
            .filter_map(|one| one["name"].as_str().map(str::to_owned))
            .collect();
        (
            body["policy"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            names,
        )
    };
    let (name, none) = effective("severity=critical").await;
    assert_eq!((name.as_str(), none.len()), ("Built-in defaults", 0));

    for own in [
        json!({ "name": "any" }),
        json!({ "name": "severe", "severities": ["critical", "high"] }),
        json!({ "name": "critical", "severities": ["critical"] }),
        json!({ "name": "severe malware", "severities": ["critical", "high"], "categories": ["malicious_code"] }),
        json!({ "name": "exercise", "kinds": ["exercise"], "rank": -1 }),
        json!({ "name": "first of all", "categories": ["fraud"], "rank": 5 }),
    ] {
        defined(&app, own).await;
    }
    let table: [(&str, &[&str]); 7] = [
        ("", &["any"]),
        ("severity=low&kind=incident", &["any"]),
        ("severity=high", &["severe", "any"]),
        ("severity=critical", &["critical", "severe", "any"]),
        (
            "severity=critical&category=malicious_code",
            &["severe malware", "critical", "severe", "any"],
        ),
        (
            "severity=critical&category=other&category=fraud",
            &["first of all", "critical", "severe", "any"],
        ),
        ("kind=exercise", &["any", "exercise"]),
    ];
    for (query, expected) in table {
        let (name, names) = effective(query).await;
        assert_eq!(names, expected, "{query}");
        assert_eq!(name, expected[0], "{query}");
    }
    // Nobody else's policies count.
    let theirs = app.stranger().get(format!("{PATH}/effective")).await;
    assert_eq!(theirs.expect(200).json()["policy"]["is_built_in"], true);
}

async fn an_archived_policy_applies_no_longer_until_it_is_restored(app: App) {
    let admin = app.admin();
    let made = defined(&app, json!({})).await;
    let path = path_of(&made);
    let applies = async || {
        let body = admin.get(format!("{PATH}/effective")).await.expect(200);
        body.json()["policy"]["id"] == json!(made.id())
    };
    assert!(applies().await);
    let archive = admin.delete(&path);
    archive.clone().await.problem(428, "precondition_required");
    archive.if_match(&made.etag()).await.expect(204);
    assert!(!applies().await);
    let archived = admin.get(&path).await.expect(200);
    assert_ne!(archived.json()["archived_at"], Value::Null);
    let patch = admin.patch(&path, &json!({ "rank": 1 }));
    let refused = patch.if_match(&archived.etag()).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "policy_is_archived")]));
    let restore = admin
        .post(format!("{path}/restore"), &Value::Null)
        .bytes("");
    restore.if_match(&archived.etag()).await.expect(200);
    assert!(applies().await);
    assert_eq!(admin.all(&format!("{path}/versions"), 50).await.len(), 3);
}

async fn policies_are_found_by_what_they_say(app: App) {
    for own in [
        json!({ "name": "Backbone", "requirement": "mandatory", "rank": 2 }),
        json!({ "name": "Alarms", "description": "False or not", "rank": 1 }),
        json!({ "name": "Copies", "requirement": "recommended", "rank": 3 }),
    ] {
        app.wait(chrono::Duration::minutes(1));
        defined(&app, own).await;
    }
    let table: [(&str, &[&str]); 10] = [
        ("", &["Copies", "Backbone", "Alarms"]),
        ("sort=rank", &["Alarms", "Backbone", "Copies"]),
        ("sort=name", &["Alarms", "Backbone", "Copies"]),
        ("sort=-name", &["Copies", "Backbone", "Alarms"]),
        ("sort=created_at", &["Backbone", "Alarms", "Copies"]),
        ("sort=-created_at", &["Copies", "Alarms", "Backbone"]),
        (
            "requirement=mandatory&requirement=recommended",
            &["Copies", "Backbone"],
        ),
        ("q=ALARMS%20false", &["Alarms"]),
        ("archived=true", &[]),
        ("archived=false&requirement=optional", &["Alarms"]),
    ];
    for (query, expected) in table {
        let list = app.reader().all(&format!("{PATH}?{query}"), 2).await;
        let names: Vec<_> = list.iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, expected, "{query}");
    }
    assert!(app.stranger().all(PATH, 50).await.is_empty());
}
