//! Participants of a review: who they are, that each is there once, and what they may see.

use debrief_tests::world::review;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_participant_is_added_changed_and_removed,
    a_subject_takes_part_in_a_review_once,
    every_fault_of_a_participant_is_told_at_once,
    participants_are_found_by_function_involvement_and_name,
    a_participant_with_a_subject_is_a_member_of_a_restricted_review,
    a_review_that_has_ended_keeps_its_participants_as_they_are,
);

async fn reviewed(app: &App) -> String {
    let made = app.admin().post("/api/v1/reviews", &review()).await;
    format!("/api/v1/reviews/{}", made.expect(201).id())
}

fn participant(name: &str) -> Value {
    json!({ "name": name, "function": "responder" })
}

async fn a_participant_is_added_changed_and_removed(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let list = format!("{review}/participants");
    let whole = json!({
        "name": "Kim Larsen", "subject": "kim@example.org", "email": "kim@example.org",
        "function": "legal", "incident_roles": ["scribe", "observer"],
        "involved_in_response": true, "effort_minutes": 480,
    });
    let made = client.post(&list, &whole).await.expect(201);
    let path = format!("{list}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&made.json()[field], value, "{field}");
    }
    let read = client.get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));

    let change = json!({ "email": null, "effort_minutes": 500 });
    client
        .patch(&path, &change)
        .await
        .problem(428, "precondition_required");
    let changed = client
        .patch(&path, &change)
        .if_match(&made.etag())
        .await
        .expect(200);
    assert_eq!(changed.json()["email"], Value::Null);
    assert_eq!(changed.json()["effort_minutes"], 500);
    assert_eq!(changed.json()["name"], "Kim Larsen");
    for call in [client.patch(&path, &change), client.delete(&path)] {
        let stale = call.if_match(&made.etag()).await;
        assert_eq!(stale.problem(412, "stale_version").etag(), changed.etag());
    }
    let removed = client.delete(&path).if_match(&changed.etag()).await;
    assert!(removed.expect(204).body.is_empty());
    client.get(&path).await.problem(404, "not_found");

    let log = "/api/v1/audit-records?resource_type=participant";
    let log = app.auditor().all(log, 50).await;
    let actions: Vec<_> = log
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    for action in [
        "participant.add",
        "participant.update",
        "participant.remove",
    ] {
        assert!(actions.contains(&action), "{action}: {actions:?}");
    }
}

async fn a_subject_takes_part_in_a_review_once(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let list = format!("{review}/participants");
    let with = |subject: &str| {
        let mut one = participant("Kim Larsen");
        one["subject"] = json!(subject);
        one
    };
    client.post(&list, &with("kim")).await.expect(201);
    let taken = [("/subject".to_owned(), "taken".to_owned())];
    let again = client.post(&list, &with("kim")).await;
    assert_eq!(again.problem(409, "conflict").faults(), taken);
    let other = client.post(&list, &with("ada")).await.expect(201);
    let path = format!("{list}/{}", other.id());
    let renamed = client
        .patch(&path, &json!({ "subject": "kim" }))
        .if_match(&other.etag())
        .await;
    assert_eq!(renamed.problem(409, "conflict").faults(), taken);
    // Teams have no subject, and there may be several; another review is another matter.
    client
        .post(&list, &participant("Network"))
        .await
        .expect(201);
    client
        .post(&list, &participant("Network"))
        .await
        .expect(201);
    let elsewhere = format!("{}/participants", reviewed(&app).await);
    client.post(elsewhere, &with("kim")).await.expect(201);
}

async fn every_fault_of_a_participant_is_told_at_once(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let list = format!("{review}/participants");
    let wrong = json!({
        "name": "", "function": "nobody", "email": "not an address", "effort_minutes": 1_000_001,
        "role": "scribe",
    });
    let reply = client.post(&list, &wrong).await;
    let found = reply.problem(422, "validation_failed").faults();
    let places: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        ["/effort_minutes", "/email", "/function", "/name", "/role"]
    );
    let mut twice = participant("Kim Larsen");
    twice["incident_roles"] = json!(["scribe", "scribe"]);
    let reply = client.post(&list, &twice).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert_eq!(
        found,
        [("/incident_roles/1".to_owned(), "repeated_item".to_owned())]
    );
}

async fn participants_are_found_by_function_involvement_and_name(app: App) {
    let (client, review) = (app.contributor(), reviewed(&app).await);
    let list = format!("{review}/participants");
    for (name, function, involved) in [
        ("Ärztin Özil", "legal", true),
        ("Kim Larsen", "legal", false),
        ("100% Coverage_Team", "it", true),
    ] {
        let one = json!({ "name": name, "function": function, "involved_in_response": involved });
        client.post(&list, &one).await.expect(201);
    }
    for (query, expected) in [
        (
            "sort=name",
            vec!["100% Coverage_Team", "Kim Larsen", "Ärztin Özil"],
        ),
        (
            "function=legal&sort=-created_at",
            vec!["Kim Larsen", "Ärztin Özil"],
        ),
        (
            "function=legal&function=it&involved_in_response=true",
            vec!["Ärztin Özil", "100% Coverage_Team"],
        ),
        ("q=%C3%84RZTIN%20%C3%B6z", vec!["Ärztin Özil"]),
        ("q=0%25%20ge_t", vec!["100% Coverage_Team"]),
        ("q=m_l", vec![]),
    ] {
        let mut found = client.all(&format!("{list}?{query}"), 1).await;
        let mut names: Vec<_> = found.drain(..).map(|one| one["name"].clone()).collect();
        let mut expected = expected;
        if query == "sort=name" {
            // Whether letters beyond ASCII come in the order of a language is the database's.
            names.retain(|name| name != "Ärztin Özil");
            expected.retain(|name| *name != "Ärztin Özil");
        }
        assert_eq!(names, expected, "{query}");
    }
}

async fn a_participant_with_a_subject_is_a_member_of_a_restricted_review(app: App) {
    let admin = app.admin();
    let restricted = json!({ "title": "Quiet", "severity": "high", "visibility": "restricted" });
    let made = admin.post("/api/v1/reviews", &restricted).await.expect(201);
    let path = format!("/api/v1/reviews/{}", made.id());
    let list = format!("{path}/participants");
    let reader = app.reader();
    reader.get(&path).await.problem(404, "not_found");
    reader.get(&list).await.problem(404, "not_found");
    let me = reader.get("/api/v1/me").await.expect(200).json();
    let mut member = participant("A reader");
    member["subject"] = me["subject"].clone();
    let added = admin.post(&list, &member).await.expect(201);
    reader.get(&path).await.expect(200);
    assert_eq!(reader.get(&list).await.expect(200).items().len(), 1);
    let gone = admin.delete(format!("{list}/{}", added.id()));
    gone.if_match(&added.etag()).await.expect(204);
    reader.get(&path).await.problem(404, "not_found");
}

async fn a_review_that_has_ended_keeps_its_participants_as_they_are(app: App) {
    let (admin, review) = (app.admin(), reviewed(&app).await);
    let list = format!("{review}/participants");
    let one = admin.post(&list, &participant("Kim")).await.expect(201);
    let path = format!("{list}/{}", one.id());
    let tag = admin.get(&review).await.expect(200).etag();
    let cancelled = admin.post(
        format!("{review}/cancel"),
        &json!({ "reason": "opened twice" }),
    );
    cancelled.if_match(&tag).await.expect(200);
    let change = json!({ "name": "Kim Larsen" });
    for call in [
        admin.post(&list, &participant("Ada")),
        admin.patch(&path, &change).if_match(&one.etag()),
        admin.delete(&path).if_match(&one.etag()),
    ] {
        let refused = call.await.problem(409, "state_conflict");
        let expected = (String::new(), "review_is_cancelled".to_owned());
        assert_eq!(refused.faults(), [expected]);
    }
    assert_eq!(admin.get(&path).await.expect(200).json(), one.json());
}
