//! Who may lead a session, who may not, and what it takes to do it all the same.

use debrief_tests::builders::{Review, a_review};
use debrief_tests::{App, Reply, both_databases};
use serde_json::{Value, json};

use super::{fault, ids, on_record, subject};

both_databases!(
    whoever_was_close_to_what_happened_cannot_lead_the_session,
    whoever_took_a_logged_decision_cannot_lead_the_session,
    somebody_is_recognised_whatever_they_are_named_by,
    an_override_needs_a_reason_and_is_reported,
    another_facilitator_needs_another_reason,
    neutrality_is_looked_at_again_when_the_session_is_held,
    another_change_does_not_look_at_the_facilitator_again,
    a_participant_who_leads_goes_by_the_name_that_they_have_now,
);

async fn tried(app: &App, review: &Review, facilitator: Value) -> Reply {
    let body = json!({ "kind": "lessons_learned", "facilitator": facilitator });
    app.facilitator()
        .post(review.path("/workshops"), &body)
        .await
}

fn person(name: &str, own: &Value) -> Value {
    let mut body = json!({ "name": name, "function": "responder" });
    for (field, value) in own.as_object().expect("an object") {
        body[field] = value.clone();
    }
    body
}

fn kinds(workshop: &Value) -> Vec<String> {
    let conflicts = workshop["neutrality"]["conflicts"].as_array();
    let conflicts = conflicts.expect("conflicts").iter();
    conflicts
        .map(|one| one["kind"].as_str().expect("a kind").to_owned())
        .collect()
}

async fn whoever_was_close_to_what_happened_cannot_lead_the_session(app: App) {
    let review = a_review(&app).await;
    for (own, faults) in [
        (json!({}), 0),
        (json!({ "incident_roles": ["observer"] }), 0),
        (json!({ "involved_in_response": true }), 1),
        (
            json!({ "incident_roles": ["incident_commander", "scribe"] }),
            1,
        ),
        (json!({ "incident_roles": ["service_owner"] }), 1),
        (json!({ "incident_roles": ["resource_owner"] }), 1),
        (
            json!({ "involved_in_response": true, "incident_roles": ["liaison", "service_owner"] }),
            3,
        ),
    ] {
        let id = review.join_as(&person("Kim", &own)).await;
        let reply = tried(&app, &review, json!({ "participant_id": id })).await;
        if faults == 0 {
            let workshop = reply.expect(201).json();
            assert_eq!(workshop["neutrality"]["is_neutral"], true, "{own}");
            assert_eq!(kinds(&workshop), [""; 0]);
            assert_eq!(workshop["facilitator"]["participant_id"], id);
            let admin = app.admin();
            let path = format!(
                "/api/v1/workshops/{}",
                workshop["id"].as_str().expect("an id")
            );
            let tag = admin.get(&path).await.expect(200).etag();
            let nobody = admin
                .patch(&path, &json!({ "facilitator": null }))
                .if_match(&tag);
            assert_eq!(nobody.await.expect(200).json()["neutrality"], json!(null));
        } else {
            let refused = reply.problem(422, "validation_failed");
            let expected = vec![fault("/facilitator", "facilitator_not_neutral"); faults];
            assert_eq!(refused.faults(), expected, "{own}");
        }
        let path = review.path(&format!("/participants/{id}"));
        let tag = app.admin().get(&path).await.expect(200).etag();
        app.admin().delete(&path).if_match(&tag).await.expect(204);
    }
}

async fn whoever_took_a_logged_decision_cannot_lead_the_session(app: App) {
    let review = a_review(&app).await;
    let own = json!({ "function": "management", "subject": "kim@example.org" });
    let kim = review.join_as(&person("Kim", &own)).await;
    let decision = json!({
        "decided_at": "2026-11-20T04:00:00Z",
        "decider_participant_id": kim,
        "decision": "Shut the network down",
    });
    let made = app
        .admin()
        .post(review.path("/decisions"), &decision)
        .await
        .expect(201);
    for facilitator in [
        json!({ "participant_id": kim }),
        json!({ "name": "Kim Larsen", "subject": "kim@example.org" }),
    ] {
        let refused = tried(&app, &review, facilitator).await;
        let refused = refused.problem(422, "validation_failed");
        assert_eq!(
            refused.faults(),
            [fault("/facilitator", "facilitator_not_neutral")]
        );
    }
    let all_the_same = review
        .plan(&json!({
            "kind": "hotwash",
            "facilitator": { "participant_id": kim },
            "neutrality_override": { "reason": "agreed" },
        }))
        .await
        .now()
        .await
        .json();
    assert_eq!(kinds(&all_the_same), ["took_decision"]);
    let conflict = &all_the_same["neutrality"]["conflicts"][0];
    assert_eq!(conflict["decision_id"], made.id());
    assert_eq!(conflict["participant_id"], kim);
    // What is retracted was not decided.
    let path = review.path(&format!("/decisions/{}/retract", made.id()));
    let why = json!({ "reason": "somebody else did" });
    let retracted = app.admin().post(path, &why).if_match(&made.etag());
    retracted.await.expect(200);
    let neutral = tried(&app, &review, json!({ "participant_id": kim })).await;
    neutral.expect(201);
}

async fn somebody_is_recognised_whatever_they_are_named_by(app: App) {
    let review = a_review(&app).await;
    let own =
        json!({ "involved_in_response": true, "subject": "u-17", "email": "kim@example.org" });
    review.join_as(&person("Kim Larsen", &own)).await;
    for (facilitator, neutral) in [
        (json!({ "name": "K. Larsen", "subject": "u-17" }), false),
        (
            json!({ "name": "K. Larsen", "subject": "KIM@example.org" }),
            false,
        ),
        (json!({ "name": "kim larsen" }), false),
        (
            json!({ "name": "Kim Larsen", "subject": "another@example.org" }),
            true,
        ),
        (json!({ "name": "Ada Okafor" }), true),
        // Whoever answers for the review was no part of what happened.
        (
            json!({ "name": "Ada Lovelace", "subject": "ada@example.org" }),
            true,
        ),
    ] {
        let reply = tried(&app, &review, facilitator.clone()).await;
        assert_eq!(
            reply.status,
            if neutral { 201 } else { 422 },
            "{facilitator}"
        );
    }
}

async fn an_override_needs_a_reason_and_is_reported(app: App) {
    let (client, review) = (app.facilitator(), a_review(&app).await);
    let own = json!({ "involved_in_response": true, "incident_roles": ["scribe"] });
    let kim = review.join_as(&person("Kim Larsen", &own)).await;
    let list = review.path("/workshops");
    let mut body = json!({
        "kind": "lessons_learned",
        "facilitator": { "participant_id": kim },
        "neutrality_override": { "reason": "" },
    });
    let at = "/neutrality_override/reason";
    let refused = client.post(&list, &body).await.expect(422);
    assert_eq!(refused.faults(), [fault(at, "too_short")]);
    body["neutrality_override"] = json!({});
    let refused = client.post(&list, &body).await.expect(422);
    assert_eq!(refused.faults(), [fault(at, "required")]);
    body["neutrality_override"] = json!({ "reason": "Nobody else knows the platform" });
    let made = client.post(&list, &body).await.expect(201);
    let workshop = made.json();
    let neutrality = &workshop["neutrality"];
    assert_eq!(neutrality["is_neutral"], false);
    assert_eq!(
        kinds(&workshop),
        ["involved_in_response", "had_incident_role"]
    );
    assert_eq!(neutrality["conflicts"][0]["participant_id"], kim);
    assert_eq!(
        neutrality["conflicts"][1]["incident_roles"],
        json!(["scribe"])
    );
    assert_eq!(
        neutrality["override"]["reason"],
        "Nobody else knows the platform"
    );
    assert_eq!(neutrality["override"]["by"], subject(&client).await);

    let expected = ["workshop.plan", "workshop.override_neutrality"];
    assert_eq!(on_record(&app, "workshop").await, expected);
    let log = "/api/v1/audit-records?action=workshop.override_neutrality";
    let told = app.auditor().get(log).await.expect(200).items();
    let told = app.auditor().get(format!(
        "/api/v1/audit-records/{}",
        told[0]["id"].as_str().expect("an id")
    ));
    let told = told.await.expect(200).json();
    assert_eq!(told["after"]["reason"], "Nobody else knows the platform");
    assert_eq!(told["after"]["facilitator"], "Kim Larsen");
    assert_eq!(told["after"]["conflicts"], neutrality["conflicts"]);
    // The same decision is told once.
    let path = format!("/api/v1/workshops/{}", made.id());
    let change = client.patch(&path, &json!({ "location": "Room 1" }));
    change.if_match(&made.etag()).await.expect(200);
    assert_eq!(on_record(&app, "workshop").await.len(), 3);

    let neutral = review
        .plan(&json!({ "kind": "hotwash", "facilitator": { "name": "Ada" } }))
        .await;
    for (flag, expected) in [("true", made.id()), ("false", neutral.id)] {
        let path = format!("/api/v1/workshops?facilitator_conflicted={flag}");
        assert_eq!(ids(&app.reader().get(path).await.expect(200)), [expected]);
    }
}

async fn another_facilitator_needs_another_reason(app: App) {
    let review = a_review(&app).await;
    let own = json!({ "involved_in_response": true });
    let kim = review.join_as(&person("Kim", &own)).await;
    let ada = review.join_as(&person("Ada", &own)).await;
    let workshop = review
        .plan(&json!({
            "kind": "lessons_learned",
            "facilitator": { "participant_id": kim },
            "neutrality_override": { "reason": "agreed" },
        }))
        .await;
    let other = json!({ "facilitator": { "participant_id": ada } });
    let refused = workshop
        .change(&other)
        .await
        .problem(422, "validation_failed");
    assert_eq!(
        refused.faults(),
        [fault("/facilitator", "facilitator_not_neutral")]
    );
    let gone = workshop
        .change(&json!({ "neutrality_override": null }))
        .await;
    assert_eq!(
        gone.problem(422, "validation_failed").faults(),
        [fault("/facilitator", "facilitator_not_neutral")]
    );
    // Another form of naming somebody takes the place of the one before.
    let neutral = json!({ "facilitator": { "name": "Fay", "subject": "fay@example.org" } });
    let changed = workshop.change(&neutral).await.expect(200).json();
    assert_eq!(changed["facilitator"]["participant_id"], json!(null));
    assert_eq!(changed["neutrality"]["is_neutral"], true);
    assert_eq!(changed["neutrality"]["override"], json!(null));
    let mut both = other.clone();
    both["neutrality_override"] = json!({ "reason": "agreed as well" });
    let changed = workshop.change(&both).await.expect(200).json();
    assert_eq!(changed["facilitator"]["name"], "Ada");
    assert_eq!(changed["facilitator"]["subject"], json!(null));
    assert_eq!(
        changed["neutrality"]["override"]["reason"],
        "agreed as well"
    );
}

async fn neutrality_is_looked_at_again_when_the_session_is_held(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let kim = review.join_as(&person("Kim", &json!({}))).await;
    let own = json!({ "kind": "lessons_learned", "facilitator": { "participant_id": kim } });
    let workshop = review.plan(&own).await;
    let path = review.path(&format!("/participants/{kim}"));
    let tag = admin.get(&path).await.expect(200).etag();
    let involved = admin.patch(&path, &json!({ "involved_in_response": true }));
    involved.if_match(&tag).await.expect(200);

    assert_eq!(
        workshop.now().await.json()["neutrality"]["is_neutral"],
        true
    );
    let refused = workshop.step("hold", &json!({})).await;
    let refused = refused.problem(409, "state_conflict");
    assert_eq!(refused.faults(), [fault("", "facilitator_not_neutral")]);
    let why = json!({ "neutrality_override": { "reason": "found out too late" } });
    let held = workshop.step("hold", &why).await.expect(200).json();
    assert_eq!(held["status"], "held");
    assert_eq!(held["neutrality"]["is_neutral"], false);
    assert_eq!(
        held["neutrality"]["override"]["reason"],
        "found out too late"
    );
    assert_eq!(kinds(&held), ["involved_in_response"]);
    let expected = [
        "workshop.plan",
        "workshop.hold",
        "workshop.override_neutrality",
    ];
    assert_eq!(on_record(&app, "workshop").await, expected);
}

async fn another_change_does_not_look_at_the_facilitator_again(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let kim = review.join_as(&person("Kim", &json!({}))).await;
    let own = json!({ "kind": "hotwash", "facilitator": { "participant_id": kim } });
    let workshop = review.plan(&own).await;
    let path = review.path(&format!("/participants/{kim}"));
    let tag = admin.get(&path).await.expect(200).etag();
    let role = admin.patch(&path, &json!({ "incident_roles": ["deputy"] }));
    role.if_match(&tag).await.expect(200);
    let moved = workshop
        .change(&json!({ "location": "Room 1" }))
        .await
        .expect(200)
        .json();
    assert_eq!(moved["neutrality"]["is_neutral"], true);
    let named = json!({ "facilitator": { "participant_id": kim } });
    workshop
        .change(&named)
        .await
        .problem(422, "validation_failed");
}

async fn a_participant_who_leads_goes_by_the_name_that_they_have_now(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let kim = review.join_as(&person("Kim", &json!({}))).await;
    let own = json!({ "kind": "hotwash", "facilitator": { "participant_id": kim } });
    let workshop = review.plan(&own).await;
    let before = workshop.now().await;
    let path = review.path(&format!("/participants/{kim}"));
    let tag = admin.get(&path).await.expect(200).etag();
    let renamed = json!({ "name": "Kim Larsen", "subject": "kim@example.org" });
    admin
        .patch(&path, &renamed)
        .if_match(&tag)
        .await
        .expect(200);
    let now = workshop.now().await;
    assert_eq!(now.json()["facilitator"]["name"], "Kim Larsen");
    assert_eq!(now.json()["facilitator"]["subject"], "kim@example.org");
    assert_ne!(now.etag(), before.etag());
    let led = app
        .reader()
        .get("/api/v1/workshops?facilitator=kim@example.org")
        .await;
    assert_eq!(ids(&led.expect(200)), [workshop.id]);
}
