//! Boards: set, opened, closed, voted on, each in its turn.

use debrief_tests::builders::{a_review, a_review_with};
use debrief_tests::{App, both_databases};
use reqwest::Method;
use serde_json::{Value, json};

use super::{actions, collecting, fault, on_record, said, saying};

both_databases!(
    a_board_goes_through_its_phases,
    a_signed_board_is_opened_again_and_an_anonymous_one_is_not,
    anonymity_is_decided_before_the_first_word_and_never_undone,
    every_fault_of_a_board_is_told_at_once,
    a_step_needs_the_current_version_and_its_own_phase,
    without_a_board_nothing_is_contributed,
    after_the_session_what_was_said_is_sorted_out,
    what_was_published_keeps_its_contributions,
    a_restricted_review_hides_its_board,
);

async fn a_board_goes_through_its_phases(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let path = workshop.path("/board");
    lead.get(&path).await.problem(404, "not_found");
    let given = json!({ "anonymous": false, "prompts": ["what_helped", "idea"] });
    let made = lead.put(&path, &given).await.expect(201);
    assert_eq!(made.header("location"), Some(path.as_str()));
    let body = made.json();
    assert_eq!(body["phase"], "preparing");
    assert_eq!(body["votes_per_person"], 5);
    assert_eq!(body["prompts"], given["prompts"]);
    assert_eq!(body["workshop_id"], workshop.id.as_str());
    assert_eq!(
        (&body["contribution_count"], &body["version"]),
        (&json!(0), &json!(1))
    );
    // The same again is nothing new.
    let again = lead.put(&path, &given).await.expect(200);
    assert_eq!((again.json(), again.etag()), (body, made.etag()));
    let three = json!({ "anonymous": false, "votes_per_person": 3 });
    let changed = lead
        .put(&path, &three)
        .if_match(&made.etag())
        .await
        .expect(200);
    assert_eq!(changed.json()["prompts"], json!([]));
    lead.put(&path, &given)
        .if_match(&made.etag())
        .await
        .problem(412, "stale_version");
    for (verb, phase) in [
        ("open", "collecting"),
        ("close", "grouping"),
        ("open-voting", "voting"),
        ("close-voting", "done"),
    ] {
        let moved = workshop.board(verb).await.expect(200);
        assert_eq!(moved.json()["phase"], phase);
        assert_eq!(
            moved.etag(),
            app.reader().get(&path).await.expect(200).etag()
        );
    }
    let records = on_record(&app, "board").await;
    let expected = [
        "board.set",
        "board.set",
        "board.open",
        "board.close",
        "board.open_voting",
        "board.close_voting",
    ];
    assert_eq!(actions(&records), expected);
    assert!(records.iter().all(|one| one["review_id"] == review.id));
    assert_eq!(records[3]["after"]["contributions"], 0);
    assert_eq!(records[5]["after"]["votes"], 0);
    let feed = format!("/api/v1/changes?review={}&type=board.*", review.id);
    let feed = app.reader().get(feed).await.expect(200).items();
    assert_eq!(feed.len(), 6);
    assert_eq!(feed[0]["resource"]["href"], path);
}

async fn a_signed_board_is_opened_again_and_an_anonymous_one_is_not(app: App) {
    let review = a_review(&app).await;
    let signed = collecting(&review, false).await;
    signed.board("close").await.expect(200);
    let opened = signed.board("open").await.expect(200);
    assert_eq!(opened.json()["phase"], "collecting");
    let anonymous = collecting(&review, true).await;
    anonymous.board("close").await.expect(200);
    let refused = anonymous.board("open").await;
    let expected = [fault("", "board_is_grouping")];
    assert_eq!(refused.problem(409, "state_conflict").faults(), expected);
}

async fn anonymity_is_decided_before_the_first_word_and_never_undone(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let (named, nameless) = (json!({ "anonymous": false }), json!({ "anonymous": true }));
    let expected = [fault("/anonymous", "anonymity_is_final")];
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let path = workshop.path("/board");
    let made = lead.put(&path, &named).await.expect(201);
    let unseen = lead.put(&path, &nameless).await;
    unseen.problem(428, "precondition_required");
    let changed = lead.put(&path, &nameless).if_match(&made.etag());
    changed.await.expect(200);
    // Also before anything was said: somebody may have counted on it.
    let undone = lead.put(&path, &named).await;
    assert_eq!(undone.problem(409, "state_conflict").faults(), expected);
    for verb in ["open", "close"] {
        workshop.board(verb).await.expect(200);
        let undone = lead.put(&path, &named).await;
        assert_eq!(undone.problem(409, "state_conflict").faults(), expected);
    }
    let signed = collecting(&review, false).await;
    let late = lead.put(signed.path("/board"), &nameless).await;
    assert_eq!(late.problem(409, "state_conflict").faults(), expected);
}

async fn every_fault_of_a_board_is_told_at_once(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let path = workshop.path("/board");
    let wrong = json!({ "prompts": ["gossip"], "votes_per_person": 51, "phase": "voting" });
    let reply = app.facilitator().put(&path, &wrong).await;
    let expected = [
        fault("/anonymous", "required"),
        fault("/phase", "unknown_field"),
        fault("/prompts/0", "unknown_value"),
        fault("/votes_per_person", "out_of_range"),
    ];
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let twice = json!({ "anonymous": true, "prompts": ["idea", "other", "idea"] });
    let reply = app.facilitator().put(&path, &twice).await;
    let expected = [fault("/prompts/2", "repeated_item")];
    assert_eq!(reply.problem(422, "validation_failed").faults(), expected);
    let ok = json!({ "anonymous": true });
    app.contributor()
        .put(&path, &ok)
        .await
        .problem(403, "missing_scope");
    for tag in ["\"1\"", "*"] {
        let early = app.facilitator().put(&path, &ok).if_match(tag).await;
        let early = early.problem(404, "not_found").json();
        let detail = early["detail"].as_str().expect("a detail");
        assert!(detail.contains("made without If-Match"), "{detail}");
    }
}

async fn a_step_needs_the_current_version_and_its_own_phase(app: App) {
    let (lead, review) = (app.facilitator(), a_review(&app).await);
    let workshop = collecting(&review, false).await;
    let path = workshop.path("/board");
    let step = |verb: &str| lead.call(Method::POST, format!("{path}/{verb}"));
    step("close").await.problem(428, "precondition_required");
    let stale = step("close").if_match("\"1\"").await;
    stale.problem(412, "stale_version");
    for verb in ["open", "open-voting", "close-voting"] {
        let refused = workshop.board(verb).await;
        let expected = [fault("", "board_is_collecting")];
        assert_eq!(refused.problem(409, "state_conflict").faults(), expected);
    }
    workshop.board("close").await.expect(200);
    let late = said(&app.contributor(), &workshop, "Too late").await;
    let expected = [fault("", "board_is_grouping")];
    assert_eq!(late.problem(409, "state_conflict").faults(), expected);
    // A repeated step is answered as it was at first.
    let tag = lead.get(&path).await.expect(200).etag();
    let open = step("open").if_match(&tag).key("once");
    let first = open.clone().await.expect(200);
    let second = open.await.expect(200);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(second.body, first.body);
}

async fn without_a_board_nothing_is_contributed(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    let none = [fault("", "no_board")];
    let refused = said(&app.contributor(), &workshop, "Anything").await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), none);
    let cast = json!({});
    let refused = app.contributor().put(workshop.path("/ballot"), &cast).await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), none);
    let ballot = app.contributor().get(workshop.path("/ballot")).await;
    ballot.problem(404, "not_found");
    let listed = app.reader().get(workshop.path("/contributions")).await;
    assert_eq!(listed.expect(200).items(), Vec::<Value>::new());
    let asking = json!({ "anonymous": true, "prompts": ["idea"] });
    workshop.collect(&asking).await;
    let refused = said(&app.contributor(), &workshop, "Not asked").await;
    let expected = [fault("/prompt", "not_asked")];
    assert_eq!(refused.problem(422, "validation_failed").faults(), expected);
    let wrong = json!({ "prompt": "rant", "text": "", "author": "me" });
    let path = workshop.path("/contributions");
    let refused = app.contributor().post(&path, &wrong).await;
    let expected = [
        fault("/author", "unknown_field"),
        fault("/prompt", "unknown_value"),
        fault("/text", "too_short"),
    ];
    assert_eq!(refused.problem(422, "validation_failed").faults(), expected);
    app.reader()
        .post(&path, &saying("x"))
        .await
        .problem(403, "missing_scope");
}

async fn after_the_session_what_was_said_is_sorted_out(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    said(&app.contributor(), &workshop, "Nobody owned the mailbox")
        .await
        .expect(201);
    let held = json!({ "held_at": "2026-11-23T11:00:00Z" });
    workshop.step("hold", &held).await.expect(200);
    let late = said(&app.contributor(), &workshop, "Too late").await;
    let expected = [fault("", "workshop_is_held")];
    assert_eq!(late.problem(409, "state_conflict").faults(), expected);
    workshop.board("close").await.expect(200);
    assert_eq!(super::shown(&app, &workshop, "").await.len(), 1);
    super::grouped(&app, &workshop, "Alerts").await;
    let voting = workshop.board("open-voting").await;
    assert_eq!(voting.problem(409, "state_conflict").faults(), expected);
    // What is cancelled takes nothing any more.
    let cancelled = collecting(&review, true).await;
    let why = json!({ "reason": "Nobody has time" });
    cancelled.step("cancel", &why).await.expect(200);
    let refused = cancelled.board("close").await;
    let expected = [fault("", "workshop_is_cancelled")];
    assert_eq!(refused.problem(409, "state_conflict").faults(), expected);
}

async fn what_was_published_keeps_its_contributions(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, false).await;
    let made = said(&app.contributor(), &workshop, "Nobody owned the mailbox").await;
    let made = made.expect(201);
    let later = review.plan(&json!({ "kind": "follow_up" })).await;
    let _review = review.published().await;
    let frozen = [fault("", "review_is_published")];
    let refused = workshop.board("close").await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), frozen);
    let path = super::path_of(&made.id());
    let refused = app.admin().delete(&path).if_match(&made.etag()).await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), frozen);
    let change = json!({ "text": "x" });
    let change = app.contributor().patch(&path, &change);
    let refused = change.if_match(&made.etag()).await;
    assert_eq!(refused.problem(409, "state_conflict").faults(), frozen);
    // A session that outlives the publication still collects.
    later.collect(&json!({ "anonymous": true })).await;
    said(&app.contributor(), &later, "It still waits")
        .await
        .expect(201);
    later.board("close").await.expect(200);
    let found = app.reader().get("/api/v1/search?q=waits").await;
    assert_eq!(found.expect(200).items().len(), 1);
}

async fn a_restricted_review_hides_its_board(app: App) {
    let secret = json!({ "visibility": "restricted" });
    let review = a_review_with(&app, secret).await;
    let workshop = collecting(&review, true).await;
    let made = said(&app.admin(), &workshop, "Only between us").await;
    let id = made.expect(201).id();
    workshop.board("close").await.expect(200);
    let group = app.admin().post(
        workshop.path("/contribution-groups"),
        &json!({ "title": "Between us" }),
    );
    let group = format!(
        "/api/v1/contribution-groups/{}",
        group.await.expect(201).id()
    );
    for client in [app.facilitator(), app.stranger()] {
        for path in [
            workshop.path("/board"),
            workshop.path("/contributions"),
            workshop.path("/contribution-groups"),
            workshop.path("/ballot"),
            super::path_of(&id),
            group.clone(),
        ] {
            client.get(path).await.problem(404, "not_found");
        }
        said(&client, &workshop, "Let me in")
            .await
            .problem(404, "not_found");
        let ballot = client.put(workshop.path("/ballot"), &json!({}));
        ballot.await.problem(404, "not_found");
    }
    let found = app.facilitator().get("/api/v1/search?q=between").await;
    assert_eq!(found.expect(200).items(), Vec::<Value>::new());
    let found = app.admin().get("/api/v1/search?q=between").await;
    assert_eq!(found.expect(200).items().len(), 2);
}
