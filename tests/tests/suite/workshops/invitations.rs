//! Who is asked, what they answer, whether they come, and that they acknowledged the ground rules.

use debrief_tests::builders::{Review, Workshop, a_review};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::{fault, ids, on_record, subject};

both_databases!(
    a_participant_is_invited_changed_and_uninvited,
    an_invitation_begins_as_the_participant_and_the_session_suggest,
    a_participant_of_the_review_is_invited_once,
    whoever_is_invited_answers_themselves_and_a_facilitator_for_anybody,
    an_excuse_has_a_reason,
    who_acknowledged_the_ground_rules_is_known_and_who_did_not,
    changed_ground_rules_are_acknowledged_again,
    invitations_are_found_by_what_they_say,
);

async fn planned(app: &App) -> (Review, Workshop) {
    let review = a_review(app).await;
    let own = json!({ "kind": "lessons_learned", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    (review, workshop)
}

/// A participant who calls with the contributor's key.
async fn contributor(app: &App, review: &Review) -> String {
    let me = subject(&app.contributor()).await;
    let body = json!({ "name": "Con Tributor", "function": "it", "subject": me });
    review.join_as(&body).await
}

async fn a_participant_is_invited_changed_and_uninvited(app: App) {
    let (review, workshop) = planned(&app).await;
    let (client, kim) = (app.facilitator(), review.join("Kim Larsen", "legal").await);
    let list = workshop.path("/invitations");
    let body =
        json!({ "participant_id": kim, "function": "privacy", "required": true, "chair": true });
    let made = client.post(&list, &body).await.expect(201);
    let path = format!("{list}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let invitation = made.json();
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&invitation[field], value, "{field}");
    }
    assert_eq!(invitation["name"], "Kim Larsen");
    assert_eq!(invitation["email"], "kim.larsen@example.org");
    assert_eq!(
        (&invitation["rsvp"], &invitation["attendance"]),
        (&json!("pending"), &json!(null))
    );
    let read = app.reader().get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (invitation, made.etag()));

    let change = json!({ "chair": false });
    client
        .patch(&path, &change)
        .await
        .problem(428, "precondition_required");
    let changed = client
        .patch(&path, &change)
        .if_match(&made.etag())
        .await
        .expect(200);
    assert_eq!(changed.json()["chair"], false);
    assert_eq!(changed.json()["function"], "privacy");
    for call in [client.patch(&path, &change), client.delete(&path)] {
        let stale = call.if_match(&made.etag()).await;
        assert_eq!(stale.problem(412, "stale_version").etag(), changed.etag());
    }
    let other = json!({ "participant_id": kim });
    let other = client
        .patch(&path, &other)
        .if_match(&changed.etag())
        .await
        .expect(422);
    assert_eq!(other.faults(), [fault("/participant_id", "unknown_field")]);
    client
        .delete(&path)
        .if_match(&changed.etag())
        .await
        .expect(204);
    client.get(&path).await.problem(404, "not_found");
    assert_eq!(
        on_record(&app, "invitation").await,
        [
            "invitation.create",
            "invitation.update",
            "invitation.withdraw"
        ]
    );
}

async fn an_invitation_begins_as_the_participant_and_the_session_suggest(app: App) {
    let review = a_review(&app).await;
    let (legal, audit) = (
        review.join("Kim", "legal").await,
        review.join("Ada", "audit").await,
    );
    for (kind, participant, required, chair) in [
        ("lessons_learned", &legal, true, false),
        ("lessons_learned", &audit, false, true),
        ("hotwash", &legal, false, false),
    ] {
        let own = json!({ "kind": kind, "facilitator": { "participant_id": audit } });
        let workshop = review.plan(&own).await;
        let invitation = workshop.invite(participant).await.json();
        let found = (&invitation["required"], &invitation["chair"]);
        assert_eq!(found, (&json!(required), &json!(chair)), "{kind}");
    }
}

async fn a_participant_of_the_review_is_invited_once(app: App) {
    let (review, workshop) = planned(&app).await;
    let kim = review.join("Kim", "it").await;
    workshop.invite(&kim).await;
    let again = workshop.invite_as(&json!({ "participant_id": kim })).await;
    let twice = [fault("/participant_id", "already_invited")];
    assert_eq!(again.problem(409, "conflict").faults(), twice);
    let elsewhere = a_review(&app).await.join("Ada", "it").await;
    let refused = workshop
        .invite_as(&json!({ "participant_id": elsewhere }))
        .await;
    let unknown = [fault("/participant_id", "not_found")];
    assert_eq!(refused.problem(422, "validation_failed").faults(), unknown);
    // Another session is another matter.
    review
        .plan(&json!({ "kind": "hotwash" }))
        .await
        .invite(&kim)
        .await;
}

async fn whoever_is_invited_answers_themselves_and_a_facilitator_for_anybody(app: App) {
    let (review, workshop) = planned(&app).await;
    let own = workshop.invite(&contributor(&app, &review).await).await;
    let other = workshop.invite(&review.join("Kim", "legal").await).await;
    let path = |id: &str| workshop.path(&format!("/invitations/{id}/rsvp"));
    let answer = json!({ "rsvp": "tentative", "note": "I join after eleven" });
    let client = app.contributor();
    client
        .post(path(&own.id()), &answer)
        .await
        .problem(428, "precondition_required");
    let given = client
        .post(path(&own.id()), &answer)
        .if_match(&own.etag())
        .await
        .expect(200);
    let body = given.json();
    assert_eq!(
        (&body["rsvp"], &body["rsvp_note"]),
        (&answer["rsvp"], &answer["note"])
    );
    assert_eq!(body["rsvp_at"], "2026-11-23T12:00:00Z");
    assert_eq!(body["rsvp_by"], subject(&client).await);
    let stale = client
        .post(path(&own.id()), &answer)
        .if_match(&own.etag())
        .await;
    stale.problem(412, "stale_version");
    // Another answer takes the place of the one before, and so does its note.
    let changed = client.post(path(&own.id()), &json!({ "rsvp": "declined" }));
    let changed = changed.if_match(&given.etag()).await.expect(200).json();
    assert_eq!(
        (&changed["rsvp"], &changed["rsvp_note"]),
        (&json!("declined"), &json!(null))
    );

    let refused = client
        .post(path(&other.id()), &answer)
        .if_match(&other.etag())
        .await;
    refused.problem(403, "forbidden");
    let reader = app
        .reader()
        .post(path(&other.id()), &answer)
        .if_match(&other.etag());
    reader.await.problem(403, "missing_scope");
    let for_them = app
        .facilitator()
        .post(path(&other.id()), &json!({ "rsvp": "accepted" }));
    let for_them = for_them.if_match(&other.etag()).await.expect(200).json();
    assert_eq!(for_them["rsvp_by"], subject(&app.facilitator()).await);
    let pending = workshop
        .tell(&other.id(), "rsvp", &json!({ "rsvp": "pending" }))
        .await;
    assert_eq!(
        pending.expect(422).faults(),
        [fault("/rsvp", "unknown_value")]
    );
    let counts = &workshop.now().await.json()["invitation_counts"];
    assert_eq!(
        (
            &counts["total"],
            &counts["accepted"],
            &counts["declined"],
            &counts["pending"]
        ),
        (&json!(2), &json!(1), &json!(1), &json!(0))
    );
    let told = on_record(&app, "invitation").await;
    assert_eq!(
        told.iter()
            .filter(|one| *one == "invitation.answer")
            .count(),
        3
    );
}

async fn an_excuse_has_a_reason(app: App) {
    let (review, workshop) = planned(&app).await;
    let invitation = workshop
        .invite(&review.join("Kim", "legal").await)
        .await
        .id();
    for (body, code) in [
        (json!({ "attendance": "excused" }), "required"),
        (
            json!({ "attendance": "attended", "reason": "late" }),
            "not_for_this_attendance",
        ),
        (
            json!({ "attendance": "absent", "reason": "ill" }),
            "not_for_this_attendance",
        ),
    ] {
        let refused = workshop
            .tell(&invitation, "attendance", &body)
            .await
            .expect(422);
        assert_eq!(refused.faults(), [fault("/reason", code)], "{body}");
    }
    let excused = json!({ "attendance": "excused", "reason": "on leave" });
    let body = workshop
        .tell(&invitation, "attendance", &excused)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&body["attendance"], &body["attendance_reason"]),
        (&json!("excused"), &json!("on leave"))
    );
    assert_eq!(body["attendance_by"], subject(&app.admin()).await);
    // Who comes after all has no excuse any more.
    let came = json!({ "attendance": "attended" });
    let body = workshop
        .tell(&invitation, "attendance", &came)
        .await
        .expect(200)
        .json();
    assert_eq!(body["attendance_reason"], json!(null));
    let path = workshop.path(&format!("/invitations/{invitation}/attendance"));
    let call = app.contributor().post(path, &came).if_match("\"1\"");
    call.await.problem(403, "missing_scope");
}

async fn who_acknowledged_the_ground_rules_is_known_and_who_did_not(app: App) {
    let (review, workshop) = planned(&app).await;
    let own = workshop
        .invite(&contributor(&app, &review).await)
        .await
        .id();
    let kim = workshop
        .invite(&review.join("Kim", "legal").await)
        .await
        .id();
    let ada = workshop
        .invite(&review.join("Ada", "management").await)
        .await
        .id();
    workshop
        .tell(&ada, "rsvp", &json!({ "rsvp": "declined" }))
        .await
        .expect(200);
    let path = workshop.path("/acknowledgements");
    let (client, nothing) = (app.contributor(), json!({}));
    let made = client.post(&path, &nothing).await.expect(201);
    assert_eq!(made.json()["invitation_id"], own);
    assert_eq!(made.json()["acknowledged_by"], subject(&client).await);
    assert_eq!(made.header("location"), Some(path.as_str()));
    let again = client.post(&path, &nothing).await.expect(200);
    assert_eq!((again.json(), again.etag()), (made.json(), made.etag()));

    let for_kim = json!({ "invitation_id": kim });
    client.post(&path, &for_kim).await.problem(403, "forbidden");
    app.admin()
        .post(&path, &nothing)
        .await
        .problem(403, "forbidden");
    app.reader()
        .post(&path, &nothing)
        .await
        .problem(403, "missing_scope");
    let nobody = json!({ "invitation_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11" });
    let nobody = app.facilitator().post(&path, &nobody).await.expect(422);
    assert_eq!(nobody.faults(), [fault("/invitation_id", "not_found")]);

    let who = |list: &Value| -> Vec<Value> {
        let all = list.as_array().expect("a list").iter();
        all.map(|one| one["invitation_id"].clone()).collect()
    };
    let read = app.reader().get(&path).await.expect(200).json();
    assert_eq!(who(&read["acknowledged"]), std::slice::from_ref(&own));
    // Who declined is not waited for.
    assert_eq!(who(&read["missing"]), std::slice::from_ref(&kim));
    assert_eq!(read["missing"][0]["name"], "Kim");
    assert_eq!(
        read["ground_rules"],
        workshop.now().await.json()["ground_rules"]
    );
    // What somebody said in the room.
    app.facilitator().post(&path, &for_kim).await.expect(201);
    let read = app.reader().get(&path).await.expect(200).json();
    assert_eq!(who(&read["acknowledged"]), [own, kim]);
    assert_eq!(read["missing"], json!([]));
    assert_eq!(
        workshop.now().await.json()["invitation_counts"]["acknowledged"],
        2
    );
}

async fn changed_ground_rules_are_acknowledged_again(app: App) {
    let (review, workshop) = planned(&app).await;
    let kim = workshop
        .invite(&review.join("Kim", "legal").await)
        .await
        .id();
    let path = workshop.path("/acknowledgements");
    let for_kim = json!({ "invitation_id": kim });
    let first = app
        .facilitator()
        .post(&path, &for_kim)
        .await
        .expect(201)
        .json();
    workshop
        .change(&json!({ "ground_rules": "Be kind." }))
        .await
        .expect(200);
    let read = app.reader().get(&path).await.expect(200).json();
    assert_eq!(read["acknowledged"], json!([]));
    assert_eq!(
        read["missing"][0]["earlier_text_at"],
        first["acknowledged_at"]
    );
    assert_eq!(
        workshop.now().await.json()["invitation_counts"]["acknowledged"],
        0
    );
    let second = app
        .facilitator()
        .post(&path, &for_kim)
        .await
        .expect(201)
        .json();
    assert_ne!(second["ground_rules_sha256"], first["ground_rules_sha256"]);
    assert_eq!(second["ground_rules_sha256"], read["ground_rules_sha256"]);
    // Back to the text that goes without saying.
    workshop
        .change(&json!({ "ground_rules": null }))
        .await
        .expect(200);
    let read = app.reader().get(&path).await.expect(200).json();
    assert_eq!(read["ground_rules_sha256"], first["ground_rules_sha256"]);
}

async fn invitations_are_found_by_what_they_say(app: App) {
    let (review, workshop) = planned(&app).await;
    let mut all = Vec::new();
    for (name, function) in [
        ("Kim", "it"),
        ("Ada", "legal"),
        ("Fay", "audit"),
        ("Bo", "it"),
    ] {
        let participant = review.join(name, function).await;
        all.push(workshop.invite(&participant).await.id());
    }
    let [kim, ada, fay, bo] = [&all[0], &all[1], &all[2], &all[3]];
    workshop
        .tell(kim, "rsvp", &json!({ "rsvp": "accepted" }))
        .await
        .expect(200);
    workshop
        .tell(ada, "rsvp", &json!({ "rsvp": "declined" }))
        .await
        .expect(200);
    workshop
        .tell(kim, "attendance", &json!({ "attendance": "attended" }))
        .await
        .expect(200);
    workshop
        .tell(bo, "attendance", &json!({ "attendance": "absent" }))
        .await
        .expect(200);
    let list = workshop.path("/invitations");
    for (query, expected) in [
        ("", vec![kim, ada, fay, bo]),
        ("?sort=-created_at", vec![bo, fay, ada, kim]),
        ("?function=it", vec![kim, bo]),
        ("?function=it&function=audit", vec![kim, fay, bo]),
        ("?required=true", vec![kim, ada, bo]),
        ("?required=false", vec![fay]),
        ("?rsvp=accepted&rsvp=declined", vec![kim, ada]),
        ("?attendance=attended", vec![kim]),
        ("?function=it&attendance=absent", vec![bo]),
    ] {
        let found = ids(&app.reader().get(format!("{list}{query}")).await.expect(200));
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let paged = app.reader().all(&list, 1).await;
    let paged: Vec<&str> = paged.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(paged, [kim, ada, fay, bo]);
}
