//! Planning and changing a workshop, giving it another time, cancelling it.

use chrono::Duration;
use debrief_tests::builders::{a_review, a_review_with};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::{fault, on_record, subject};

both_databases!(
    a_workshop_is_planned_read_and_changed,
    what_is_not_said_goes_without_saying,
    every_fault_of_a_workshop_is_told_at_once,
    a_workshop_gets_another_time_by_being_rescheduled_only,
    whoever_had_answered_is_asked_again_for_another_time,
    a_cancelled_workshop_takes_no_change,
    each_state_of_a_review_takes_its_own_workshops,
    a_reference_stands_for_one_workshop,
    a_repeated_plan_plans_once,
    a_restricted_review_keeps_its_workshops_to_its_members,
);

fn whole() -> Value {
    json!({
        "kind": "lessons_learned",
        "title": "Lessons from the ransomware",
        "scheduled_at": "2026-11-30T11:00:00+01:00",
        "duration_minutes": 75,
        "time_zone": "Europe/Dublin",
        "location": "Room 4.12",
        "url": "https://meet.example/pir",
        "facilitator": { "name": "Ada Okafor", "subject": "ada.okafor@example.org" },
        "ground_rules": "Be kind.",
        "excused_functions": [{ "function": "legal", "reason": "no legal question" }],
        "minutes": "To be written.",
        "next_session_at": "2027-01-11T10:00:00Z",
        "external_refs": [{ "system": "outlook", "id": "AAMk" }],
    })
}

async fn a_workshop_is_planned_read_and_changed(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let made = client.post(review.path("/workshops"), &whole()).await;
    let made = made.expect(201);
    let path = format!("/api/v1/workshops/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    for (field, value) in whole().as_object().expect("an object") {
        match field.as_str() {
            "scheduled_at" => assert_eq!(body[field], "2026-11-30T10:00:00Z"),
            "facilitator" => {
                assert_eq!(body[field]["name"], value["name"]);
                assert_eq!(body[field]["subject"], value["subject"]);
                assert_eq!(body[field]["participant_id"], json!(null));
            }
            _ => assert_eq!(&body[field], value, "{field}"),
        }
    }
    assert_eq!(body["ends_at"], "2026-11-30T11:15:00Z");
    assert_eq!(
        (&body["status"], &body["sequence"]),
        (&json!("planned"), &json!(0))
    );
    assert_eq!(body["created_by"], subject(&client).await);
    assert_eq!(body["review_id"], review.id);
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (body, made.etag()));
    let unchanged = app.reader().get(&path).header("if-none-match", made.etag());
    unchanged.await.expect(304);

    let change = json!({ "location": "Room 5", "url": null, "minutes": "Written." });
    client
        .patch(&path, &change)
        .await
        .problem(428, "precondition_required");
    let changed = client
        .patch(&path, &change)
        .if_match(&made.etag())
        .await
        .expect(200);
    let now = changed.json();
    assert_eq!(
        (&now["location"], &now["url"]),
        (&json!("Room 5"), &json!(null))
    );
    assert_eq!((&now["version"], &now["sequence"]), (&json!(2), &json!(1)));
    let stale = client.patch(&path, &change).if_match(&made.etag()).await;
    assert!(
        stale
            .problem(412, "stale_version")
            .etag()
            .starts_with("\"2")
    );
    // What no calendar shows does not raise the sequence.
    let minutes = client.patch(&path, &json!({ "minutes": "Again." }));
    let minutes = minutes.if_match(&changed.etag()).await.expect(200);
    assert_eq!(minutes.json()["sequence"], 1);
    let planned = ["workshop.plan", "workshop.update", "workshop.update"];
    assert_eq!(on_record(&app, "workshop").await, planned);
}

async fn what_is_not_said_goes_without_saying(app: App) {
    let review = a_review(&app).await;
    for (kind, minutes) in [
        ("lessons_learned", 90),
        ("hotwash", 30),
        ("causal_analysis", 120),
        ("action_planning", 60),
        ("follow_up", 45),
        ("leadership_readout", 30),
        ("exercise_debrief", 60),
    ] {
        let workshop = review
            .plan(&json!({ "kind": kind }))
            .await
            .now()
            .await
            .json();
        assert_eq!(workshop["duration_minutes"], minutes, "{kind}");
        assert_eq!(workshop["time_zone"], "UTC");
        for absent in [
            "scheduled_at",
            "ends_at",
            "facilitator",
            "neutrality",
            "title",
        ] {
            assert_eq!(workshop[absent], json!(null), "{absent}");
        }
        let rules = workshop["ground_rules"].as_str().expect("a text");
        assert!(rules.contains("to learn"), "{rules}");
        let needs = ["lessons_learned", "exercise_debrief"].contains(&kind);
        let expected = ["responder", "it", "management", "legal", "communications"];
        let expected: &[&str] = if needs { &expected } else { &[] };
        let required = workshop["required_functions"].as_array().expect("a list");
        let required: Vec<_> = required.iter().map(|one| one["function"].clone()).collect();
        assert_eq!(required, expected, "{kind}");
        assert_eq!(
            workshop["absent_required_functions"],
            json!(expected),
            "{kind}"
        );
    }
}

async fn every_fault_of_a_workshop_is_told_at_once(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let list = review.path("/workshops");
    let excuse = json!({ "function": "legal", "reason": "none" });
    let refused = client
        .post(
            &list,
            &json!({
                "kind": "retrospective",
                "title": "",
                "duration_minutes": 4,
                "url": "not a url",
                "neutrality_override": {},
                "excused_functions": [{ "function": "legal", "reason": " " }],
                "status": "held",
            }),
        )
        .await
        .problem(422, "validation_failed");
    assert_eq!(
        refused.faults(),
        [
            fault("/duration_minutes", "out_of_range"),
            fault("/excused_functions/0/reason", "blank"),
            fault("/kind", "unknown_value"),
            fault("/neutrality_override/reason", "required"),
            fault("/status", "unknown_field"),
            fault("/title", "too_short"),
            fault("/url", "invalid_format"),
        ]
    );
    let refused = client
        .post(
            &list,
            &json!({
                "kind": "hotwash",
                "scheduled_at": "2026-11-30T10:00:00Z",
                "next_session_at": "2026-11-29T10:00:00Z",
                "time_zone": "Europe/Atlantis",
                "facilitator": { "participant_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11" },
                "excused_functions": [excuse, excuse],
            }),
        )
        .await
        .problem(422, "validation_failed");
    assert_eq!(
        refused.faults(),
        [
            fault("/excused_functions/1", "repeated_item"),
            fault("/facilitator/participant_id", "not_found"),
            fault("/next_session_at", "before_session"),
            fault("/time_zone", "unknown_time_zone"),
        ]
    );
    assert!(app.reader().get(&list).await.expect(200).items().is_empty());
}

async fn a_workshop_gets_another_time_by_being_rescheduled_only(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let first = json!({ "scheduled_at": "2026-11-30T10:00:00Z" });
    // The first time is no change of one.
    workshop.change(&first).await.expect(200);
    let moved = json!({ "scheduled_at": "2026-12-01T10:00:00Z", "duration_minutes": 45 });
    let refused = workshop.change(&moved).await.problem(409, "state_conflict");
    let instead = |at| fault(at, "reschedule_instead");
    assert_eq!(
        refused.faults(),
        [instead("/duration_minutes"), instead("/scheduled_at")]
    );
    let before = workshop.now().await.json();

    let again = workshop.step("reschedule", &first).await;
    let again = again.problem(422, "validation_failed");
    assert_eq!(again.faults(), [fault("/scheduled_at", "unchanged")]);
    let mut lost = moved.clone();
    lost["time_zone"] = json!("Mars/Olympus");
    let lost = workshop.step("reschedule", &lost).await.expect(422);
    assert_eq!(lost.faults(), [fault("/time_zone", "unknown_time_zone")]);

    app.wait(Duration::hours(1));
    let mut body = moved.clone();
    body["reason"] = json!("Legal could not come");
    body["time_zone"] = json!("Asia/Tokyo");
    let after = workshop.step("reschedule", &body).await.expect(200).json();
    assert_eq!(after["scheduled_at"], moved["scheduled_at"]);
    assert_eq!(
        (&after["duration_minutes"], &after["time_zone"]),
        (&json!(45), &json!("Asia/Tokyo"))
    );
    assert_eq!(
        after["sequence"],
        before["sequence"].as_i64().expect("a number") + 1
    );
    let changes = after["schedule_changes"].as_array().expect("a list");
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["from"], first["scheduled_at"]);
    assert_eq!(changes[0]["to"], moved["scheduled_at"]);
    assert_eq!(changes[0]["from_duration_minutes"], 30);
    assert_eq!(changes[0]["to_duration_minutes"], 45);
    assert_eq!(changes[0]["reason"], "Legal could not come");
    assert_eq!(changes[0]["by"], subject(&app.admin()).await);

    let next = json!({ "next_session_at": "2026-12-20T10:00:00Z" });
    workshop.change(&next).await.expect(200);
    let late = json!({ "scheduled_at": "2026-12-21T10:00:00Z" });
    let late = workshop.step("reschedule", &late).await.expect(422);
    assert_eq!(
        late.faults(),
        [fault("/scheduled_at", "after_next_session")]
    );
}

async fn whoever_had_answered_is_asked_again_for_another_time(app: App) {
    let review = a_review(&app).await;
    let (kim, ada) = (
        review.join("Kim", "it").await,
        review.join("Ada", "legal").await,
    );
    let own = json!({ "kind": "hotwash", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let (kim, ada) = (workshop.invite(&kim).await, workshop.invite(&ada).await);
    let accepted = json!({ "rsvp": "accepted", "note": "gladly" });
    workshop
        .tell(&kim.id(), "rsvp", &accepted)
        .await
        .expect(200);
    app.wait(Duration::minutes(1));
    let moved = json!({ "scheduled_at": "2026-12-01T10:00:00Z" });
    workshop.step("reschedule", &moved).await.expect(200);
    let kim_now = app
        .reader()
        .get(workshop.path(&format!("/invitations/{}", kim.id())));
    let kim_now = kim_now.await.expect(200).json();
    assert_eq!(
        (&kim_now["rsvp"], &kim_now["rsvp_note"]),
        (&json!("pending"), &json!(null))
    );
    assert_eq!(
        (&kim_now["rsvp_at"], &kim_now["rsvp_by"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(kim_now["version"], 3);
    let ada_now = app
        .reader()
        .get(workshop.path(&format!("/invitations/{}", ada.id())));
    assert_eq!(ada_now.await.expect(200).json(), ada.json());
}

async fn a_cancelled_workshop_takes_no_change(app: App) {
    let review = a_review(&app).await;
    let kim = review.join("Kim", "it").await;
    let own = json!({ "kind": "hotwash", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let invitation = workshop.invite(&kim).await;
    workshop
        .step("cancel", &json!({}))
        .await
        .problem(422, "validation_failed");
    let why = json!({ "reason": "merged with another" });
    let cancelled = workshop.step("cancel", &why).await.expect(200).json();
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(cancelled["cancellation_reason"], why["reason"]);
    assert_eq!(cancelled["absent_required_functions"], json!([]));
    let moved = json!({ "scheduled_at": "2026-12-01T10:00:00Z" });
    let admin = app.admin();
    let mut refused = vec![
        workshop.change(&json!({ "minutes": "x" })).await,
        workshop.step("hold", &json!({})).await,
        workshop.step("cancel", &why).await,
        workshop.step("reschedule", &moved).await,
        workshop.step("agenda/generate", &json!({})).await,
        workshop.invite_as(&json!({ "participant_id": kim })).await,
        workshop
            .tell(&invitation.id(), "rsvp", &json!({ "rsvp": "accepted" }))
            .await,
        workshop
            .tell(
                &invitation.id(),
                "attendance",
                &json!({ "attendance": "attended" }),
            )
            .await,
        admin
            .put(workshop.path("/agenda"), &json!({ "topics": [] }))
            .await,
    ];
    let own = json!({ "invitation_id": invitation.id() });
    refused.push(admin.post(workshop.path("/acknowledgements"), &own).await);
    let path = workshop.path(&format!("/invitations/{}", invitation.id()));
    refused.push(admin.delete(&path).if_match(&invitation.etag()).await);
    refused.push(
        admin
            .patch(&path, &json!({ "chair": true }))
            .if_match(&invitation.etag())
            .await,
    );
    for reply in refused {
        let reply = reply.problem(409, "state_conflict");
        assert_eq!(
            reply.faults(),
            [fault("", "workshop_is_cancelled")],
            "{}",
            reply.call
        );
    }
    assert_eq!(workshop.now().await.json(), cancelled);
}

async fn each_state_of_a_review_takes_its_own_workshops(app: App) {
    let client = app.admin();
    let lessons = json!({ "kind": "lessons_learned" });
    let later = json!({ "kind": "follow_up" });
    let readout = json!({ "kind": "leadership_readout" });
    let review = a_review(&app).await;
    let planned = review.plan(&lessons).await;
    let published = review.published().await;
    let refused = client.post(published.path("/workshops"), &lessons).await;
    assert_eq!(
        refused.problem(409, "state_conflict").faults(),
        [fault("", "review_is_published")]
    );
    published.plan(&later).await;
    published.plan(&readout).await;
    // What was planned before is carried to its end.
    planned.step("hold", &json!({})).await.expect(200);

    let waived = a_review(&app).await;
    let open = waived.plan(&lessons).await;
    let why = json!({ "reason": "covered elsewhere", "approver": "ciso@example.org" });
    waived.step("waive", &why).await.expect(200);
    for body in [&lessons, &later] {
        let refused = client.post(waived.path("/workshops"), body).await;
        let refused = refused.problem(409, "state_conflict");
        assert_eq!(refused.faults(), [fault("", "review_is_waived")]);
    }
    let refused = open
        .step("hold", &json!({}))
        .await
        .problem(409, "state_conflict");
    assert_eq!(refused.faults(), [fault("", "review_is_waived")]);
    // It is in people's calendars, and must be taken out of them.
    open.step("cancel", &json!({ "reason": "waived" }))
        .await
        .expect(200);
}

async fn a_reference_stands_for_one_workshop(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let own = json!({ "kind": "hotwash", "external_refs": [{ "system": "outlook", "id": "1" }] });
    let first = review.plan(&own).await;
    let taken = [fault("/external_refs", "reference_taken")];
    let second = client.post(review.path("/workshops"), &own).await;
    assert_eq!(second.problem(409, "conflict").faults(), taken);
    let other = review.plan(&json!({ "kind": "hotwash" })).await;
    let refs = json!({ "external_refs": own["external_refs"] });
    assert_eq!(
        other.change(&refs).await.problem(409, "conflict").faults(),
        taken
    );
    first
        .change(&json!({ "external_refs": null }))
        .await
        .expect(200);
    other.change(&refs).await.expect(200);
}

async fn a_repeated_plan_plans_once(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let list = review.path("/workshops");
    let own = json!({ "kind": "follow_up" });
    let first = client.post(&list, &own).key("plan-1").await.expect(201);
    let again = client.post(&list, &own).key("plan-1").await.expect(201);
    assert_eq!((again.json(), again.etag()), (first.json(), first.etag()));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(client.get(&list).await.expect(200).items().len(), 1);
}

async fn a_restricted_review_keeps_its_workshops_to_its_members(app: App) {
    let review = a_review_with(&app, json!({ "visibility": "restricted" })).await;
    let (facilitator, reader) = (app.facilitator(), app.reader());
    let kim = review.join("Kim", "it").await;
    let own = json!({ "kind": "follow_up", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let invitation = workshop.invite(&kim).await;
    let below = format!("/invitations/{}", invitation.id());
    let reads = [
        "",
        "/invitations",
        &below,
        "/acknowledgements",
        "/agenda",
        "/carry-over",
        "/briefing-pack",
        "/invite.ics",
    ];
    for client in [&facilitator, &reader, &app.stranger()] {
        for read in reads {
            client
                .get(workshop.path(read))
                .await
                .problem(404, "not_found");
        }
        let listed = client.get("/api/v1/workshops").await.expect(200);
        assert!(listed.items().is_empty());
    }
    let tag = workshop.now().await.etag();
    for verb in ["hold", "cancel", "reschedule", "agenda/generate"] {
        let body = match verb {
            "cancel" => json!({ "reason": "x" }),
            "reschedule" => json!({ "scheduled_at": "2026-12-01T10:00:00Z" }),
            _ => json!({}),
        };
        let call = facilitator.post(workshop.path(&format!("/{verb}")), &body);
        call.if_match(&tag).await.problem(404, "not_found");
    }
    let member = json!({ "name": "Fay", "function": "legal", "subject": subject(&reader).await });
    review.join_as(&member).await;
    for read in reads {
        reader.get(workshop.path(read)).await.expect(200);
    }
    assert_eq!(
        reader
            .get("/api/v1/workshops")
            .await
            .expect(200)
            .items()
            .len(),
        1
    );
}
