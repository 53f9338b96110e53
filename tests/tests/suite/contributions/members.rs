//! Who contributes and votes: those who take part, as soon as they are known by subject.

use debrief_tests::builders::{Review, a_review};
use debrief_tests::{App, Client, both_databases};
use serde_json::json;

use super::{collecting, person, said, shown, subject};

both_databases!(
    only_those_who_take_part_contribute_and_vote,
    whoever_leads_takes_part,
    a_contribution_is_taken_back_by_whoever_left,
);

/// Somebody who takes part in a review under their subject; the id they take part under.
async fn joined(review: &Review, client: &Client, name: &str) -> String {
    let body = json!({ "name": name, "function": "it", "subject": subject(client).await });
    review.join_as(&body).await
}

async fn only_those_who_take_part_contribute_and_vote(app: App) {
    let (kim, eve) = (person(&app, "Kim").await, person(&app, "Eve").await);
    for anonymous in [true, false] {
        let review = a_review(&app).await;
        let workshop = collecting(&review, anonymous).await;
        // Where nobody is known by subject there is nobody to tell from others.
        review.join("Ada", "legal").await;
        said(&eve, &workshop, "Early").await.expect(201);
        joined(&review, &kim, "Kim").await;
        let refused = said(&eve, &workshop, "Let me in").await;
        refused.problem(403, "forbidden");
        said(&kim, &workshop, "Nobody read the mailbox")
            .await
            .expect(201);
        for verb in ["close", "open-voting"] {
            workshop.board(verb).await.expect(200);
        }
        let items = shown(&app, &workshop, "").await;
        assert_eq!(items.len(), 2);
        let ballot = json!({ "contribution_ids": [items[0]["id"]] });
        let path = workshop.path("/ballot");
        eve.put(&path, &ballot).await.problem(403, "forbidden");
        kim.put(&path, &ballot).await.expect(200);
        workshop.board("close-voting").await.expect(200);
        let counted = shown(&app, &workshop, "?sort=-votes").await;
        assert_eq!(counted[0]["votes"], 1);
    }
}

async fn whoever_leads_takes_part(app: App) {
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    let review = a_review(&app).await;
    joined(&review, &kim, "Kim").await;
    let leads = json!({ "name": "Ada", "subject": subject(&ada).await });
    let workshop = json!({ "kind": "hotwash", "facilitator": leads });
    let workshop = review.plan(&workshop).await;
    workshop.collect(&json!({ "anonymous": false })).await;
    said(&ada, &workshop, "Said in the room").await.expect(201);
    let refused = said(&app.contributor(), &workshop, "From elsewhere").await;
    refused.problem(403, "forbidden");
}

async fn a_contribution_is_taken_back_by_whoever_left(app: App) {
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    let review = a_review(&app).await;
    joined(&review, &kim, "Kim").await;
    let left = joined(&review, &ada, "Ada").await;
    let workshop = collecting(&review, true).await;
    let made = said(&ada, &workshop, "Nobody read the mailbox").await;
    let token = made.expect(201).json()["withdrawal_token"].clone();
    let path = review.path(&format!("/participants/{left}"));
    let tag = app.admin().get(&path).await.expect(200).etag();
    app.admin().delete(&path).if_match(&tag).await.expect(204);
    said(&ada, &workshop, "Again")
        .await
        .problem(403, "forbidden");
    let withdraw = json!({ "withdrawal_token": token });
    let path = workshop.path("/contributions/withdraw");
    ada.post(path, &withdraw).await.expect(204);
}
