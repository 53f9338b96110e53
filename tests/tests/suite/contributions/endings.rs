//! Boards whose session or review ends before anybody closed them: nothing stays locked away.

use debrief_tests::builders::{Workshop, a_review};
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

use super::anonymity_stored::dump;
use super::{actions, collecting, fault, on_record, person, said, shown, texts};

both_databases!(
    what_was_not_shown_goes_with_its_session,
    a_review_that_is_given_up_takes_its_secrets_with_it,
    votes_are_counted_when_their_session_ends,
    a_publication_shows_what_waits_and_leaves_what_outlives_it,
    a_session_of_another_kind_after_the_publication_closes_its_board,
    a_review_is_handed_in_when_its_boards_are_closed,
    a_token_takes_a_contribution_back_after_the_session_too,
);

/// Refuses whatever is tried with a board and a token, and finds no secret in the database.
async fn nothing_is_left(app: &App, workshop: &Workshop, token: &Value) {
    let body = json!({ "withdrawal_token": token });
    let path = workshop.path("/contributions/withdraw");
    let withdrawn = app.contributor().post(path, &body).await;
    let expected = [fault("", "board_is_grouping")];
    assert_eq!(
        withdrawn.problem(409, "state_conflict").faults(),
        expected,
        "what was destroyed cannot be taken back"
    );
    let stored = dump(app).await;
    assert_eq!(stored["sealed_boxes"], Vec::<String>::new());
    assert_eq!(stored["ballots"], Vec::<String>::new());
    for (table, rows) in stored {
        assert!(!rows.join("\n").contains("Nobody owned"), "{table}");
    }
}

async fn what_was_not_shown_goes_with_its_session(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let made = said(&app.contributor(), &workshop, "Nobody owned the mailbox").await;
    let token = made.expect(201).json()["withdrawal_token"].clone();
    let why = json!({ "reason": "Nobody has time" });
    workshop.step("cancel", &why).await.expect(200);
    nothing_is_left(&app, &workshop, &token).await;
    assert!(shown(&app, &workshop, "").await.is_empty());
    let board = app.reader().get(workshop.path("/board")).await.expect(200);
    let board = board.json();
    assert_eq!(
        (&board["phase"], &board["contribution_count"]),
        (&json!("grouping"), &json!(0))
    );
    let records = on_record(&app, "board").await;
    assert_eq!(
        actions(&records),
        ["board.set", "board.open", "board.discard"]
    );
    // What was signed was shown all along, and stays.
    let signed = collecting(&review, false).await;
    said(&app.contributor(), &signed, "I read the mailbox")
        .await
        .expect(201);
    signed.step("cancel", &why).await.expect(200);
    assert_eq!(shown(&app, &signed, "").await.len(), 1);
    let records = on_record(&app, "board").await;
    assert_eq!(actions(&records).last(), Some(&"board.close"));
}

async fn a_review_that_is_given_up_takes_its_secrets_with_it(app: App) {
    let waiver = json!({ "reason": "Covered elsewhere", "approver": "ciso@example.org" });
    let error = json!({ "reason": "Opened twice" });
    for (verb, body) in [("waive", waiver), ("cancel", error.clone())] {
        let review = a_review(&app).await;
        let workshop = collecting(&review, true).await;
        let made = said(&app.contributor(), &workshop, "Nobody owned the mailbox").await;
        let token = made.expect(201).json()["withdrawal_token"].clone();
        review.step(verb, &body).await.expect(200);
        nothing_is_left(&app, &workshop, &token).await;
        // It does not come back with the review.
        review.step("reopen", &error).await.expect(200);
        assert!(shown(&app, &workshop, "").await.is_empty());
        nothing_is_left(&app, &workshop, &token).await;
    }
}

/// A session with one contribution on which two people have voted.
async fn voted(app: &App, workshop: &Workshop) {
    said(&app.contributor(), workshop, "One").await.expect(201);
    for verb in ["close", "open-voting"] {
        workshop.board(verb).await.expect(200);
    }
    let id = shown(app, workshop, "").await[0]["id"].clone();
    let ballot = json!({ "contribution_ids": [id] });
    for name in ["Kim", "Ada"] {
        let one = person(app, name).await;
        let cast = one.put(workshop.path("/ballot"), &ballot);
        cast.await.expect(200);
    }
}

async fn votes_are_counted_when_their_session_ends(app: App) {
    let why = json!({ "reason": "Opened twice" });
    for ends_with_its_review in [true, false] {
        let review = a_review(&app).await;
        let workshop = collecting(&review, true).await;
        voted(&app, &workshop).await;
        if ends_with_its_review {
            review.step("cancel", &why).await.expect(200);
        } else {
            workshop.step("cancel", &why).await.expect(200);
        }
        let stored = dump(&app).await;
        assert_eq!(stored["sealed_boxes"], Vec::<String>::new());
        assert_eq!(stored["ballots"], Vec::<String>::new());
        assert_eq!(shown(&app, &workshop, "").await[0]["votes"], 2);
        let board = app.reader().get(workshop.path("/board")).await;
        assert_eq!(board.expect(200).json()["phase"], "done");
        let records = on_record(&app, "board").await;
        let last = records.last().expect("a record");
        assert_eq!(
            (&last["action"], &last["after"]["votes"]),
            (&json!("board.close_voting"), &json!(2))
        );
    }
}

async fn a_publication_shows_what_waits_and_leaves_what_outlives_it(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let later = review.plan(&json!({ "kind": "follow_up" })).await;
    later.collect(&json!({ "anonymous": true })).await;
    let review = review.submitted().await;
    for one in [&workshop, &later] {
        said(&app.contributor(), one, "Nobody owned the mailbox")
            .await
            .expect(201);
    }
    assert!(shown(&app, &workshop, "").await.is_empty());
    review.step("publish", &json!({})).await.expect(200);
    let items = shown(&app, &workshop, "").await;
    assert_eq!(texts(&items), ["Nobody owned the mailbox"]);
    assert_eq!(dump(&app).await["sealed_boxes"].len(), 1);
    assert!(shown(&app, &later, "").await.is_empty());
    later.board("close").await.expect(200);
    assert_eq!(dump(&app).await["sealed_boxes"], Vec::<String>::new());
}

async fn a_session_of_another_kind_after_the_publication_closes_its_board(app: App) {
    let review = a_review(&app).await.published().await;
    let workshop = review.plan(&json!({ "kind": "follow_up" })).await;
    workshop.collect(&json!({ "anonymous": true })).await;
    said(&app.contributor(), &workshop, "Nobody owned the mailbox")
        .await
        .expect(201);
    let change = workshop.change(&json!({ "title": "After a month" })).await;
    change.expect(200);
    assert!(shown(&app, &workshop, "").await.is_empty());
    let change = workshop.change(&json!({ "kind": "hotwash" })).await;
    change.expect(200);
    assert_eq!(shown(&app, &workshop, "").await.len(), 1);
    assert_eq!(dump(&app).await["sealed_boxes"], Vec::<String>::new());
}

async fn a_review_is_handed_in_when_its_boards_are_closed(app: App) {
    let review = a_review(&app).await.with_findings().await.started().await;
    let workshop = collecting(&review, true).await;
    // Of a session that is still to be held nothing is asked.
    let unmet = async || {
        let readiness = review.client().get(review.path("/readiness")).await;
        let steps = readiness.expect(200).json()["steps"].clone();
        let steps = steps.as_array().expect("steps").clone();
        let submit = steps.into_iter().find(|one| one["step"] == "submit");
        submit.expect("the step")["unmet"].clone()
    };
    assert_eq!(unmet().await, json!([]));
    let held = json!({ "held_at": "2026-11-23T11:00:00Z" });
    workshop.step("hold", &held).await.expect(200);
    assert_eq!(unmet().await[0]["code"], "board_not_closed");
    let refused = review.step("submit", &json!({})).await;
    let expected = [fault("", "board_not_closed")];
    assert_eq!(refused.problem(409, "state_conflict").faults(), expected);
    workshop.board("close").await.expect(200);
    review.step("submit", &json!({})).await.expect(200);
}

async fn a_token_takes_a_contribution_back_after_the_session_too(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let made = said(&app.contributor(), &workshop, "Nobody owned the mailbox").await;
    let token = made.expect(201).json()["withdrawal_token"].clone();
    let held = json!({ "held_at": "2026-11-23T11:00:00Z" });
    workshop.step("hold", &held).await.expect(200);
    let body = json!({ "withdrawal_token": token });
    let path = workshop.path("/contributions/withdraw");
    let withdrawn = app.contributor().post(path, &body).await;
    withdrawn.expect(204);
    workshop.board("close").await.expect(200);
    assert!(shown(&app, &workshop, "").await.is_empty());
}
