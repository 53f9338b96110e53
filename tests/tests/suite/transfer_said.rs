//! What people said, in a document: nothing that they were promised nobody would be shown, and everything
//! else as it was, on the next server too.

use debrief_tests::builders::{Review, a_review};
use debrief_tests::said::{self, SEALED, SETTLED, UNSETTLED};
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::transfer::{a_document_of, export, import};

both_databases!(
    nothing_that_is_sealed_leaves,
    of_a_round_no_more_leaves_than_its_summary_tells,
    no_two_documents_differ_by_one_answer,
    a_summary_reads_elsewhere_as_it_did,
    a_board_goes_on_elsewhere_with_a_box_of_its_own,
    briefings_are_elsewhere_what_they_were_byte_for_byte,
    wording_that_was_acknowledged_stays_acknowledged,
    a_document_without_what_was_said_is_still_one,
);

/// The texts of everything that is read whole or exported.
async fn leaving(app: &App, review: &Review) -> [String; 2] {
    let [whole, document] = ["/full", "/export"].map(|below| app.admin().get(review.path(below)));
    let whole = whole.await.expect(200).text().clone();
    [whole, document.await.expect(200).text().clone()]
}

async fn nothing_that_is_sealed_leaves(app: App) {
    let review = a_review(&app).await;
    let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
    workshop.collect(&json!({ "anonymous": true })).await;
    let saying = json!({ "prompt": "what_hindered", "text": SEALED });
    let path = workshop.path("/contributions");
    let made = app.contributor().post(&path, &saying).await.expect(201);
    let token = made.json()["withdrawal_token"].clone();
    for text in leaving(&app, &review).await {
        for secret in [SEALED, token.as_str().expect("a token"), &made.id()] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let whole = app
        .admin()
        .get(review.path("/full"))
        .await
        .expect(200)
        .json();
    let board = &whole["workshops"][0]["board"];
    assert_eq!(board["board"]["contribution_count"], Value::Null);
    assert_eq!(board["contributions"], json!([]));
    workshop.board("close").await.expect(200);
    for text in leaving(&app, &review).await {
        assert!(text.contains(SEALED), "{text}");
        assert!(text.contains(&made.id()), "{text}");
        let who = app.contributor().get("/api/v1/me").await.expect(200).json();
        let who = who["subject"].as_str().expect("a subject");
        assert!(!text.contains(who), "{text}");
    }
    // Votes are nobody's to see, neither which nor how many.
    workshop.board("open-voting").await.expect(200);
    let before = export(&app.admin(), &review.id).await;
    let ballot = json!({ "contribution_ids": [made.id()] });
    let voted = app.contributor().put(workshop.path("/ballot"), &ballot);
    voted.await.expect(200);
    assert_eq!(export(&app.admin(), &review.id).await, before);
}

/// A review with people who answer a round, and the round.
async fn asked(app: &App, count: usize) -> (Review, Vec<Client>, String) {
    let review = a_review(app).await;
    let mut people = Vec::new();
    for number in 0..count {
        people.push(said::somebody(app, &review, &format!("Person {number}")).await);
    }
    let round = said::round(&review, "after_30_days").await;
    (review, people, round)
}

async fn close(app: &App, round: &str) {
    let tag = app.admin().get(round).await.expect(200).etag();
    let call = app.admin().post(format!("{round}/close"), &json!({}));
    call.if_match(&tag).await.expect(200);
}

async fn summary(client: &Client, round: &str) -> Value {
    let path = format!("{round}/summary");
    client.get(path).await.expect(200).json()
}

async fn of_a_round_no_more_leaves_than_its_summary_tells(app: App) {
    let (review, people, round) = asked(&app, 5).await;
    for (number, person) in people.iter().enumerate() {
        said::answer(person, &round, number, Some(UNSETTLED)).await;
    }
    for text in leaving(&app, &review).await {
        assert!(!text.contains(UNSETTLED), "{text}");
    }
    let document = export(&app.admin(), &review.id).await;
    assert_eq!(document["feedback_results"], json!([]));
    close(&app, &round).await;
    let document = export(&app.admin(), &review.id).await;
    let result = document["feedback_results"][0].as_object().expect("a row");
    let mut columns: Vec<&String> = result.keys().collect();
    columns.sort();
    assert_eq!(columns, ["comments", "n", "round_id", "tallies"]);
    assert_eq!(
        result["comments"][0],
        json!({ "question": null, "text": UNSETTLED })
    );
    // The first question concerned one of them: who that is could be told from what they answered.
    let told = summary(&app.reader(), &round).await;
    let hidden = &told["questions"][0];
    assert_eq!(hidden["n"], Value::Null);
    let tallies = result["tallies"].as_array().expect("a list");
    assert!(!tallies.is_empty(), "nothing is told");
    assert!(
        tallies
            .iter()
            .all(|one| one["question"] != hidden["question"])
    );
    let whole = app
        .admin()
        .get(review.path("/full"))
        .await
        .expect(200)
        .json();
    assert_eq!(whole["feedback"][0]["summary"], told);
    // Of too few nothing is told, not even how many.
    let (review, people, round) = asked(&app, 4).await;
    for (number, person) in people.iter().enumerate() {
        said::answer(person, &round, number, Some(UNSETTLED)).await;
    }
    close(&app, &round).await;
    let document = export(&app.admin(), &review.id).await;
    assert_eq!(document["feedback_results"], json!([]));
    for text in leaving(&app, &review).await {
        assert!(!text.contains(UNSETTLED), "{text}");
    }
}

async fn no_two_documents_differ_by_one_answer(app: App) {
    let (review, people, round) = asked(&app, 7).await;
    let mut before = export(&app.admin(), &review.id).await;
    for (number, person) in people.iter().enumerate() {
        said::answer(person, &round, number, Some(SETTLED)).await;
        let after = export(&app.admin(), &review.id).await;
        assert_eq!(after, before);
        before = after;
    }
    // Also when it has closed by itself, and answers may still be on their way.
    app.wait(chrono::Duration::days(14));
    let closed = app.admin().get(&round).await.expect(200).json();
    assert_eq!(closed["status"], "closed");
    let document = export(&app.admin(), &review.id).await;
    assert_eq!(document["feedback_results"], json!([]));
    app.wait(chrono::Duration::minutes(5));
    let document = export(&app.admin(), &review.id).await;
    assert_eq!(document["feedback_results"][0]["n"], 7);
}

async fn a_summary_reads_elsewhere_as_it_did(app: App) {
    let (review, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let arrived = import(&stranger, &document).await;
    let theirs = format!(
        "/api/v1/reviews/{}",
        arrived["review_id"].as_str().expect("an id")
    );
    let of = async |client: &Client, review: &str| {
        let mut all = Vec::new();
        let rounds = client.all(&format!("{review}/feedback-rounds"), 200).await;
        for round in rounds {
            let path = format!(
                "/api/v1/feedback-rounds/{}",
                round["id"].as_str().expect("an id")
            );
            let mut told = summary(client, &path).await;
            for id in ["round_id", "review_id"] {
                told[id].take();
            }
            all.push(told);
        }
        all
    };
    let (here, there) = (
        of(&app.admin(), &review.path("")).await,
        of(&stranger, &theirs).await,
    );
    assert_eq!(there, here);
    let shown: Vec<&Value> = here
        .iter()
        .filter(|one| one["withheld"].is_null())
        .collect();
    assert_eq!(shown.len(), 1, "{here:?}");
    assert_eq!(shown[0]["answers"], 5);
    assert_eq!(shown[0]["comments"][0]["text"], SETTLED);
    // Metrics add it up alike.
    let metrics = "/api/v1/metrics/process";
    let [ours, theirs] = [app.admin(), stranger].map(|client| client.get(metrics));
    let (ours, theirs) = (
        ours.await.expect(200).json(),
        theirs.await.expect(200).json(),
    );
    let text = ours.to_string();
    assert!(text.contains("feedback"), "{text}");
    assert_eq!(theirs["feedback"], ours["feedback"]);
}

async fn a_board_goes_on_elsewhere_with_a_box_of_its_own(app: App) {
    let review = a_review(&app).await;
    let said = |text: &str| json!({ "prompt": "what_hindered", "text": text });
    let mut sessions = Vec::new();
    for anonymous in [true, false] {
        let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
        workshop.collect(&json!({ "anonymous": anonymous })).await;
        let path = workshop.path("/contributions");
        let made = app.contributor().post(path, &said("Here")).await;
        made.expect(201);
        sessions.push(workshop);
    }
    sessions[1].board("close").await.expect(200);
    sessions[1].board("open-voting").await.expect(200);
    let document = export(&app.admin(), &review.id).await;
    assert_eq!(document["contributions"].as_array().map(Vec::len), Some(1));
    let away = App::alone(app.engine()).await;
    let platform = away.platform();
    import(&platform, &document).await;
    let path = sessions[0].path("/contributions");
    let there = platform
        .post(&path, &said("There"))
        .await
        .expect(201)
        .json();
    let token = json!({ "withdrawal_token": there["withdrawal_token"] });
    platform.post(&path, &said("There too")).await.expect(201);
    let withdrawn = platform.post(format!("{path}/withdraw"), &token).await;
    withdrawn.expect(204);
    let board = sessions[0].path("/board");
    let tag = platform.get(&board).await.expect(200).etag();
    let closed = platform.post(format!("{board}/close"), &json!({}));
    closed.if_match(&tag).await.expect(200);
    let shown = platform.all(&path, 50).await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["text"], "There too");
    let voted = json!({ "contribution_ids": [document["contributions"][0]["id"]] });
    let voted = platform.put(sessions[1].path("/ballot"), &voted).await;
    voted.expect(200);
    let board = sessions[1].path("/board");
    let tag = platform.get(&board).await.expect(200).etag();
    let counted = platform.post(format!("{board}/close-voting"), &json!({}));
    counted.if_match(&tag).await.expect(200);
    let path = sessions[1].path("/contributions");
    assert_eq!(platform.all(&path, 50).await[0]["votes"], 1);
    away.end().await;
}

async fn briefings_are_elsewhere_what_they_were_byte_for_byte(app: App) {
    let (review, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let arrived = import(&stranger, &document).await;
    let theirs = arrived["review_id"].as_str().expect("an id");
    let theirs = stranger
        .all(&format!("/api/v1/reviews/{theirs}/briefings"), 200)
        .await;
    let ours = app.admin().all(&review.path("/briefings"), 200).await;
    assert_eq!((theirs.len(), ours.len()), (3, 3));
    for (here, there) in ours.iter().zip(&theirs) {
        assert_ne!(here["id"], there["id"]);
        for same in [
            "status",
            "headline",
            "sha256",
            "markdown_sha256",
            "delivered_to",
            "acknowledged_by",
            "unacknowledged",
            "issued_at",
            "version",
        ] {
            assert_eq!(here[same], there[same], "{same}");
        }
        if here["status"] == "draft" {
            continue;
        }
        for below in ["content", "markdown"] {
            let path = |one: &Value| {
                format!(
                    "/api/v1/briefings/{}/{below}",
                    one["id"].as_str().expect("an id")
                )
            };
            let (here, there) = (app.admin().get(path(here)), stranger.get(path(there)));
            assert_eq!(here.await.expect(200).body, there.await.expect(200).body);
        }
    }
    assert_eq!(theirs[0]["superseded_by_id"], theirs[1]["id"]);
    let found = stranger.get("/api/v1/search?q=alerts&type=briefing").await;
    assert_eq!(found.expect(200).items().len(), 2);
}

async fn wording_that_was_acknowledged_stays_acknowledged(app: App) {
    let (review, document) = a_document_of(&app).await;
    let stranger = app.stranger();
    let arrived = import(&stranger, &document).await;
    let theirs = arrived["review_id"].as_str().expect("an id");
    let of = async |client: &Client, review: &str| {
        let path = format!("/api/v1/reviews/{review}/wording-notes");
        let mut notes = client.all(&path, 50).await;
        for note in &mut notes {
            for id in ["id", "review_id", "resource_id", "href"] {
                note[id].take();
            }
        }
        notes.sort_by_key(Value::to_string);
        notes
    };
    let (here, there) = (
        of(&app.admin(), &review.id).await,
        of(&stranger, theirs).await,
    );
    assert!(
        here.iter().any(|note| !note["acknowledgement"].is_null()),
        "{here:?}"
    );
    assert_eq!(there, here);
    // Which of them are on a text that was changed since is known there too: as many came as there were.
    let again = export(&stranger, theirs).await;
    let count = |document: &Value| {
        document["wording_acknowledgements"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(count(&again), count(&document));
    let whole = stranger.get(format!("/api/v1/reviews/{theirs}/full")).await;
    let whole = whole.expect(200).json();
    let alone = stranger
        .all(&format!("/api/v1/reviews/{theirs}/wording-notes"), 50)
        .await;
    assert_eq!(whole["wording_notes"], json!(alone));
}

async fn a_document_without_what_was_said_is_still_one(app: App) {
    let (_, mut document) = a_document_of(&app).await;
    for list in [
        "boards",
        "contributions",
        "contribution_groups",
        "feedback_rounds",
        "feedback_results",
        "briefings",
        "wording_acknowledgements",
    ] {
        let taken = document.as_object_mut().expect("a document").remove(list);
        assert!(taken.is_some(), "there are no {list}");
    }
    let arrived = import(&app.stranger(), &document).await;
    assert_eq!(arrived["outcome"], "created");
}
