//! Business calendars: what one is, which one counts, and what counting by it comes to.

use debrief_tests::reply::Reply;
use debrief_tests::world::{calendar, policy};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_calendar_is_defined_read_changed_and_removed,
    every_fault_of_a_calendar_is_told_at_once,
    one_calendar_is_the_default_and_the_built_in_one_where_there_is_none,
    a_calendar_in_use_is_archived_and_can_be_restored,
    time_is_counted_as_it_is_documented,
    calendars_are_listed_by_name_and_by_age,
);

const PATH: &str = "/api/v1/calendars";

fn with(mut body: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

async fn defined(app: &App, own: Value) -> Reply {
    let body = with(calendar(), own);
    app.admin().post(PATH, &body).await.expect(201)
}

fn path_of(made: &Reply) -> String {
    format!("{PATH}/{}", made.id())
}

fn faults(places: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    places.iter().map(own).collect()
}

async fn a_calendar_is_defined_read_changed_and_removed(app: App) {
    let admin = app.admin();
    let own = json!({
        "working_hours": { "monday": [{ "from": "08:00", "to": "12:00" }, { "from": "13:00", "to": "24:00" }] },
        "holidays": [{ "date": "2026-12-25", "name": "Christmas Day" }],
    });
    let made = defined(&app, own.clone()).await;
    let path = path_of(&made);
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    assert_eq!(body["holidays"], own["holidays"]);
    assert_eq!(
        body["working_hours"]["monday"],
        own["working_hours"]["monday"]
    );
    assert_eq!(body["working_hours"]["tuesday"], json!([]));
    assert_eq!(
        (&body["is_default"], &body["is_built_in"]),
        (&json!(false), &json!(false))
    );
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));

    let change = json!({ "name": "Cork office", "working_hours": null });
    let patch = admin.patch(&path, &change);
    patch.clone().await.problem(428, "precondition_required");
    let changed = patch.clone().if_match(&made.etag()).await.expect(200);
    let office = json!([{ "from": "09:00", "to": "17:00" }]);
    assert_eq!(changed.json()["working_hours"]["friday"], office);
    assert_eq!(changed.json()["holidays"], own["holidays"]);
    patch
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");

    let other = defined(&app, json!({})).await;
    let taken = json!({ "name": "Cork office" });
    let taken = admin.patch(path_of(&other), &taken).if_match(&other.etag());
    let taken = taken.await.problem(409, "conflict");
    assert_eq!(taken.faults(), faults(&[("/name", "taken")]));
    // Elsewhere the name is free, and what is here does not exist.
    let stranger = app.stranger();
    let same = with(calendar(), json!({ "name": "Cork office" }));
    stranger.post(PATH, &same).await.expect(201);
    stranger.get(&path).await.problem(404, "not_found");

    let remove = admin.delete(&path);
    remove
        .clone()
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    remove.if_match(&changed.etag()).await.expect(204);
    admin.get(&path).await.problem(404, "not_found");
    let log = format!(
        "/api/v1/audit-records?resource_id={}&sort=sequence",
        made.id()
    );
    let records = app.auditor().all(&log, 50).await;
    let actions: Vec<_> = records.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(
        actions,
        ["calendar.define", "calendar.update", "calendar.remove"]
    );
}

async fn every_fault_of_a_calendar_is_told_at_once(app: App) {
    let refused = async |own: Value, expected: &[(&str, &str)]| {
        let body = with(calendar(), own);
        let reply = app.admin().post(PATH, &body).await;
        let found = reply.problem(422, "validation_failed").faults();
        assert_eq!(found, faults(expected), "{body}");
    };
    let christmas = json!({ "date": "2026-12-25", "name": "Christmas Day" });
    refused(
        json!({
            "time_zone": "Dublin",
            "working_hours": { "monday": [{ "from": "17:00", "to": "09:00" }], "friday": [
                { "from": "09:00", "to": "12:00" }, { "from": "11:00", "to": "17:00" },
            ] },
            "holidays": [christmas, christmas],
        }),
        &[
            ("/holidays/1/date", "repeated_item"),
            ("/time_zone", "unknown_time_zone"),
            ("/working_hours/friday/1/from", "overlaps"),
            ("/working_hours/monday/0/to", "before_from"),
        ],
    )
    .await;
    refused(
        json!({ "working_hours": {} }),
        &[("/working_hours", "too_little")],
    )
    .await;
    refused(
        json!({
            "working_hours": { "monday": [{ "from": "24:00", "to": "25:00" }], "noday": [] },
            "holidays": [{ "date": "2026-02-30", "name": "" }],
        }),
        &[
            ("/holidays/0/date", "invalid_format"),
            ("/holidays/0/name", "too_short"),
            ("/working_hours/monday/0/from", "invalid_format"),
            ("/working_hours/monday/0/to", "invalid_format"),
            ("/working_hours/noday", "unknown_field"),
        ],
    )
    .await;
}

async fn one_calendar_is_the_default_and_the_built_in_one_where_there_is_none(app: App) {
    let admin = app.admin();
    let path = format!("{PATH}/default");
    let built_in = app.reader().get(&path).await.expect(200).json();
    assert_eq!(built_in["id"], Value::Null);
    assert_eq!(
        (&built_in["is_built_in"], &built_in["time_zone"]),
        (&json!(true), &json!("UTC"))
    );
    let rename = json!({ "name": "Ours" });
    for call in [admin.patch(&path, &rename), admin.delete(&path)] {
        let refused = call.if_match("*").await.problem(409, "state_conflict");
        assert_eq!(refused.faults(), faults(&[("", "calendar_is_built_in")]));
    }

    let first = defined(&app, json!({ "is_default": true })).await;
    assert_eq!(admin.get(&path).await.expect(200).id(), first.id());
    let second = defined(&app, json!({ "name": "Cork office", "is_default": true })).await;
    assert_eq!(admin.get(&path).await.expect(200).id(), second.id());
    let former = admin.get(path_of(&first)).await.expect(200);
    assert_eq!(
        (&former.json()["is_default"], &former.json()["version"]),
        (&json!(false), &json!(2))
    );
    let again = json!({ "is_default": true });
    let again = admin
        .patch(path_of(&first), &again)
        .if_match(&former.etag());
    let again = again.await.expect(200);
    assert_eq!(admin.get(&path).await.expect(200).json(), again.json());
    // By its own name it can be changed as well.
    let call = admin.patch(&path, &rename).if_match(&again.etag());
    assert_eq!(call.await.expect(200).json()["name"], "Ours");
    let none = json!({ "is_default": false });
    admin.patch(&path, &none).if_match("*").await.expect(200);
    let now = admin.get(&path).await.expect(200).json();
    assert_eq!(now["is_built_in"], true);
    // Somebody else's default is not ours.
    let theirs = with(calendar(), json!({ "is_default": true }));
    app.stranger().post(PATH, &theirs).await.expect(201);
    assert_eq!(admin.get(&path).await.expect(200).json(), now);
}

async fn a_calendar_in_use_is_archived_and_can_be_restored(app: App) {
    let admin = app.admin();
    let made = defined(&app, json!({ "is_default": true })).await;
    let path = path_of(&made);
    let named = with(policy(), json!({ "calendar_id": made.id() }));
    let user = admin.post("/api/v1/policies", &named).await.expect(201);
    // The policy counts by another now; its first version stays readable, and so does what it names.
    let policy_path = format!("/api/v1/policies/{}", user.id());
    let other = json!({ "calendar_id": null });
    let changed = admin
        .patch(&policy_path, &other)
        .if_match(&user.etag())
        .await;
    changed.expect(200);
    admin.delete(&path).if_match(&made.etag()).await.expect(204);
    let archived = admin.get(&path).await.expect(200);
    assert_ne!(archived.json()["archived_at"], Value::Null);
    assert_eq!(archived.json()["is_default"], false);
    let again = with(
        policy(),
        json!({ "name": "Again", "calendar_id": made.id() }),
    );
    let refused = admin.post("/api/v1/policies", &again).await;
    let refused = refused.problem(422, "validation_failed").faults();
    assert_eq!(refused, faults(&[("/calendar_id", "not_found")]));
    let rename = admin.patch(&path, &json!({ "name": "x" }));
    let rename = rename.if_match(&archived.etag()).await;
    let refused = rename.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "calendar_is_archived")]));

    let count = async |query: &str| {
        let list = admin.get(format!("{PATH}?{query}")).await.expect(200);
        list.items().len()
    };
    assert_eq!(
        (count("archived=true").await, count("archived=false").await),
        (1, 0)
    );
    let restore = admin
        .post(format!("{path}/restore"), &Value::Null)
        .bytes("");
    let restored = restore.clone().if_match(&archived.etag()).await.expect(200);
    assert_eq!(restored.json()["archived_at"], Value::Null);
    let twice = restore.if_match(&restored.etag()).await;
    let refused = twice.problem(409, "state_conflict").faults();
    assert_eq!(refused, faults(&[("", "calendar_is_not_archived")]));
    admin.post("/api/v1/policies", &again).await.expect(201);
    // What belongs to somebody else cannot be named at all.
    let theirs = app.stranger().post(PATH, &calendar()).await.expect(201);
    let named = with(
        policy(),
        json!({ "name": "Theirs", "calendar_id": theirs.id() }),
    );
    let refused = admin.post("/api/v1/policies", &named).await;
    let refused = refused.problem(422, "validation_failed").faults();
    assert_eq!(refused, faults(&[("/calendar_id", "not_found")]));
}

async fn time_is_counted_as_it_is_documented(app: App) {
    let reader = app.reader();
    let holidays = json!([{ "date": "2026-12-08", "name": "Immaculate Conception" }]);
    let rome = json!({ "name": "Rome", "time_zone": "Europe/Rome", "holidays": holidays });
    let rome = path_of(&defined(&app, rome).await);
    let utc = format!("{PATH}/default");
    for (calendar, from, amount, unit, due) in [
        // Friday 16:00 and 5 business days: the next Friday at the close.
        (
            &utc,
            "2026-11-27T16:00:00Z",
            5,
            "business_days",
            "2026-12-04T17:00:00Z",
        ),
        (
            &utc,
            "2026-11-27T16:00:00Z",
            5,
            "business_hours",
            "2026-11-30T13:00:00Z",
        ),
        // The same in Rome, where it is an hour later; the 8th is a holiday.
        (
            &rome,
            "2026-12-04T15:00:00Z",
            2,
            "business_days",
            "2026-12-09T16:00:00Z",
        ),
        (
            &rome,
            "2026-12-07T15:00:00Z",
            2,
            "business_hours",
            "2026-12-09T09:00:00Z",
        ),
        // Calendar time ends on a holiday, too.
        (
            &rome,
            "2026-12-07T15:00:00Z",
            1,
            "calendar_days",
            "2026-12-08T15:00:00Z",
        ),
        // Over the night on which clocks go forward: the wall clock stays, or the hours do.
        (
            &rome,
            "2026-03-28T15:00:00Z",
            1,
            "calendar_days",
            "2026-03-29T14:00:00Z",
        ),
        (
            &rome,
            "2026-03-28T15:00:00Z",
            24,
            "calendar_hours",
            "2026-03-29T15:00:00Z",
        ),
        (
            &rome,
            "2026-03-28T01:30:00Z",
            1,
            "calendar_days",
            "2026-03-29T01:00:00Z",
        ),
        (
            &rome,
            "2027-01-31T09:00:00Z",
            1,
            "calendar_months",
            "2027-02-28T09:00:00Z",
        ),
    ] {
        let path = format!("{calendar}/due-date?from={from}&amount={amount}&unit={unit}");
        let found = reader.get(path).await.expect(200).json();
        assert_eq!(found["due_at"], due, "{from} {amount} {unit}");
        assert_eq!(found["period"], json!({ "amount": amount, "unit": unit }));
    }
    // From now, when nothing is said: Monday noon.
    let found = reader
        .get(format!("{utc}/due-date"))
        .await
        .expect(200)
        .json();
    assert_eq!(found["from"], "2026-11-23T12:00:00Z");
    assert_eq!(found["due_at"], "2026-11-24T17:00:00Z");
    for (query, name, code) in [
        ("amount=0", "amount", "out_of_range"),
        ("amount=1001", "amount", "out_of_range"),
        ("unit=fortnights", "unit", "unknown_value"),
        ("from=9999-12-31T12:00:00Z", "from", "out_of_range"),
    ] {
        let refused = reader.get(format!("{utc}/due-date?{query}")).await;
        let refused = refused.problem(400, "invalid_parameter").faults();
        assert_eq!(refused, faults(&[(name, code)]));
    }
}

async fn calendars_are_listed_by_name_and_by_age(app: App) {
    for name in ["B", "A", "C"] {
        app.wait(chrono::Duration::minutes(1));
        defined(&app, json!({ "name": name })).await;
    }
    for (sort, expected) in [
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("created_at", ["B", "A", "C"]),
        ("-created_at", ["C", "A", "B"]),
    ] {
        let list = app.reader().all(&format!("{PATH}?sort={sort}"), 2).await;
        let names: Vec<_> = list.iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, expected, "{sort}");
    }
}
