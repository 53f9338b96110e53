//! Regimes: the starter set that everybody sees, and an organisation's own.

use debrief_tests::builders::a_review;
use debrief_tests::world::regime;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    the_starter_set_is_there_with_its_hours_and_sources,
    nobody_changes_what_came_with_the_service,
    a_regime_is_defined_read_changed_and_removed,
    a_regime_that_an_obligation_names_is_archived_and_can_be_restored,
    every_fault_of_a_regime_is_told_at_once,
    regimes_are_found_by_what_they_say,
);

const PATH: &str = "/api/v1/regimes";

fn with(mut body: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn the_starter_set_is_there_with_its_hours_and_sources(app: App) {
    let list = app.reader().all(PATH, 2).await;
    let theirs = app.stranger().all(PATH, 50).await;
    assert_eq!(list, theirs, "every organisation sees the same");
    let mut clocks = Vec::new();
    for regime in &list {
        assert_eq!(regime["is_built_in"], true);
        assert!(
            regime["source_url"]
                .as_str()
                .is_some_and(|url| url.starts_with("https://"))
        );
        for stage in regime["stages"].as_array().expect("stages") {
            assert!(
                stage["description"]
                    .as_str()
                    .is_some_and(|text| text.len() > 40)
            );
            let unit = stage["unit"].as_str().unwrap_or("no clock");
            clocks.push(format!(
                "{} {}: {} {unit} from {}",
                regime["key"].as_str().expect("a key"),
                stage["name"].as_str().expect("a name"),
                stage["amount"],
                stage["trigger"].as_str().expect("a trigger"),
            ));
        }
    }
    clocks.sort();
    let expected = [
        "circia incident_report: 72 calendar_hours from aware",
        "circia ransom_payment_report: 24 calendar_hours from paid",
        "dora final_report: 1 calendar_months from reported",
        "dora initial_notification: 4 calendar_hours from classified",
        "dora intermediate_report: 72 calendar_hours from notified",
        "gdpr authority_notification: 72 calendar_hours from aware",
        "gdpr data_subject_communication: null no clock from aware",
        "hipaa annual_secretary_notice: null no clock from discovered",
        "hipaa individual_notice: 60 calendar_days from discovered",
        "hipaa media_notice: 60 calendar_days from discovered",
        "hipaa secretary_notice: 60 calendar_days from discovered",
        "nis2 early_warning: 24 calendar_hours from aware",
        "nis2 final_report: 1 calendar_months from notified",
        "nis2 incident_notification: 72 calendar_hours from aware",
        "sec_8k form_8k: 4 business_days from determined_material",
    ];
    assert_eq!(clocks, expected);
    let dora = list.iter().find(|one| one["key"] == "dora").expect("DORA");
    let limit = json!({ "trigger": "aware", "amount": 24, "unit": "calendar_hours" });
    assert_eq!(dora["stages"][0]["limit"], limit);
}

async fn nobody_changes_what_came_with_the_service(app: App) {
    let admin = app.admin();
    let nis2 = admin
        .get(format!("{PATH}?key=nis2"))
        .await
        .expect(200)
        .items();
    let path = format!("{PATH}/{}", nis2[0]["id"].as_str().expect("an id"));
    let read = app.stranger().get(&path).await.expect(200);
    assert_eq!(read.json(), nis2[0]);
    for call in [
        admin.patch(&path, &json!({ "name": "NIS3" })),
        admin.delete(&path),
        admin
            .post(format!("{path}/restore"), &Value::Null)
            .bytes(""),
    ] {
        let refused = call.if_match(&read.etag()).await;
        let refused = refused.problem(409, "state_conflict").faults();
        assert_eq!(refused, faults(&[("", "regime_is_built_in")]));
    }
    assert_eq!(admin.get(&path).await.expect(200).json(), nis2[0]);
    // The same short name is free for one's own.
    let own = with(regime(), json!({ "key": "nis2" }));
    admin.post(PATH, &own).await.expect(201);
    assert_eq!(admin.all(&format!("{PATH}?key=nis2"), 50).await.len(), 2);
    assert_eq!(
        app.stranger()
            .all(&format!("{PATH}?key=nis2"), 50)
            .await
            .len(),
        1
    );
}

async fn a_regime_is_defined_read_changed_and_removed(app: App) {
    let admin = app.admin();
    let calendar = debrief_tests::world::calendar();
    let calendar = admin
        .post("/api/v1/calendars", &calendar)
        .await
        .expect(201)
        .id();
    let whole = json!({
        "key": "central_bank", "name": "Central bank", "description": "As agreed.",
        "jurisdiction": "Ireland", "source_url": "https://regulator.example/rules",
        "calendar_id": calendar,
        "stages": [
            {
                "name": "call", "title": "Call", "description": "By telephone.", "trigger": "classified",
                "amount": 2, "unit": "business_hours",
                "limit": { "trigger": "aware", "amount": 1, "unit": "business_days" },
            },
            { "name": "letter", "title": "Letter", "description": null, "trigger": "other", "amount": null, "unit": null, "limit": null },
        ],
    });
    let made = admin.post(PATH, &whole).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    assert_eq!(made.json()["is_built_in"], false);
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    app.stranger().get(&path).await.problem(404, "not_found");
    let patch = admin.patch(&path, &json!({ "jurisdiction": null, "name": "The bank" }));
    patch.clone().await.problem(428, "precondition_required");
    let changed = patch.clone().if_match(&made.etag()).await.expect(200);
    assert_eq!(changed.json()["jurisdiction"], Value::Null);
    patch
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let same = admin.post(PATH, &whole).await.problem(409, "conflict");
    assert_eq!(same.faults(), faults(&[("/key", "taken")]));
    // The calendar that it counts by stays.
    let calendar = format!("/api/v1/calendars/{calendar}");
    admin.delete(&calendar).if_match("*").await.expect(204);
    assert_ne!(
        admin.get(&calendar).await.expect(200).json()["archived_at"],
        Value::Null
    );
    admin
        .delete(&path)
        .if_match(&changed.etag())
        .await
        .expect(204);
    admin.get(&path).await.problem(404, "not_found");
    let log = format!(
        "/api/v1/audit-records?resource_id={}&sort=sequence",
        made.id()
    );
    let records = app.auditor().all(&log, 50).await;
    let actions: Vec<_> = records.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(actions, ["regime.define", "regime.update", "regime.remove"]);
}

async fn a_regime_that_an_obligation_names_is_archived_and_can_be_restored(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let made = admin.post(PATH, &regime()).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    let duty = json!({
        "regime_id": made.id(), "stage": "report", "trigger_at": "2026-11-20T09:00:00Z",
    });
    let record = admin.post(review.path("/obligations"), &duty);
    record.clone().await.expect(201);
    admin.delete(&path).if_match(&made.etag()).await.expect(204);
    let archived = admin.get(&path).await.expect(200);
    assert_ne!(archived.json()["archived_at"], Value::Null);
    let refused = record
        .clone()
        .await
        .problem(422, "validation_failed")
        .faults();
    assert_eq!(refused, faults(&[("/regime_id", "not_found")]));
    let patch = admin
        .patch(&path, &json!({ "name": "x" }))
        .if_match(&archived.etag());
    let refused = patch.await.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "regime_is_archived")]));
    let restore = admin
        .post(format!("{path}/restore"), &Value::Null)
        .bytes("");
    let restored = restore.clone().if_match(&archived.etag()).await.expect(200);
    record.await.expect(201);
    let twice = restore.if_match(&restored.etag()).await;
    let refused = twice.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "regime_is_not_archived")]));
}

async fn every_fault_of_a_regime_is_told_at_once(app: App) {
    let stage = json!({ "name": "a", "title": "A", "trigger": "aware" });
    let limit = json!({ "trigger": "aware", "amount": 1, "unit": "calendar_days" });
    let wrong = json!([
        with(stage.clone(), json!({ "amount": 4 })),
        with(stage.clone(), json!({ "limit": limit })),
    ]);
    let body = with(
        regime(),
        json!({ "stages": wrong, "calendar_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11" }),
    );
    let reply = app.admin().post(PATH, &body).await;
    assert_eq!(
        reply.problem(422, "validation_failed").faults(),
        faults(&[
            ("/calendar_id", "not_found"),
            ("/stages/0/unit", "required"),
            ("/stages/1/limit", "without_clock"),
            ("/stages/1/name", "repeated_item"),
        ])
    );
    let body = json!({
        "key": "Not A Key", "name": "", "stages": [], "source_url": "nowhere",
    });
    let reply = app.admin().post(PATH, &body).await;
    assert_eq!(
        reply.problem(422, "validation_failed").faults(),
        faults(&[
            ("/key", "invalid_format"),
            ("/name", "too_short"),
            ("/source_url", "invalid_format"),
            ("/stages", "too_few_items"),
        ])
    );
}

async fn regimes_are_found_by_what_they_say(app: App) {
    let admin = app.admin();
    for key in ["zebra", "apple"] {
        let own = json!({ "key": key, "name": key.to_uppercase(), "description": "House rule" });
        admin.post(PATH, &with(regime(), own)).await.expect(201);
    }
    let table: [(&str, &[&str]); 6] = [
        ("is_built_in=false", &["apple", "zebra"]),
        ("is_built_in=false&sort=-name", &["zebra", "apple"]),
        ("is_built_in=false&sort=created_at", &["zebra", "apple"]),
        ("q=house%20RULE", &["apple", "zebra"]),
        ("key=gdpr&key=apple", &["apple", "gdpr"]),
        ("archived=true", &[]),
    ];
    for (query, expected) in table {
        let list = app.reader().all(&format!("{PATH}?{query}"), 1).await;
        let keys: Vec<_> = list.iter().map(|one| one["key"].clone()).collect();
        assert_eq!(keys, expected, "{query}");
    }
    assert_eq!(
        admin
            .all(&format!("{PATH}?is_built_in=true&archived=false"), 50)
            .await
            .len(),
        6
    );
}
