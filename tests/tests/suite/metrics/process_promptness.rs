//! Whether reviews had their workshop and were published within their policies' time, and who led and
//! came.

use chrono::Duration;
use debrief_tests::builders::{Review, Workshop, a_review_with};
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::close;
use super::process::{PROCESS, asked, numbers, records, titles};
use super::work::DAY;

both_databases!(
    what_is_in_time_is_measured_by_the_policys_date,
    a_date_that_was_moved_changes_nothing_and_is_counted,
    a_policy_that_is_applied_again_sets_the_dates_anew,
    who_led_the_workshops_and_who_came_is_counted,
    every_number_of_workshops_leads_to_its_reviews,
    workshops_are_counted_by_the_day_they_were_held,
);

/// Four reviews under a policy that wants a workshop by 2026-11-24T12:00:00Z and a publication two
/// days later; the last on 2026-11-27T12:00:00Z.
pub(super) struct Held {
    policy: String,
    moved: Review,
}

/// A review of an incident that was closed on 2026-11-20T12:00:00Z, or is not closed.
async fn reviewed(app: &App, title: &str, is_closed: bool) -> Review {
    let mut body = incident();
    if is_closed {
        body["timestamps"] = json!({ "closed": { "at": "2026-11-20T12:00:00Z" } });
    }
    let made = app.admin().post("/api/v1/incidents", &body).await;
    let own = json!({ "title": title, "incident_ids": [made.expect(201).id()] });
    a_review_with(app, own).await
}

async fn came(workshop: &Workshop, participant: &str, attendance: &str) {
    let invitation = workshop.invite(participant).await.id();
    let mut body = json!({ "attendance": attendance });
    if attendance == "excused" {
        body["reason"] = json!("On leave");
    }
    let reply = workshop.tell(&invitation, "attendance", &body).await;
    reply.expect(200);
}

async fn was_held(workshop: &Workshop, own: Value) {
    workshop.step("hold", &own).await.expect(200);
}

async fn moved(review: &Review, change: Value) {
    let tag = review.now().await.etag();
    let patch = review.client().patch(review.path(""), &change);
    patch.if_match(&tag).await.expect(200);
}

impl Held {
    pub(super) async fn done(app: &App) -> Self {
        let policy = json!({
            "name": "Ours", "requirement": "mandatory", "open_automatically": false,
            "required_functions": ["it", "legal", "management"],
            "workshop_due": { "amount": 4, "unit": "calendar_days" },
            "publish_due": { "amount": 6, "unit": "calendar_days" },
        });
        let policy = app.admin().post("/api/v1/policies", &policy).await;
        let prompt = reviewed(app, "prompt", true).await;
        let tardy = reviewed(app, "tardy", true).await;
        let put_off = reviewed(app, "moved", true).await;
        let running = reviewed(app, "running", false).await;
        let never = json!("2030-01-01T00:00:00Z");
        moved(
            &put_off,
            json!({ "workshop_due_at": never, "publish_due_at": never }),
        )
        .await;
        moved(
            &running,
            json!({ "publish_due_at": "2026-11-25T12:00:00Z" }),
        )
        .await;

        app.wait(Duration::days(1));
        let workshop = prompt
            .plan(&json!({ "kind": "lessons_learned", "facilitator": { "name": "Nia" } }))
            .await;
        for (name, function, attendance) in [
            ("Kim", "it", "attended"),
            ("Pia", "it", "absent"),
            ("Lea", "legal", "excused"),
            ("Max", "management", "attended"),
        ] {
            let participant = prompt.join(name, function).await;
            came(&workshop, &participant, attendance).await;
        }
        was_held(&workshop, json!({})).await;

        app.wait(Duration::days(1));
        let bob = json!({ "name": "Bob", "function": "it", "involved_in_response": true });
        let bob = tardy.join_as(&bob).await;
        let led = json!({
            "kind": "lessons_learned", "facilitator": { "participant_id": bob },
            "neutrality_override": { "reason": "Nobody else knows the platform" },
        });
        let workshop = tardy.plan(&led).await;
        came(&workshop, &bob, "attended").await;
        let mia = tardy.join("Mia", "management").await;
        workshop.invite(&mia).await;
        was_held(&workshop, json!({})).await;
        let hotwash = put_off.plan(&json!({ "kind": "hotwash" })).await;
        let joe = put_off.join("Joe", "communications").await;
        came(&hotwash, &joe, "attended").await;
        was_held(&hotwash, json!({})).await;

        app.wait(Duration::days(1));
        prompt.published().await;
        app.wait(Duration::days(1));
        Self {
            policy: policy.expect(201).id(),
            moved: put_off,
        }
    }
}

async fn what_is_in_time_is_measured_by_the_policys_date(app: App) {
    Held::done(&app).await;
    let promptness = asked(&app.reader(), "").await["promptness"].clone();
    for (number, n, missing, days) in [
        ("time_to_open", 3, 1, 3.0),
        // Four days and five.
        ("time_to_workshop", 2, 2, 4.5),
        ("time_to_publish", 1, 3, 6.0),
        ("opened_to_workshop", 2, 2, 1.5),
        ("workshop_to_published", 1, 3, 2.0),
        ("opened_to_published", 1, 3, 3.0),
    ] {
        let found = &promptness[number];
        assert_eq!(
            (&found["n"], &found["n_missing"]),
            (&json!(n), &json!(missing)),
            "{number}"
        );
        close(&found["mean"], days * DAY);
        assert_eq!(found["definition"]["name"], number);
    }
    // The running one is overdue by its own date: its policy sets none yet.
    for (rate, part, whole) in [
        ("workshop_on_time_rate", 1, 3),
        ("published_on_time_rate", 1, 4),
    ] {
        let found = &promptness[rate];
        assert_eq!(
            (&found["numerator"], &found["denominator"]),
            (&json!(part), &json!(whole)),
            "{rate}"
        );
    }
    for (query, expected) in [
        ("is=workshop_on_time", vec!["prompt"]),
        ("is=workshop_late", vec!["tardy"]),
        ("is=workshop_overdue", vec!["moved"]),
        ("is=published_on_time", vec!["prompt"]),
        ("is=publication_overdue", vec!["running", "moved", "tardy"]),
        (
            "duration=time_to_workshop&standing=measured",
            vec!["tardy", "prompt"],
        ),
    ] {
        let found = records(&app.reader(), query).await;
        assert_eq!(titles(&found), expected, "{query}");
    }
}

async fn a_date_that_was_moved_changes_nothing_and_is_counted(app: App) {
    let world = Held::done(&app).await;
    let counts = async || {
        let found = asked(&app.reader(), "").await["promptness"].clone();
        let n = |number: &str| found[number]["n"].as_u64().expect("a count");
        [
            n("workshop_overdue"),
            n("publication_overdue"),
            n("workshop_put_off"),
            n("publication_put_off"),
        ]
    };
    assert_eq!(counts().await, [1, 3, 1, 1]);
    let found = records(&app.reader(), "is=publication_put_off").await;
    assert_eq!(titles(&found), ["moved"]);
    for (field, expected) in [
        ("workshop_due_at", "2030-01-01T00:00:00Z"),
        ("workshop_due_by_policy", "2026-11-24T12:00:00Z"),
        ("publish_due_at", "2030-01-01T00:00:00Z"),
        ("publish_due_by_policy", "2026-11-26T12:00:00Z"),
    ] {
        assert_eq!(found[0][field], expected, "{field}");
    }
    let none = json!({ "workshop_due_at": null, "publish_due_at": null });
    moved(&world.moved, none).await;
    assert_eq!(counts().await, [1, 3, 1, 1], "taken away");
    let earlier = json!({
        "workshop_due_at": "2026-11-24T00:00:00Z", "publish_due_at": "2026-11-26T12:00:00Z",
    });
    moved(&world.moved, earlier).await;
    assert_eq!(counts().await, [1, 3, 0, 0], "brought forward and back");
}

async fn a_policy_that_is_applied_again_sets_the_dates_anew(app: App) {
    let world = Held::done(&app).await;
    let path = format!("/api/v1/policies/{}", world.policy);
    let tag = app.admin().get(&path).await.expect(200).etag();
    let longer = json!({ "publish_due": { "amount": 30, "unit": "calendar_days" } });
    let patch = app.admin().patch(&path, &longer).if_match(&tag);
    patch.await.expect(200);
    let overdue = async || {
        let found = records(&app.reader(), "is=publication_overdue").await;
        titles(&found).join(" ")
    };
    assert_eq!(overdue().await, "running moved tardy");
    let again = world.moved.step("reapply-policy", &json!(null)).await;
    again.expect(200);
    assert_eq!(overdue().await, "running tardy");
    let found = records(&app.reader(), "is=publication_put_off").await;
    assert_eq!(found[0]["publish_due_by_policy"], "2026-12-20T12:00:00Z");
}

async fn who_led_the_workshops_and_who_came_is_counted(app: App) {
    Held::done(&app).await;
    let found = asked(&app.reader(), "").await["workshops"].clone();
    assert_eq!(found["n_workshops"], 3);
    for (rate, part, whole) in [
        ("facilitator_override_rate", 1, 3),
        ("function_absent_rate", 1, 2),
    ] {
        let one = &found[rate];
        assert_eq!(
            (&one["numerator"], &one["denominator"]),
            (&json!(part), &json!(whole)),
            "{rate}"
        );
        assert_eq!(one["definition"]["name"], rate);
    }
    let by_facilitation = found["by_facilitation"].as_array().expect("a list").iter();
    let by_facilitation: Vec<Value> = by_facilitation
        .map(|one| json!([one["facilitation"], one["n"], one["n_reviews"]]))
        .collect();
    let expected = [
        json!(["neutral", 1, 1]),
        json!(["overridden", 1, 1]),
        json!(["conflicted", 0, 0]),
        json!(["nobody", 1, 1]),
    ];
    assert_eq!(by_facilitation, expected);
    let fields = [
        "n_invited",
        "n_attended",
        "n_excused_people",
        "n_required",
        "n_present",
        "n_excused",
        "n_absent",
        "n_reviews",
    ];
    let by_function = found["by_function"].as_array().expect("a list");
    assert_eq!(by_function.len(), 4);
    for (function, rate, expected) in [
        ("it", Some(2.0 / 3.0), json!([3, 2, 0, 2, 2, 0, 0, 0])),
        ("management", Some(0.5), json!([2, 1, 0, 2, 1, 0, 1, 1])),
        ("legal", Some(0.0), json!([1, 0, 1, 2, 0, 1, 1, 1])),
        ("communications", Some(1.0), json!([1, 1, 0, 0, 0, 0, 0, 0])),
    ] {
        let own = by_function.iter().find(|one| one["function"] == function);
        let own = own.expect("the function");
        let counts: Value = fields.iter().map(|field| own[field].clone()).collect();
        assert_eq!(counts, expected, "{function}");
        close(&own["attendance_rate"], rate.expect("somebody is invited"));
    }
    let tardy = records(&app.reader(), "is=led_by_override").await;
    assert_eq!(titles(&tardy), ["tardy"]);
    let workshop = &tardy[0]["workshops"][0];
    for (field, expected) in [
        ("kind", json!("lessons_learned")),
        ("held_at", json!("2026-11-25T12:00:00Z")),
        ("facilitation", json!("overridden")),
        ("override_reason", json!("Nobody else knows the platform")),
        ("n_invited", json!(2)),
        ("excused_functions", json!([])),
    ] {
        assert_eq!(workshop[field], expected, "{field}");
    }
    let absent = workshop["absent_functions"].as_array().expect("a list");
    assert!(absent.len() == 2 && absent.contains(&json!("legal")));
    for (query, expected) in [
        ("absent_function=legal", vec!["tardy"]),
        ("absent_function=it", vec![]),
        (
            "absent_function=it&absent_function=management",
            vec!["tardy"],
        ),
        ("is=led_by_nobody", vec!["moved"]),
        ("is=workshop_held", vec!["tardy", "prompt"]),
        ("is=had_session", vec!["moved", "tardy", "prompt"]),
    ] {
        let found = records(&app.reader(), query).await;
        assert_eq!(titles(&found), expected, "{query}");
    }
}

async fn every_number_of_workshops_leads_to_its_reviews(app: App) {
    Held::done(&app).await;
    let reader = app.reader();
    for query in ["group_by=kind", "severity=high&group_by=category"] {
        let all = asked(&reader, query).await;
        let mut found = Vec::new();
        numbers(&all, &mut found);
        assert!(found.len() > 60, "{query}: {}", found.len());
        for (n, url) in found {
            assert_eq!(*n, reader.all(url, 2).await.len(), "{query}: {url}");
        }
    }
    // Another organisation has held nothing.
    let theirs = app.stranger().get(PROCESS).await.expect(200).json();
    assert_eq!(theirs["workshops"]["n_workshops"], 0);
    assert_eq!(theirs["workshops"]["by_function"], json!([]));
}

async fn workshops_are_counted_by_the_day_they_were_held(app: App) {
    Held::done(&app).await;
    let all = asked(&app.reader(), "interval=day").await;
    let series = all["series"].as_array().expect("a series").iter();
    let found: Vec<Value> = series
        .map(|point| json!([point["date"], point["workshops_held"]]))
        .collect();
    let expected = [
        json!(["2026-11-23", 0]),
        json!(["2026-11-24", 1]),
        json!(["2026-11-25", 2]),
        json!(["2026-11-26", 0]),
        json!(["2026-11-27", 0]),
    ];
    assert_eq!(found, expected);
}
