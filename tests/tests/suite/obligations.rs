//! Obligations: when each is due, how it was met, where it stands, and who sees it.

use chrono::Duration;
use debrief_tests::builders::{Review, a_review, a_review_with};
use debrief_tests::reply::Reply;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_stage_of_a_regime_computes_when_it_is_due,
    business_days_and_months_end_where_the_calendar_says,
    an_obligation_is_submitted_in_time_or_late,
    an_obligation_stands_where_time_and_its_review_say,
    an_obligation_that_does_not_apply_is_waived_and_can_be_reopened,
    a_change_computes_another_moment_by_the_hours_of_then,
    every_fault_of_an_obligation_is_told_at_once,
    a_regime_that_changes_changes_no_obligation,
    obligations_are_found_by_where_they_stand,
    obligations_of_hidden_reviews_and_other_organisations_do_not_exist,
);

const REGIMES: &str = "/api/v1/regimes";

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

fn with(mut body: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

/// A stage of a regime that came with the service.
async fn stage(app: &App, key: &str, stage: &str) -> Value {
    let list = app.reader().get(format!("{REGIMES}?key={key}")).await;
    let id = list.expect(200).items()[0]["id"].clone();
    json!({ "regime_id": id, "stage": stage })
}

async fn recorded(app: &App, review: &Review, body: &Value) -> Reply {
    let call = app.contributor().post(review.path("/obligations"), body);
    call.await.expect(201)
}

fn free(own: Value) -> Value {
    let body = json!({
        "title": "Tell the insurer", "trigger_at": "2026-11-23T12:00:00Z",
        "due_at": "2026-11-26T12:00:00Z",
    });
    with(body, own)
}

fn path_of(made: &Reply) -> String {
    made.header("location").expect("a location").to_owned()
}

/// Takes a step of an obligation's life.
async fn step(app: &App, path: &str, verb: &str, body: &Value) -> Reply {
    let tag = app.contributor().get(path).await.expect(200).etag();
    let call = app.contributor().post(format!("{path}/{verb}"), body);
    call.if_match(&tag).await
}

async fn a_stage_of_a_regime_computes_when_it_is_due(app: App) {
    let review = a_review(&app).await;
    let at = |at: &str| json!({ "trigger_at": at });
    // 2026-11-20 is a Friday: hours run through the weekend.
    for (key, name, own, due) in [
        (
            "nis2",
            "early_warning",
            at("2026-11-20T09:30:00+01:00"),
            "2026-11-21T08:30:00Z",
        ),
        (
            "gdpr",
            "authority_notification",
            at("2026-11-20T08:30:00Z"),
            "2026-11-23T08:30:00Z",
        ),
        (
            "hipaa",
            "individual_notice",
            at("2026-11-20T08:30:00Z"),
            "2027-01-19T08:30:00Z",
        ),
        (
            "dora",
            "initial_notification",
            at("2026-11-20T08:30:00Z"),
            "2026-11-20T12:30:00Z",
        ),
        (
            "dora",
            "initial_notification",
            json!({ "trigger_at": "2026-11-20T08:30:00Z", "limit_trigger_at": "2026-11-19T10:00:00Z" }),
            "2026-11-20T10:00:00Z",
        ),
        (
            "gdpr",
            "data_subject_communication",
            json!({ "trigger_at": "2026-11-20T08:30:00Z", "due_at": "2026-11-27T17:00:00Z" }),
            "2026-11-27T17:00:00Z",
        ),
    ] {
        let body = with(stage(&app, key, name).await, own);
        let made = recorded(&app, &review, &body).await;
        assert_eq!(made.json()["due_at"], due, "{key} {name}");
        assert_eq!(
            (&made.json()["regime"], &made.json()["stage"]),
            (&json!(key), &json!(name))
        );
        let read = app.reader().get(path_of(&made)).await.expect(200);
        assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
        let deadline = format!("/api/v1/deadlines?resource_id={}", made.id());
        let deadline = app.reader().get(deadline).await.expect(200).items();
        assert_eq!(deadline[0]["due_at"], due);
        assert_eq!(
            (&deadline[0]["kind"], &deadline[0]["resource_type"]),
            (&json!("obligation_due"), &json!("obligation"))
        );
    }
    let body = with(
        stage(&app, "nis2", "early_warning").await,
        at("2026-11-20T08:30:00Z"),
    );
    let made = recorded(&app, &review, &body).await.json();
    assert_eq!(
        (&made["title"], &made["trigger"]),
        (&json!("Early warning"), &json!("aware"))
    );
    let clock = json!({ "period": { "amount": 24, "unit": "calendar_hours" }, "limit": null });
    assert_eq!(made["clock"], clock);
}

async fn business_days_and_months_end_where_the_calendar_says(app: App) {
    let review = a_review(&app).await;
    let eight_k = with(
        stage(&app, "sec_8k", "form_8k").await,
        json!({ "trigger_at": "2026-11-21T00:00:00Z" }),
    );
    let due = async || recorded(&app, &review, &eight_k).await.json();
    // By the built-in calendar it was Saturday: Monday to Thursday.
    assert_eq!(due().await["due_at"], "2026-11-26T17:00:00Z");
    let calendar = json!({
        "name": "New York", "time_zone": "America/New_York", "is_default": true,
        "holidays": [{ "date": "2026-11-26", "name": "Thanksgiving Day" }],
    });
    let calendar = app
        .admin()
        .post("/api/v1/calendars", &calendar)
        .await
        .expect(201);
    // There it was still Friday, and Thursday is a holiday.
    let now = due().await;
    assert_eq!(now["due_at"], "2026-11-27T22:00:00Z");
    assert_eq!(now["calendar_id"], calendar.id());
    let path = format!("/api/v1/calendars/{}", calendar.id());
    app.admin().delete(&path).if_match("*").await.expect(204);
    let kept = app.reader().get(&path).await.expect(200).json();
    assert_ne!(
        kept["archived_at"],
        Value::Null,
        "an obligation counts by it"
    );

    app.wait(Duration::days(120));
    for (at, end) in [
        ("2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"),
        ("2027-02-28T10:00:00Z", "2027-03-28T10:00:00Z"),
        ("2026-12-15T10:00:00Z", "2027-01-15T10:00:00Z"),
    ] {
        let report = with(
            stage(&app, "nis2", "final_report").await,
            json!({ "trigger_at": at }),
        );
        assert_eq!(recorded(&app, &review, &report).await.json()["due_at"], end);
    }
}

async fn an_obligation_is_submitted_in_time_or_late(app: App) {
    let review = a_review(&app).await;
    app.wait(Duration::days(5));
    for (at, status, latency, margin, deadline) in [
        ("2026-11-25T12:00:00Z", "met", 172_800, 86_400, "met"),
        ("2026-11-26T12:00:00Z", "met", 259_200, 0, "met"),
        ("2026-11-26T12:00:01Z", "met_late", 259_201, -1, "breached"),
    ] {
        let made = recorded(&app, &review, &free(json!({}))).await;
        let path = path_of(&made);
        assert_eq!(
            (
                &made.json()["latency_seconds"],
                &made.json()["margin_seconds"]
            ),
            (&Value::Null, &Value::Null)
        );
        let body = json!({ "submitted_at": at, "reference": "NCSC-2026-00417" });
        let done = step(&app, &path, "submit", &body).await.expect(200).json();
        assert_eq!(done["status"], status);
        assert_eq!(
            (&done["latency_seconds"], &done["margin_seconds"]),
            (&json!(latency), &json!(margin))
        );
        assert_eq!(done["reference"], "NCSC-2026-00417");
        assert_eq!(done["submitted_by"], done["created_by"]);
        let due = format!("/api/v1/deadlines?resource_id={}", made.id());
        let due = app.reader().get(due).await.expect(200).items();
        assert_eq!(
            (&due[0]["state"], &due[0]["met_at"]),
            (&json!(deadline), &json!(at))
        );
        for (verb, body) in [("submit", json!({})), ("waive", json!({ "reason": "x" }))] {
            let refused = step(&app, &path, verb, &body).await;
            let refused = refused.problem(409, "state_conflict").faults();
            assert_eq!(refused, faults(&[("", "obligation_is_submitted")]));
        }
        let patch = app.contributor().patch(&path, &json!({ "title": "x" }));
        let refused = patch
            .if_match("*")
            .await
            .problem(409, "state_conflict")
            .faults();
        assert_eq!(refused, faults(&[("", "obligation_is_submitted")]));
    }
    // Nothing said means now; and a step needs the version that was read.
    let made = recorded(&app, &review, &free(json!({}))).await;
    let submit = app
        .contributor()
        .post(path_of(&made) + "/submit", &json!({}));
    submit.clone().await.problem(428, "precondition_required");
    let done = submit
        .clone()
        .if_match(&made.etag())
        .key("one")
        .await
        .expect(200);
    assert_eq!(done.json()["submitted_at"], "2026-11-28T12:00:00Z");
    let again = submit
        .clone()
        .if_match(&made.etag())
        .key("one")
        .await
        .expect(200);
    assert_eq!(again.body, done.body);
    submit
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    for (at, code) in [
        ("2026-11-23T11:59:59Z", "before_trigger"),
        ("2026-11-28T12:00:01Z", "in_the_future"),
    ] {
        let made = recorded(&app, &review, &free(json!({}))).await;
        let refused = step(
            &app,
            &path_of(&made),
            "submit",
            &json!({ "submitted_at": at }),
        )
        .await;
        let refused = refused.problem(422, "validation_failed").faults();
        assert_eq!(refused, faults(&[("/submitted_at", code)]));
    }
}

async fn an_obligation_stands_where_time_and_its_review_say(app: App) {
    let review = a_review(&app).await;
    let made = recorded(&app, &review, &free(json!({}))).await;
    let path = path_of(&made);
    let review = review.published().await;
    let status = async || {
        let reply = app.reader().get(&path).await.expect(200);
        (reply.json()["status"].clone(), reply.etag())
    };
    let (pending, first) = status().await;
    assert_eq!(pending, "pending");
    app.wait(Duration::days(2));
    let (soon, second) = status().await;
    assert_eq!(soon, "due_soon");
    assert_ne!(first, second, "what is read has changed");
    app.wait(Duration::days(1) + Duration::seconds(1));
    assert_eq!(status().await.0, "overdue");
    review.step("close", &json!({})).await.expect(200);
    assert_eq!(status().await.0, "missed");
    // The version has not: a tag from before still names it. Late is better than never.
    let submit = app.contributor().post(format!("{path}/submit"), &json!({}));
    let done = submit.if_match(&first).await.expect(200);
    assert_eq!(done.json()["status"], "met_late");
    // Nothing new is recorded of a review that has ended.
    let late = app
        .contributor()
        .post(review.path("/obligations"), &free(json!({})));
    let refused = late.await.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "review_is_closed")]));
}

async fn an_obligation_that_does_not_apply_is_waived_and_can_be_reopened(app: App) {
    let review = a_review(&app).await;
    let made = recorded(&app, &review, &free(json!({}))).await;
    let path = path_of(&made);
    let bare = step(&app, &path, "waive", &json!({})).await;
    let refused = bare.problem(422, "validation_failed").faults();
    assert_eq!(refused, faults(&[("/reason", "required")]));
    let open = step(&app, &path, "reopen", &json!({ "reason": "x" })).await;
    let refused = open.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "obligation_is_open")]));
    let why = json!({ "reason": "No personal data was affected" });
    let waived = step(&app, &path, "waive", &why).await.expect(200).json();
    assert_eq!(waived["status"], "not_applicable");
    assert_eq!(waived["waiver"]["reason"], why["reason"]);
    let due = format!("/api/v1/deadlines?resource_id={}", made.id());
    assert!(app.reader().get(&due).await.expect(200).items().is_empty());
    app.wait(Duration::days(30));
    let still = app.reader().get(&path).await.expect(200).json();
    assert_eq!(still["status"], "not_applicable");
    let refused = step(&app, &path, "submit", &json!({})).await;
    let refused = refused.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "obligation_is_waived")]));

    let why = json!({ "reason": "There was, after all" });
    let open = step(&app, &path, "reopen", &why).await.expect(200).json();
    assert_eq!(
        (&open["status"], &open["waiver"]),
        (&json!("overdue"), &Value::Null)
    );
    assert_eq!(app.reader().get(&due).await.expect(200).items().len(), 1);
    step(&app, &path, "submit", &json!({})).await.expect(200);
    let open = step(&app, &path, "reopen", &why).await.expect(200).json();
    assert_eq!(
        (&open["submitted_at"], &open["latency_seconds"]),
        (&Value::Null, &Value::Null)
    );
    let log = format!(
        "/api/v1/audit-records?resource_id={}&sort=sequence",
        made.id()
    );
    let records = app.auditor().all(&log, 50).await;
    let actions: Vec<_> = records.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(
        actions,
        [
            "obligation.record",
            "obligation.waive",
            "obligation.reopen",
            "obligation.submit",
            "obligation.reopen"
        ]
    );
    assert_eq!(records[2]["after"]["reason"], why["reason"]);
    assert_eq!(records[2]["review_id"], review.id);
}

async fn a_change_computes_another_moment_by_the_hours_of_then(app: App) {
    let review = a_review(&app).await;
    let warning = stage(&app, "nis2", "early_warning").await;
    let warning = with(warning, json!({ "trigger_at": "2026-11-23T06:00:00Z" }));
    let made = recorded(&app, &review, &warning).await;
    let path = path_of(&made);
    let patch = app.contributor().patch(&path, &json!({
        "trigger_at": "2026-11-22T06:00:00Z", "title": "To the CSIRT", "description": "By the form",
        "owner": { "name": "Ada", "subject": "ada@example.org" },
    }));
    patch.clone().await.problem(428, "precondition_required");
    let changed = patch.clone().if_match(&made.etag()).await.expect(200);
    let body = changed.json();
    assert_eq!(
        (&body["due_at"], &body["title"]),
        (&json!("2026-11-23T06:00:00Z"), &json!("To the CSIRT"))
    );
    assert_eq!(
        (&body["status"], &body["version"]),
        (&json!("overdue"), &json!(2))
    );
    patch
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    let due = format!("/api/v1/deadlines?resource_id={}", made.id());
    let due = app.reader().get(due).await.expect(200).items();
    assert_eq!(
        (&due[0]["due_at"], &due[0]["owner"]),
        (&body["due_at"], &json!("ada@example.org"))
    );
    let refused = async |change: Value, expected: &[(&str, &str)]| {
        let patch = app.contributor().patch(&path, &change).if_match("*");
        let found = patch.await.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(expected), "{change}");
    };
    refused(
        json!({ "due_at": "2026-12-24T12:00:00Z" }),
        &[("/due_at", "computed")],
    )
    .await;
    refused(
        json!({ "stage": "final_report" }),
        &[("/stage", "not_changeable")],
    )
    .await;
    refused(
        json!({ "regime_id": null }),
        &[("/regime_id", "not_changeable")],
    )
    .await;
    refused(
        json!({ "trigger_at": "2026-11-23T13:00:00Z", "limit_trigger_at": "2026-11-23T11:00:00Z" }),
        &[
            ("/limit_trigger_at", "without_limit"),
            ("/trigger_at", "in_the_future"),
        ],
    )
    .await;
    // What is free is said as it is.
    let made = recorded(&app, &review, &free(json!({ "trigger": "paid" }))).await;
    let change = json!({ "due_at": "2026-12-01T12:00:00Z", "trigger": "other", "title": null });
    let patch = app
        .contributor()
        .patch(path_of(&made), &change)
        .if_match(&made.etag());
    let found = patch.await.problem(422, "validation_failed").faults();
    assert_eq!(found, faults(&[("/title", "required")]));
    let change = json!({ "due_at": "2026-12-01T12:00:00Z", "trigger": "other" });
    let patch = app
        .contributor()
        .patch(path_of(&made), &change)
        .if_match(&made.etag());
    let changed = patch.await.expect(200).json();
    assert_eq!(
        (&changed["due_at"], &changed["trigger"]),
        (&change["due_at"], &change["trigger"])
    );
}

async fn every_fault_of_an_obligation_is_told_at_once(app: App) {
    let review = a_review(&app).await;
    let nis2 = stage(&app, "nis2", "early_warning").await;
    let at = "2026-11-23T12:00:00Z";
    let refused = async |body: Value, expected: &[(&str, &str)]| {
        let call = app.contributor().post(review.path("/obligations"), &body);
        let found = call.await.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(expected), "{body}");
    };
    refused(json!({}), &[("/trigger_at", "required")]).await;
    refused(
        json!({ "trigger_at": at }),
        &[("/due_at", "required"), ("/title", "required")],
    )
    .await;
    refused(
        free(json!({ "due_at": "2026-11-23T11:00:00Z", "limit_trigger_at": at })),
        &[
            ("/due_at", "before_trigger"),
            ("/limit_trigger_at", "without_limit"),
        ],
    )
    .await;
    refused(
        with(
            nis2.clone(),
            json!({ "trigger_at": "2026-11-23T12:05:01Z", "due_at": at, "trigger": "paid" }),
        ),
        &[
            ("/due_at", "computed"),
            ("/trigger", "given_by_stage"),
            ("/trigger_at", "in_the_future"),
        ],
    )
    .await;
    let only = |field: &str| json!({ field: nis2[field], "trigger_at": at });
    refused(only("regime_id"), &[("/stage", "required")]).await;
    refused(only("stage"), &[("/regime_id", "required")]).await;
    let other = with(
        nis2.clone(),
        json!({ "stage": "late_warning", "trigger_at": at }),
    );
    refused(other, &[("/stage", "not_found")]).await;
    let nobody = json!({ "regime_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11", "trigger_at": at });
    let nobody = with(nis2.clone(), nobody);
    refused(nobody, &[("/regime_id", "not_found")]).await;
    let undated = stage(&app, "gdpr", "data_subject_communication").await;
    let undated = with(undated, json!({ "trigger_at": at }));
    refused(undated, &[("/due_at", "required")]).await;
    // A little ahead of our clock is not the future.
    recorded(
        &app,
        &review,
        &with(nis2, json!({ "trigger_at": "2026-11-23T12:05:00Z" })),
    )
    .await;
}

async fn a_regime_that_changes_changes_no_obligation(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let regime = admin
        .post(REGIMES, &debrief_tests::world::regime())
        .await
        .expect(201);
    let body = json!({
        "regime_id": regime.id(), "stage": "report", "trigger_at": "2026-11-23T06:00:00Z",
    });
    let made = recorded(&app, &review, &body).await;
    assert_eq!(made.json()["due_at"], "2026-11-26T06:00:00Z");
    let stage = json!({ "name": "report", "title": "Report", "trigger": "aware", "amount": 2, "unit": "calendar_hours" });
    let path = format!("{REGIMES}/{}", regime.id());
    let patch = admin
        .patch(path, &json!({ "stages": [stage] }))
        .if_match(&regime.etag());
    patch.await.expect(200);
    let path = path_of(&made);
    assert_eq!(
        app.reader().get(&path).await.expect(200).json(),
        made.json()
    );
    let patch = app
        .contributor()
        .patch(&path, &json!({ "trigger_at": "2026-11-22T06:00:00Z" }));
    let changed = patch.if_match(&made.etag()).await.expect(200).json();
    assert_eq!(changed["due_at"], "2026-11-25T06:00:00Z");
    assert_eq!(
        recorded(&app, &review, &body).await.json()["due_at"],
        "2026-11-23T08:00:00Z"
    );
}

async fn obligations_are_found_by_where_they_stand(app: App) {
    let (review, other) = (a_review(&app).await, a_review(&app).await);
    let mut made = Vec::new();
    for (title, due) in [
        ("waived", "2026-11-24T12:00:00Z"),
        ("met", "2026-11-24T12:00:00Z"),
        ("late", "2026-11-24T13:00:00Z"),
        ("overdue", "2026-11-25T12:00:00Z"),
        ("soon", "2026-11-27T11:00:00Z"),
        ("pending", "2026-12-24T12:00:00Z"),
    ] {
        app.wait(Duration::minutes(1));
        let own = json!({ "title": title, "due_at": due, "owner": { "name": title } });
        made.push(recorded(&app, &review, &free(own)).await);
    }
    let warning = with(
        stage(&app, "nis2", "early_warning").await,
        json!({ "title": "missed", "trigger_at": "2026-11-23T12:00:00Z" }),
    );
    recorded(&app, &other, &warning).await;
    let nis2 = warning["regime_id"].as_str().expect("an id").to_owned();
    step(&app, &path_of(&made[0]), "waive", &json!({ "reason": "x" }))
        .await
        .expect(200);
    step(&app, &path_of(&made[1]), "submit", &json!({}))
        .await
        .expect(200);
    app.wait(Duration::days(3));
    step(&app, &path_of(&made[2]), "submit", &json!({}))
        .await
        .expect(200);
    other
        .step("cancel", &json!({ "reason": "an error" }))
        .await
        .expect(200);
    let own = format!("review_id={}", review.id);
    let table: [(String, &[&str]); 16] = [
        ("status=not_applicable".to_owned(), &["waived"]),
        ("status=met".to_owned(), &["met"]),
        ("status=met_late".to_owned(), &["late"]),
        ("status=overdue".to_owned(), &["overdue"]),
        ("status=missed".to_owned(), &["missed"]),
        ("status=due_soon".to_owned(), &["soon"]),
        ("status=pending".to_owned(), &["pending"]),
        (
            "status=overdue&status=missed".to_owned(),
            &["missed", "overdue"],
        ),
        (
            own.clone(),
            &["waived", "met", "late", "overdue", "soon", "pending"],
        ),
        (
            format!("{own}&sort=-due_at"),
            &["pending", "soon", "overdue", "late", "met", "waived"],
        ),
        (
            format!("{own}&sort=-created_at"),
            &["pending", "soon", "overdue", "late", "met", "waived"],
        ),
        (format!("regime_id={nis2}"), &["missed"]),
        ("owner=soon&owner=met".to_owned(), &["met", "soon"]),
        ("trigger=aware".to_owned(), &["missed"]),
        (
            "due_at_from=2026-11-24T13:00:00Z&due_at_to=2026-11-27T11:00:00Z".to_owned(),
            &["late", "overdue"],
        ),
        (
            "submitted_at_from=2026-11-24T00:00:00Z&submitted_at_to=2026-12-01T00:00:00Z"
                .to_owned(),
            &["late"],
        ),
    ];
    for (query, expected) in &table {
        let list = app
            .reader()
            .all(&format!("/api/v1/obligations?{query}"), 2)
            .await;
        let titles: Vec<_> = list.iter().map(|one| one["title"].clone()).collect();
        assert_eq!(titles, *expected, "{query}");
        let status = |one: &Value| one["status"].as_str().unwrap_or_default().to_owned();
        for one in &list {
            let asked = query.contains("status=");
            assert!(!asked || query.contains(&status(one)), "{query}: {one}");
        }
    }
    let of_review = |query: &str| review.path(&format!("/obligations?{query}"));
    for (query, expected) in [
        ("status=overdue&status=missed", 1),
        ("", 6),
        ("trigger=aware", 0),
    ] {
        let list = app.reader().all(&of_review(query), 2).await;
        assert_eq!(list.len(), expected, "{query}");
    }
}

async fn obligations_of_hidden_reviews_and_other_organisations_do_not_exist(app: App) {
    let hidden = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let made = app
        .admin()
        .post(hidden.path("/obligations"), &free(json!({})))
        .await;
    let path = path_of(&made.expect(201));
    for (client, expected) in [
        (app.admin(), 1),
        (app.contributor(), 0),
        (app.stranger(), 0),
    ] {
        assert_eq!(client.all("/api/v1/obligations", 50).await.len(), expected);
        if expected == 0 {
            client.get(&path).await.problem(404, "not_found");
            client
                .get(hidden.path("/obligations"))
                .await
                .problem(404, "not_found");
            let call = client.post(hidden.path("/obligations"), &free(json!({})));
            call.await.problem(404, "not_found");
            let call = client.post(format!("{path}/submit"), &json!({}));
            call.if_match("*").await.problem(404, "not_found");
        }
    }
    // Nor is one of another review found under this one.
    let shown = a_review(&app).await;
    let id = path.rsplit('/').next().expect("an id");
    let other = shown.path(&format!("/obligations/{id}"));
    app.admin().get(other).await.problem(404, "not_found");
}
