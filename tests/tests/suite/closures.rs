//! What an incident's closure brings about: the mandatory review, once, and its deadlines.

use chrono::Duration;
use debrief_tests::reply::Reply;
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    an_incident_that_is_closed_in_any_way_opens_its_mandatory_review,
    the_deadlines_of_a_review_count_from_the_closure,
    deadlines_are_counted_in_the_time_of_the_policys_calendar,
    nothing_is_opened_where_no_policy_asks_for_it,
    an_incident_that_is_reviewed_already_gets_no_second_review,
    an_incident_that_is_closed_again_gets_no_second_review_unless_the_first_was_cancelled,
    several_who_close_an_incident_at_once_open_one_review,
    a_review_that_was_open_begins_to_count_when_its_last_incident_is_closed,
    an_event_that_marks_the_closure_closes_the_incident,
);

const INCIDENTS: &str = "/api/v1/incidents";

fn with(mut body: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

/// A policy that makes every review mandatory.
async fn mandatory(app: &App, own: Value) -> Reply {
    let body =
        json!({ "name": "All of them", "requirement": "mandatory", "required_functions": [] });
    let made = app.admin().post("/api/v1/policies", &with(body, own)).await;
    made.expect(201)
}

async fn recorded(app: &App, own: Value) -> Reply {
    let body = with(incident(), own);
    app.contributor().post(INCIDENTS, &body).await.expect(201)
}

async fn closed(app: &App, made: &Reply) {
    let path = format!("{INCIDENTS}/{}", made.id());
    let tag = app.contributor().get(&path).await.expect(200).etag();
    let patch = app
        .contributor()
        .patch(&path, &json!({ "status": "closed" }));
    patch.if_match(&tag).await.expect(200);
}

/// The reviews about an incident.
async fn reviews(app: &App, incident: &str) -> Vec<Value> {
    let path = format!("/api/v1/reviews?incident_id={incident}");
    app.reader().all(&path, 50).await
}

async fn an_incident_that_is_closed_in_any_way_opens_its_mandatory_review(app: App) {
    let policy = mandatory(&app, json!({})).await;
    let client = app.contributor();
    let at_once = recorded(&app, json!({ "status": "closed", "title": "At once" })).await;
    let later = recorded(&app, json!({ "title": "Later" })).await;
    assert!(reviews(&app, &later.id()).await.is_empty());
    closed(&app, &later).await;
    let marked = recorded(&app, json!({ "title": "Marked" })).await;
    let times = json!({ "timestamps": { "closed": { "at": "2026-11-20T09:00:00Z" } } });
    let path = format!("{INCIDENTS}/{}", marked.id());
    let patch = client.patch(path, &times).if_match(&marked.etag());
    patch.await.expect(200);
    let sent = async |status: &str, name: &str| {
        let body =
            json!({ "incident": with(incident(), json!({ "status": status, "title": name })) });
        let path = format!("{INCIDENTS}/by-ref/jira/{}", name.replace(' ', "-"));
        let reply = client.put(path, &body).await;
        reply.json()["incident"]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let new = sent("closed", "Sent closed").await;
    let updated = sent("open", "Sent twice").await;
    assert_eq!(sent("closed", "Sent twice").await, updated);
    for (incident, title) in [
        (at_once.id(), "At once"),
        (later.id(), "Later"),
        (marked.id(), "Marked"),
        (new, "Sent closed"),
        (updated, "Sent twice"),
    ] {
        let found = reviews(&app, &incident).await;
        assert_eq!(found.len(), 1, "{title}");
        let review = &found[0];
        assert_eq!(
            (&review["title"], &review["status"]),
            (&json!(title), &json!("draft"))
        );
        assert_eq!(
            (&review["kind"], &review["severity"]),
            (&json!("incident"), &json!("high"))
        );
        assert_eq!(review["created_by"], "system");
        let kept = &review["policy_snapshot"];
        assert_eq!(
            (&kept["policy_id"], &kept["version"]),
            (&json!(policy.id()), &json!(1))
        );
        assert_eq!(kept["opened_review"], true);
        let log = format!(
            "/api/v1/audit-records?review_id={}",
            review["id"].as_str().expect("an id")
        );
        let records = app.auditor().all(&log, 50).await;
        assert_eq!(records.len(), 1);
        assert_eq!(records[0]["action"], "review.open");
        assert_eq!(
            records[0]["after"]["policy_snapshot"]["policy_id"],
            policy.id()
        );
    }
}

async fn the_deadlines_of_a_review_count_from_the_closure(app: App) {
    mandatory(&app, json!({})).await;
    // Closed now, which is Monday noon; or when the sender says.
    let table = [
        (
            "critical",
            None,
            "2026-11-26T12:00:00Z",
            "2026-12-07T12:00:00Z",
        ),
        (
            "medium",
            None,
            "2026-11-30T17:00:00Z",
            "2026-12-07T12:00:00Z",
        ),
        (
            "critical",
            Some("2026-11-21T07:30:00Z"),
            "2026-11-24T07:30:00Z",
            "2026-12-05T07:30:00Z",
        ),
        (
            "low",
            Some("2026-11-21T07:30:00Z"),
            "2026-11-27T17:00:00Z",
            "2026-12-05T07:30:00Z",
        ),
    ];
    for (severity, at, workshop, publication) in table {
        let times = at.map_or(json!({}), |at| json!({ "closed": { "at": at } }));
        let own = json!({ "severity": severity, "status": "closed", "timestamps": times });
        let made = recorded(&app, own).await;
        let closure = at.unwrap_or("2026-11-23T12:00:00Z");
        assert_eq!(made.json()["closed_at"], closure);
        let review = reviews(&app, &made.id()).await.remove(0);
        assert_eq!(review["workshop_due_at"], workshop, "{severity} {at:?}");
        assert_eq!(review["publish_due_at"], publication, "{severity} {at:?}");
        let kept = &review["policy_snapshot"];
        assert_eq!(kept["counted_from"], closure);
        assert_eq!(kept["workshop_due_at"], workshop);
        let due = format!(
            "/api/v1/deadlines?review_id={}",
            review["id"].as_str().expect("an id")
        );
        let due = app.reader().all(&due, 50).await;
        let due: Vec<_> = due
            .iter()
            .map(|one| (&one["kind"], &one["due_at"]))
            .collect();
        assert_eq!(
            due,
            [
                (&json!("workshop_due"), &json!(workshop)),
                (&json!("publication_due"), &json!(publication))
            ]
        );
    }
}

async fn deadlines_are_counted_in_the_time_of_the_policys_calendar(app: App) {
    let calendar = json!({
        "name": "New York", "time_zone": "America/New_York",
        "holidays": [{ "date": "2026-11-26", "name": "Thanksgiving Day" }],
    });
    let calendar = app.admin().post("/api/v1/calendars", &calendar).await;
    let calendar = calendar.expect(201).id();
    mandatory(
        &app,
        json!({
            "calendar_id": calendar, "workshop_due": { "amount": 3, "unit": "business_days" },
            "publish_due": { "amount": 20, "unit": "business_hours" },
        }),
    )
    .await;
    let own =
        json!({ "status": "closed", "timestamps": { "closed": { "at": "2026-11-23T03:00:00Z" } } });
    let made = recorded(&app, own).await;
    // It was Sunday evening there: Monday, Tuesday, Wednesday to 17:00, and 20 hours to Wednesday
    // at 13:00, both before the holiday.
    let review = reviews(&app, &made.id()).await.remove(0);
    assert_eq!(review["workshop_due_at"], "2026-11-25T22:00:00Z");
    assert_eq!(review["publish_due_at"], "2026-11-25T18:00:00Z");
    assert_eq!(review["policy_snapshot"]["calendar"]["id"], calendar);
    assert_eq!(
        review["policy_snapshot"]["calendar"]["time_zone"],
        "America/New_York"
    );
    // Later on that Monday, the last of three days falls on the holiday and moves behind it.
    app.wait(Duration::hours(3));
    let own =
        json!({ "status": "closed", "timestamps": { "closed": { "at": "2026-11-23T15:00:00Z" } } });
    let made = recorded(&app, own).await;
    let review = reviews(&app, &made.id()).await.remove(0);
    assert_eq!(review["workshop_due_at"], "2026-11-27T22:00:00Z");
    // 7 hours on Monday, 8 on Tuesday, 5 on Wednesday.
    assert_eq!(review["publish_due_at"], "2026-11-25T19:00:00Z");
}

async fn nothing_is_opened_where_no_policy_asks_for_it(app: App) {
    let shut = json!({ "status": "closed" });
    let quiet = async |own: Value| {
        let made = recorded(&app, with(shut.clone(), own.clone())).await;
        let found = reviews(&app, &made.id()).await;
        assert!(found.is_empty(), "{own}: {found:?}");
    };
    // The built-in policy only recommends.
    quiet(json!({})).await;
    for (name, own) in [
        ("low", json!({ "requirement": "recommended" })),
        ("medium", json!({ "requirement": "optional" })),
        ("critical", json!({ "open_automatically": false })),
        ("high", json!({})),
    ] {
        let own = with(own, json!({ "name": name, "severities": [name] }));
        mandatory(&app, own).await;
    }
    for severity in ["low", "medium", "critical", "informational"] {
        quiet(json!({ "severity": severity })).await;
    }
    quiet(json!({ "backfilled": true })).await;
    quiet(json!({ "category": "test" })).await;
    quiet(json!({ "certainty": "false_positive" })).await;
    quiet(json!({ "status": "recovered" })).await;
    let made = recorded(&app, shut).await;
    assert_eq!(reviews(&app, &made.id()).await.len(), 1);
    // Nor for somebody else.
    let theirs = with(incident(), json!({ "status": "closed" }));
    app.stranger().post(INCIDENTS, &theirs).await.expect(201);
    assert!(app.stranger().all("/api/v1/reviews", 50).await.is_empty());
}

async fn an_incident_that_is_reviewed_already_gets_no_second_review(app: App) {
    mandatory(&app, json!({})).await;
    let made = recorded(&app, json!({})).await;
    let by_hand = json!({ "title": "By hand", "severity": "high", "incident_ids": [made.id()] });
    let by_hand = app.contributor().post("/api/v1/reviews", &by_hand).await;
    let by_hand = by_hand.expect(201);
    assert_eq!(by_hand.json()["policy_snapshot"]["opened_review"], false);
    assert_eq!(by_hand.json()["workshop_due_at"], Value::Null);
    closed(&app, &made).await;
    let found = reviews(&app, &made.id()).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"], by_hand.id());
    assert_eq!(found[0]["workshop_due_at"], "2026-11-30T17:00:00Z");
    // A waived one is a review, too: it was decided that none is needed.
    let made = recorded(&app, json!({})).await;
    let waived = json!({ "title": "Waived", "severity": "high", "incident_ids": [made.id()] });
    let waived = app
        .facilitator()
        .post("/api/v1/reviews", &waived)
        .await
        .expect(201);
    let why = json!({ "reason": "covered elsewhere", "approver": "ciso@example.org" });
    let path = format!("/api/v1/reviews/{}/waive", waived.id());
    let waive = app.facilitator().post(path, &why).if_match(&waived.etag());
    waive.await.expect(200);
    closed(&app, &made).await;
    let found = reviews(&app, &made.id()).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0]["workshop_due_at"],
        Value::Null,
        "nothing is due of it"
    );
}

async fn an_incident_that_is_closed_again_gets_no_second_review_unless_the_first_was_cancelled(
    app: App,
) {
    mandatory(&app, json!({})).await;
    let made = recorded(&app, json!({ "status": "closed" })).await;
    let path = format!("{INCIDENTS}/{}", made.id());
    let client = app.facilitator();
    let changed = async |change: Value| {
        let tag = client.get(&path).await.expect(200).etag();
        let patch = client.patch(&path, &change).if_match(&tag);
        patch.await.expect(200).json()
    };
    let first = reviews(&app, &made.id()).await.remove(0);
    app.wait(Duration::days(1));
    // Said again, changed otherwise, reopened and closed again.
    assert_eq!(
        changed(json!({ "status": "closed" })).await["closed_at"],
        "2026-11-23T12:00:00Z"
    );
    changed(json!({ "title": "Renamed" })).await;
    assert_eq!(
        changed(json!({ "status": "open" })).await["closed_at"],
        Value::Null
    );
    app.wait(Duration::days(1));
    assert_eq!(
        changed(json!({ "status": "closed" })).await["closed_at"],
        "2026-11-25T12:00:00Z"
    );
    assert_eq!(
        reviews(&app, &made.id()).await,
        std::slice::from_ref(&first),
        "its dates stay, too"
    );

    let review = format!("/api/v1/reviews/{}", first["id"].as_str().expect("an id"));
    let tag = client.get(&review).await.expect(200).etag();
    let why = json!({ "reason": "opened in error" });
    let cancel = client.post(format!("{review}/cancel"), &why).if_match(&tag);
    cancel.await.expect(200);
    changed(json!({ "title": "Renamed again" })).await;
    assert_eq!(
        reviews(&app, &made.id()).await.len(),
        1,
        "it was closed already"
    );
    changed(json!({ "status": "recovered" })).await;
    changed(json!({ "status": "closed" })).await;
    let all = reviews(&app, &made.id()).await;
    let open = all.iter().filter(|one| one["status"] == "draft").count();
    assert_eq!((all.len(), open), (2, 1));
}

async fn several_who_close_an_incident_at_once_open_one_review(app: App) {
    mandatory(&app, json!({})).await;
    let client = app.contributor();
    for round in 0..5 {
        let path = format!("{INCIDENTS}/by-ref/jira/SEC-{round}");
        if round % 2 == 0 {
            let open = json!({ "incident": incident() });
            client.put(&path, &open).await.expect(201);
        }
        let close = (0..8).map(|number| {
            let own = json!({ "status": "closed", "title": format!("Closed {number}") });
            let body = json!({ "incident": with(incident(), own) });
            let call = client.put(&path, &body);
            async move {
                let reply = call.await;
                assert!([200, 201].contains(&reply.status), "{}", reply.text());
                reply.json()["incident"]["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned()
            }
        });
        let ids = join_all(close).await;
        assert_eq!(reviews(&app, &ids[0]).await.len(), 1);
    }
    let verified = app.auditor().get("/api/v1/audit/verify").await.expect(200);
    assert_eq!(verified.json()["valid"], true);
}

async fn a_review_that_was_open_begins_to_count_when_its_last_incident_is_closed(app: App) {
    let (first, second) = (
        recorded(&app, json!({})).await,
        recorded(&app, json!({})).await,
    );
    let set = "2026-12-24T18:00:00Z";
    let review = json!({
        "title": "Both", "severity": "critical", "incident_ids": [first.id(), second.id()],
        "publish_due_at": set,
    });
    let review = app
        .contributor()
        .post("/api/v1/reviews", &review)
        .await
        .expect(201);
    let path = format!("/api/v1/reviews/{}", review.id());
    closed(&app, &first).await;
    let still = app.reader().get(&path).await.expect(200);
    assert_eq!(still.json(), review.json());
    app.wait(Duration::hours(5));
    closed(&app, &second).await;
    let counted = app.reader().get(&path).await.expect(200).json();
    assert_eq!(
        counted["policy_snapshot"]["counted_from"],
        "2026-11-23T17:00:00Z"
    );
    assert_eq!(counted["workshop_due_at"], "2026-11-26T17:00:00Z");
    assert_eq!(counted["publish_due_at"], set, "what somebody set stays");
    assert_eq!(
        counted["policy_snapshot"]["publish_due_at"],
        "2026-12-07T17:00:00Z"
    );
    assert_eq!(counted["version"], 2);
    let log = format!("/api/v1/audit-records?review_id={}", review.id());
    let newest = app.auditor().get(log).await.expect(200).items().remove(0);
    assert_eq!(newest["action"], "review.count_deadlines");
    // One that takes over a closed incident later counts from its closure as well.
    let late = json!({ "title": "Late", "severity": "low" });
    let late = app
        .contributor()
        .post("/api/v1/reviews", &late)
        .await
        .expect(201);
    assert_eq!(
        late.json()["policy_snapshot"]["counted_from"],
        "2026-11-23T17:00:00Z"
    );
    let third = recorded(&app, json!({})).await;
    let waits = json!({ "title": "Waits", "severity": "low", "incident_ids": [third.id()] });
    let waits = app
        .contributor()
        .post("/api/v1/reviews", &waits)
        .await
        .expect(201);
    assert_eq!(waits.json()["policy_snapshot"]["counted_from"], Value::Null);
    let path = format!("/api/v1/reviews/{}", waits.id());
    let patch = app
        .contributor()
        .patch(&path, &json!({ "incident_ids": [first.id()] }));
    let changed = patch.if_match(&waits.etag()).await.expect(200).json();
    assert_eq!(
        changed["policy_snapshot"]["counted_from"],
        "2026-11-23T12:00:00Z"
    );
    assert_eq!(changed["workshop_due_at"], "2026-11-30T17:00:00Z");
}

async fn an_event_that_marks_the_closure_closes_the_incident(app: App) {
    mandatory(&app, json!({})).await;
    let made = recorded(&app, json!({})).await;
    let review = json!({ "title": "By hand", "severity": "high", "incident_ids": [made.id()] });
    let review = app
        .contributor()
        .post("/api/v1/reviews", &review)
        .await
        .expect(201);
    let path = format!("/api/v1/reviews/{}", review.id());
    let event = json!({
        "occurred_at": "2026-11-20T16:00:00Z", "kind": "status_change", "summary": "Closed",
        "marks": ["closed"],
    });
    let call = app.contributor().post(format!("{path}/events"), &event);
    call.await.expect(201);
    let incident = app.reader().get(format!("{INCIDENTS}/{}", made.id())).await;
    assert_eq!(
        incident.expect(200).json()["closed_at"],
        "2026-11-20T16:00:00Z"
    );
    let found = reviews(&app, &made.id()).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["workshop_due_at"], "2026-11-27T17:00:00Z");
    // A batch does it as well, and a review that takes over such an event's incident.
    let other = recorded(&app, json!({})).await;
    let change = json!({ "incident_ids": [made.id(), other.id()] });
    let tag = app.contributor().get(&path).await.expect(200).etag();
    let patch = app.contributor().patch(&path, &change).if_match(&tag);
    let changed = patch.await.expect(200);
    let now = app.reader().get(&path).await.expect(200);
    assert_eq!((changed.json(), changed.etag()), (now.json(), now.etag()));
    let closed = app
        .reader()
        .get(format!("{INCIDENTS}/{}", other.id()))
        .await;
    assert_eq!(
        closed.expect(200).json()["closed_at"],
        "2026-11-20T16:00:00Z"
    );
    assert_eq!(reviews(&app, &other.id()).await.len(), 1);
    let third = recorded(&app, json!({})).await;
    let batch = json!({ "title": "Batch", "severity": "high", "incident_ids": [third.id()] });
    let batch = app
        .contributor()
        .post("/api/v1/reviews", &batch)
        .await
        .expect(201);
    let path = format!("/api/v1/reviews/{}", batch.id());
    let call = app
        .contributor()
        .post(format!("{path}/events/batch"), &json!([event]));
    call.await.expect(200);
    let counted = app.reader().get(&path).await.expect(200).json();
    assert_eq!(
        counted["policy_snapshot"]["counted_from"],
        "2026-11-20T16:00:00Z"
    );
}
