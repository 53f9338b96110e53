//! The calendar file: what a strict reader of RFC 5545 takes from it, and what it keeps to itself.

use chrono::{DateTime, Duration, Utc};
use debrief_tests::builders::{Review, Workshop, a_review, a_review_with};
use debrief_tests::icalendar::Invitation;
use debrief_tests::{App, Reply, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_calendar_file_says_who_is_invited_to_what_and_when,
    it_stays_the_same_invitation_through_all_changes,
    a_cancelled_workshop_is_taken_out_of_calendars,
    who_is_no_longer_invited_gets_a_cancellation_of_their_own,
    whoever_leads_is_found_among_the_participants,
    the_service_invites_where_nobody_has_an_address,
    texts_of_any_kind_add_nothing_to_the_file,
    calendars_are_not_told_what_is_confidential,
    somebody_with_an_address_invites,
    a_workshop_without_a_time_has_no_calendar_file,
    the_answer_is_a_calendar_and_nothing_else,
);

async fn file(app: &App, workshop: &Workshop) -> Reply {
    app.reader()
        .get(workshop.path("/invite.ics"))
        .await
        .expect(200)
}

async fn read(app: &App, workshop: &Workshop) -> Invitation {
    Invitation::read(&file(app, workshop).await.text())
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

async fn planned(app: &App, own: &Value) -> (Review, Workshop) {
    let review = a_review(app).await;
    let mut body = json!({
        "kind": "lessons_learned",
        "scheduled_at": "2026-11-30T10:00:00Z",
        "duration_minutes": 75,
        "time_zone": "Europe/Dublin",
    });
    for (field, value) in own.as_object().expect("an object") {
        body[field] = value.clone();
    }
    let workshop = review.plan(&body).await;
    (review, workshop)
}

async fn a_calendar_file_says_who_is_invited_to_what_and_when(app: App) {
    let own = json!({
        "location": "Room 4.12; second floor, left",
        "url": "https://meet.example/pir?x=1&y=2",
        "facilitator": { "name": "Ada Okafor", "subject": "ada.okafor@example.org" },
    });
    let (review, workshop) = planned(&app, &own).await;
    let key = review.now().await.json()["key"]
        .as_str()
        .expect("a key")
        .to_owned();
    for (name, function, own, answer) in [
        ("Kim", "it", json!({}), Some("accepted")),
        ("Fay", "legal", json!({ "chair": true }), Some("tentative")),
        ("Bo", "audit", json!({}), Some("declined")),
        ("Eva", "management", json!({ "required": false }), None),
    ] {
        let mut body = json!({ "participant_id": review.join(name, function).await });
        for (field, value) in own.as_object().expect("an object") {
            body[field] = value.clone();
        }
        let invitation = workshop.invite_as(&body).await.expect(201).id();
        if let Some(answer) = answer {
            workshop
                .tell(&invitation, "rsvp", &json!({ "rsvp": answer }))
                .await
                .expect(200);
        }
    }
    let nameless = json!({ "name": "Night shift", "function": "responder" });
    workshop.invite(&review.join_as(&nameless).await).await;
    workshop
        .step("agenda/generate", &json!({}))
        .await
        .expect(200);

    let invitation = read(&app, &workshop).await;
    assert_eq!(invitation.method, "REQUEST");
    assert_eq!(invitation.value("UID"), workshop.id);
    assert_eq!(invitation.instant("DTSTART"), at("2026-11-30T10:00:00Z"));
    assert_eq!(invitation.instant("DTEND"), at("2026-11-30T11:15:00Z"));
    assert_eq!(invitation.text("LOCATION"), "Room 4.12; second floor, left");
    assert_eq!(invitation.value("URL"), "https://meet.example/pir?x=1&y=2");
    assert_eq!(
        invitation.text("SUMMARY"),
        format!("Lessons learned: What we learned from the ransomware ({key})")
    );
    assert_eq!(invitation.value("CLASS"), "PUBLIC");
    let organizer = invitation.all("ORGANIZER")[0];
    assert_eq!(organizer.value, "mailto:ada.okafor@example.org");
    assert_eq!(organizer.parameters["CN"], "Ada Okafor");
    let told = |parameter: &str| -> Vec<String> {
        let all = invitation.attendees(parameter).into_iter();
        all.map(|(address, value)| format!("{} {value}", address.trim_end_matches("@example.org")))
            .collect()
    };
    assert_eq!(told("CN"), ["kim Kim", "fay Fay", "bo Bo", "eva Eva"]);
    assert_eq!(
        told("ROLE"),
        [
            "kim REQ-PARTICIPANT",
            "fay CHAIR",
            "bo OPT-PARTICIPANT",
            "eva OPT-PARTICIPANT"
        ]
    );
    assert_eq!(
        told("PARTSTAT"),
        [
            "kim ACCEPTED",
            "fay TENTATIVE",
            "bo DECLINED",
            "eva NEEDS-ACTION"
        ]
    );
    assert_eq!(
        told("RSVP"),
        ["kim FALSE", "fay FALSE", "bo FALSE", "eva TRUE"]
    );
    let description = invitation.text("DESCRIPTION");
    for expected in [
        "Begins 30 November 2026, 10:00 (Europe/Dublin).",
        "Online: https://meet.example/pir?x=1&y=2",
        "- Welcome and ground rules (5 min)",
        "Also invited, without an address: Night shift",
    ] {
        assert!(
            description.lines().any(|line| line == expected),
            "{description}"
        );
    }
    // While it is summer there, it is an hour later on the clock.
    let summer = json!({ "scheduled_at": "2027-07-01T10:00:00Z" });
    workshop.step("reschedule", &summer).await.expect(200);
    let invitation = read(&app, &workshop).await;
    let begins = "Begins 1 July 2027, 11:00 (Europe/Dublin).";
    assert!(invitation.text("DESCRIPTION").starts_with(begins));
}

async fn it_stays_the_same_invitation_through_all_changes(app: App) {
    let (review, workshop) = planned(&app, &json!({})).await;
    let mut last = read(&app, &workshop).await;
    let (uid, created) = (last.value("UID").to_owned(), last.instant("CREATED"));
    assert_eq!(last.sequence(), 0);
    let kim = workshop.invite(&review.join("Kim", "it").await).await;
    let fay = workshop.invite(&review.join("Fay", "legal").await).await;
    // Each change is told by a later stamp, and what moves people by a higher sequence.
    for (number, raised) in [true, true, false, true, false, false]
        .into_iter()
        .enumerate()
    {
        app.wait(Duration::minutes(1));
        match number {
            0 => drop(
                workshop
                    .change(&json!({ "title": "Another title" }))
                    .await
                    .expect(200),
            ),
            1 => {
                let moved = json!({ "scheduled_at": "2026-12-01T10:00:00Z" });
                workshop.step("reschedule", &moved).await.expect(200);
            }
            2 => drop(
                workshop
                    .tell(&kim.id(), "rsvp", &json!({ "rsvp": "accepted" }))
                    .await
                    .expect(200),
            ),
            3 => {
                let path = workshop.path(&format!("/invitations/{}", fay.id()));
                let tag = app.admin().get(&path).await.expect(200).etag();
                app.admin().delete(&path).if_match(&tag).await.expect(204);
            }
            4 => drop(workshop.invite(&review.join("Bo", "audit").await).await),
            _ => {
                let topics =
                    json!({ "topics": [{ "kind": "other", "title": "All", "minutes": 5 }] });
                app.admin()
                    .put(workshop.path("/agenda"), &topics)
                    .await
                    .expect(200);
            }
        }
        let now = read(&app, &workshop).await;
        assert_eq!(
            (now.value("UID"), now.instant("CREATED")),
            (uid.as_str(), created)
        );
        assert_eq!(
            now.sequence(),
            last.sequence() + u32::from(raised),
            "{number}"
        );
        assert_eq!(now.instant("DTSTAMP"), app.now(), "{number}");
        last = now;
    }
    assert_eq!(last.attendees("CN").len(), 2);
    // What nobody sees in a calendar leaves the file as it is.
    let before = file(&app, &workshop).await;
    app.wait(Duration::minutes(1));
    workshop
        .change(&json!({ "minutes": "Noted." }))
        .await
        .expect(200);
    assert_eq!(file(&app, &workshop).await.text(), before.text());
}

async fn a_cancelled_workshop_is_taken_out_of_calendars(app: App) {
    let (review, workshop) = planned(&app, &json!({})).await;
    workshop.invite(&review.join("Kim", "it").await).await;
    let before = read(&app, &workshop).await;
    app.wait(Duration::minutes(1));
    workshop
        .step("cancel", &json!({ "reason": "merged" }))
        .await
        .expect(200);
    let reply = file(&app, &workshop).await;
    let kind = reply.header("content-type").expect("a type");
    assert!(kind.contains("method=CANCEL"), "{kind}");
    let after = Invitation::read(&reply.text());
    assert_eq!(after.method, "CANCEL");
    assert_eq!(after.value("UID"), before.value("UID"));
    assert_eq!(after.sequence(), before.sequence() + 1);
    assert!(after.instant("DTSTAMP") > before.instant("DTSTAMP"));
    assert_eq!(
        after.attendees("RSVP"),
        [("kim@example.org".to_owned(), "FALSE".to_owned())]
    );
}

/// The calendar file for a participant.
async fn file_for(app: &App, workshop: &Workshop, participant: &str) -> Reply {
    let path = workshop.path(&format!("/invite.ics?participant={participant}"));
    app.reader().get(path).await
}

/// Withdraws an invitation.
async fn withdraw(app: &App, workshop: &Workshop, invitation: &Reply) {
    let path = workshop.path(&format!("/invitations/{}", invitation.id()));
    let tag = app.admin().get(&path).await.expect(200).etag();
    app.admin().delete(&path).if_match(&tag).await.expect(204);
}

async fn who_is_no_longer_invited_gets_a_cancellation_of_their_own(app: App) {
    let own = json!({ "location": "Room 4.12", "url": "https://meet.example/pir" });
    let (review, workshop) = planned(&app, &own).await;
    let (kim, fay) = (
        review.join("Kim", "it").await,
        review.join("Fay", "legal").await,
    );
    let invited = workshop.invite(&kim).await;
    workshop.invite(&fay).await;
    let before = file_for(&app, &workshop, &kim).await.expect(200);
    assert_eq!(before.text(), file(&app, &workshop).await.text());
    let before = Invitation::read(&before.text());
    app.wait(Duration::minutes(1));
    withdraw(&app, &workshop, &invited).await;
    let reply = file_for(&app, &workshop, &kim).await.expect(200);
    let kind = reply.header("content-type").expect("a type");
    assert!(kind.contains("method=CANCEL"), "{kind}");
    let gone = Invitation::read(&reply.text());
    assert_eq!(gone.method, "CANCEL");
    // The session is still held: it is cancelled for them only.
    assert!(gone.all("STATUS").is_empty());
    assert_eq!(gone.value("UID"), before.value("UID"));
    assert_eq!(gone.sequence(), before.sequence() + 1);
    assert_eq!(gone.instant("DTSTART"), before.instant("DTSTART"));
    let told = [("kim@example.org".to_owned(), "Kim".to_owned())];
    assert_eq!(gone.attendees("CN"), told);
    for name in ["DESCRIPTION", "LOCATION", "URL"] {
        assert!(gone.all(name).is_empty(), "{name}");
    }
    // The others see nothing of it.
    let others = read(&app, &workshop).await;
    let told = [("fay@example.org".to_owned(), "Fay".to_owned())];
    assert_eq!(
        (others.method.as_str(), others.attendees("CN")),
        ("REQUEST", told.to_vec())
    );
    let stranger = review.join("Bo", "audit").await;
    let reply = file_for(&app, &workshop, &stranger).await;
    reply.problem(404, "not_found");
    // Whoever is invited anew gets a request that is newer than the cancellation.
    let again = workshop.invite(&kim).await;
    let reply = file_for(&app, &workshop, &kim).await.expect(200);
    let anew = Invitation::read(&reply.text());
    assert_eq!(
        (anew.method.as_str(), anew.attendees("CN").len()),
        ("REQUEST", 2)
    );
    assert!(anew.sequence() > gone.sequence());
    withdraw(&app, &workshop, &again).await;
    // They may leave the review as well, and what is cancelled for all is cancelled for them.
    let path = review.path(&format!("/participants/{kim}"));
    let tag = app.admin().get(&path).await.expect(200).etag();
    app.admin().delete(&path).if_match(&tag).await.expect(204);
    let why = json!({ "reason": "merged" });
    workshop.step("cancel", &why).await.expect(200);
    let last = read(&app, &workshop).await;
    assert_eq!(last.value("STATUS"), "CANCELLED");
    let told: Vec<String> = last.attendees("CN").into_iter().map(|one| one.1).collect();
    assert_eq!(told, ["Fay", "Kim"]);
}

async fn whoever_leads_is_found_among_the_participants(app: App) {
    let organizer = async |workshop: &Workshop| {
        let invitation = read(&app, workshop).await;
        invitation.all("ORGANIZER")[0].value.clone()
    };
    for (leads, expected) in [
        (
            json!({ "name": "Fay", "subject": "u-17" }),
            "mailto:fay@example.org",
        ),
        (json!({ "name": "kim" }), "mailto:kim@example.org"),
        (json!({ "name": "Eva" }), "mailto:no-reply@debrief.invalid"),
        // Somebody else of the same name.
        (
            json!({ "name": "Fay", "subject": "u-18" }),
            "mailto:no-reply@debrief.invalid",
        ),
    ] {
        let review = a_review_with(&app, json!({ "owner": null })).await;
        let fay = json!({
            "name": "Fay", "function": "legal", "subject": "u-17", "email": "fay@example.org",
        });
        review.join_as(&fay).await;
        review.join("Kim", "it").await;
        let own = json!({
            "kind": "hotwash", "scheduled_at": "2026-11-30T10:00:00Z", "facilitator": leads,
        });
        let workshop = review.plan(&own).await;
        assert_eq!(organizer(&workshop).await, expected, "{own}");
    }
    let review = a_review_with(&app, json!({ "owner": { "name": "Kim" } })).await;
    review.join("Kim", "it").await;
    let own = json!({ "kind": "hotwash", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    assert_eq!(organizer(&workshop).await, "mailto:kim@example.org");
}

async fn the_service_invites_where_nobody_has_an_address(app: App) {
    app.restart(&[("organizer_email", "reviews@example.org")])
        .await;
    let review = a_review_with(&app, json!({ "owner": null })).await;
    let own = json!({ "kind": "hotwash", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let invitation = read(&app, &workshop).await;
    let organizer = invitation.all("ORGANIZER")[0];
    assert_eq!(organizer.value, "mailto:reviews@example.org");
    assert_eq!(organizer.parameters["CN"], "Debrief");
}

async fn texts_of_any_kind_add_nothing_to_the_file(app: App) {
    let evil = "Ünïcode 🜂 “quoted”, a; b\\c\r\nATTENDEE:mailto:eve@example.org\u{2028}x \"^n";
    let long = "schöne lange Überschrift ".repeat(12);
    let review = a_review(&app).await;
    let kim = json!({ "name": evil, "function": "it", "email": "kim+pir@example.org" });
    let kim = review.join_as(&kim).await;
    let workshop = review
        .plan(&json!({
            "kind": "hotwash",
            "title": long.trim(),
            "location": evil,
            "scheduled_at": "2026-11-30T10:00:00Z",
            "facilitator": { "participant_id": kim },
        }))
        .await;
    workshop.invite(&kim).await;
    let invitation = read(&app, &workshop).await;
    assert!(invitation.text("SUMMARY").starts_with(long.trim()));
    assert_eq!(
        invitation.text("LOCATION"),
        evil.replace("\r\n", "\n").replace('\u{2028}', "\n")
    );
    let addresses = invitation.attendees("CN");
    assert_eq!(addresses.len(), 1);
    assert_eq!(addresses[0].0, "kim+pir@example.org");
    assert!(addresses[0].1.contains("\"^n"), "{addresses:?}");
}

async fn calendars_are_not_told_what_is_confidential(app: App) {
    for own in [
        json!({ "visibility": "restricted" }),
        json!({ "tlp": "red" }),
        json!({ "legal_privilege": true }),
    ] {
        let review = a_review_with(&app, own.clone()).await;
        let key = review.now().await.json()["key"]
            .as_str()
            .expect("a key")
            .to_owned();
        let workshop = review
            .plan(&json!({
                "kind": "lessons_learned",
                "title": "Who paid the ransom",
                "scheduled_at": "2026-11-30T10:00:00Z",
            }))
            .await;
        let topics =
            json!({ "topics": [{ "kind": "other", "title": "The ransom", "minutes": 5 }] });
        app.admin()
            .put(workshop.path("/agenda"), &topics)
            .await
            .expect(200);
        let reply = app
            .admin()
            .get(workshop.path("/invite.ics"))
            .await
            .expect(200);
        let invitation = Invitation::read(&reply.text());
        assert_eq!(
            invitation.text("SUMMARY"),
            format!("Lessons learned: {key}"),
            "{own}"
        );
        assert_eq!(invitation.value("CLASS"), "CONFIDENTIAL");
        assert!(!reply.text().contains("ransom"), "{}", reply.text());
    }
}

async fn somebody_with_an_address_invites(app: App) {
    let review = a_review_with(&app, json!({ "owner": null })).await;
    let own = json!({ "kind": "hotwash", "scheduled_at": "2026-11-30T10:00:00Z" });
    let workshop = review.plan(&own).await;
    let organizer = |invitation: Invitation| {
        let found = invitation.all("ORGANIZER")[0];
        (found.parameters["CN"].clone(), found.value.clone())
    };
    let is = |name: &str, address: &str| (name.to_owned(), format!("mailto:{address}"));
    let nobody = "no-reply@debrief.invalid";
    assert_eq!(
        organizer(read(&app, &workshop).await),
        is("Debrief", nobody)
    );
    let tag = review.now().await.etag();
    let owner = json!({ "owner": { "name": "Olu", "subject": "olu@example.org" } });
    app.admin()
        .patch(review.path(""), &owner)
        .if_match(&tag)
        .await
        .expect(200);
    assert_eq!(
        organizer(read(&app, &workshop).await),
        is("Olu", "olu@example.org")
    );
    let chair = json!({ "participant_id": review.join("Fay", "legal").await, "chair": true });
    workshop.invite_as(&chair).await.expect(201);
    assert_eq!(
        organizer(read(&app, &workshop).await),
        is("Fay", "fay@example.org")
    );
    let kim = review.join("Kim", "it").await;
    let leads = json!({ "facilitator": { "participant_id": kim } });
    workshop.change(&leads).await.expect(200);
    assert_eq!(
        organizer(read(&app, &workshop).await),
        is("Kim", "kim@example.org")
    );
}

async fn a_workshop_without_a_time_has_no_calendar_file(app: App) {
    let workshop = a_review(&app)
        .await
        .plan(&json!({ "kind": "hotwash" }))
        .await;
    let path = workshop.path("/invite.ics");
    app.reader().get(&path).await.problem(404, "not_found");
    let time = json!({ "scheduled_at": "2026-11-30T10:00:00Z" });
    workshop.change(&time).await.expect(200);
    app.reader().get(&path).await.expect(200);
}

async fn the_answer_is_a_calendar_and_nothing_else(app: App) {
    let (review, workshop) = planned(&app, &json!({})).await;
    let reply = file(&app, &workshop).await;
    assert_eq!(
        reply.header("content-type"),
        Some("text/calendar; charset=utf-8; method=REQUEST; component=VEVENT")
    );
    let key = review.now().await.json()["key"]
        .as_str()
        .expect("a key")
        .to_owned();
    let name = format!("attachment; filename=\"{key}-lessons_learned.ics\"");
    assert_eq!(reply.header("content-disposition"), Some(name.as_str()));
    let (client, path) = (app.reader(), workshop.path("/invite.ics"));
    for accepted in [
        "text/calendar",
        "text/*",
        "*/*",
        "image/png, text/calendar;q=0.5",
    ] {
        client
            .get(&path)
            .header("accept", accepted)
            .await
            .expect(200);
    }
    for refused in [
        "application/json",
        "image/*",
        "text/calendar;q=0",
        "text/html",
    ] {
        let reply = client.get(&path).header("accept", refused).await;
        reply.problem(406, "not_acceptable");
    }
    let json = client
        .get(workshop.path(""))
        .header("accept", "text/calendar");
    json.await.problem(406, "not_acceptable");
    let again = client.get(&path).header("if-none-match", reply.etag());
    assert!(again.await.expect(304).body.is_empty());
}
