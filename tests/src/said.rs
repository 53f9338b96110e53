//! What is said about a review and to whom it is told, for [`crate::life`]: on boards, in rounds of
//! feedback, in briefings. Of each there is something that may be seen and something that may not.

use serde_json::{Value, json};

use crate::app::App;
use crate::builders::{Review, Workshop};
use crate::client::Client;

/// What somebody says anonymously on a board that is still open, and nobody is to read.
pub const SEALED: &str = "I fell asleep on the night watch";

/// What somebody comments in a round that is still open, and nobody is to read.
pub const UNSETTLED: &str = "My shift lead shouted at me";

/// What people comment in a round that is closed.
pub const SETTLED: &str = "It helped that nobody asked who clicked.";

/// Talks on the board of a session until the votes are counted: the findings and actions are what comes
/// of it. The board of another session still collects.
pub async fn on_boards(
    app: &App,
    review: &Review,
    workshop: &Workshop,
    (gap, action): (&str, &str),
) {
    let admin = app.admin();
    let board = json!({ "anonymous": true, "votes_per_person": 3, "prompts": ["what_hindered", "what_helped"] });
    workshop.collect(&board).await;
    for text in ["Nobody owned the mailbox", "Somebody should have called"] {
        say(&app.contributor(), workshop, text).await;
    }
    workshop.board("close").await.expect(200);
    let all = admin.all(&workshop.path("/contributions"), 50).await;
    let group = json!({ "title": "Alerts without an owner", "summary": "Seen by several of us" });
    let group = admin.post(workshop.path("/contribution-groups"), &group);
    let group = group.await.expect(201).id();
    let first = format!("/api/v1/contributions/{}", id(&all[0]));
    let inside = json!({ "group_id": group });
    admin
        .put(format!("{first}/group"), &inside)
        .await
        .expect(200);
    workshop.board("open-voting").await.expect(200);
    let ballot = json!({ "contribution_ids": [id(&all[1])], "group_ids": [group] });
    let voted = app.contributor().put(workshop.path("/ballot"), &ballot);
    voted.await.expect(200);
    workshop.board("close-voting").await.expect(200);
    let led_to = json!({ "finding_ids": [gap], "action_ids": [action] });
    let group = format!("/api/v1/contribution-groups/{group}");
    for source in [group, first] {
        let path = format!("{source}/outcomes");
        admin.put(path, &led_to).await.expect(200);
    }
    let still = review.plan(&json!({ "kind": "hotwash" })).await;
    still.collect(&json!({ "anonymous": true })).await;
    say(&app.contributor(), &still, SEALED).await;
    let signed = review.plan(&json!({ "kind": "hotwash" })).await;
    signed.collect(&json!({ "anonymous": false })).await;
    say(
        &app.contributor(),
        &signed,
        "Whoever is on call writes the handover",
    )
    .await;
}

async fn say(client: &Client, workshop: &Workshop, text: &str) {
    let said = json!({ "prompt": "what_hindered", "text": text });
    let said = client.post(workshop.path("/contributions"), &said).await;
    said.expect(201);
}

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

/// Asks as many people as it takes for something to be shown, closes the round, and asks in another that
/// stays open.
pub async fn in_rounds(app: &App, review: &Review) {
    let mut people = Vec::new();
    for number in 0..5 {
        people.push(somebody(app, review, &format!("Person {number}")).await);
    }
    let settled = round(review, "after_30_days").await;
    for (number, person) in people.iter().enumerate() {
        let said = (number == 0).then_some(SETTLED);
        answer(person, &settled, number, said).await;
    }
    let admin = app.admin();
    let tag = admin.get(&settled).await.expect(200).etag();
    let close = admin.call(reqwest::Method::POST, format!("{settled}/close"));
    close.if_match(&tag).await.expect(200);
    let open = round(review, "after_90_days").await;
    for (number, person) in people.iter().enumerate() {
        answer(person, &open, number, Some(UNSETTLED)).await;
    }
}

/// Somebody with a key of their own who takes part in a review.
pub async fn somebody(app: &App, review: &Review, name: &str) -> Client {
    let key = json!({ "name": name, "scopes": ["reviews:read", "contributions:write"] });
    let key = app.admin().post("/api/v1/api-keys", &key).await.expect(201);
    let client = app.bearing(key.json()["key"].as_str());
    let me = client.get("/api/v1/me").await.expect(200).json();
    let person = json!({ "name": name, "function": "it", "subject": me["subject"] });
    review.join_as(&person).await;
    client
}

/// Opens a round of an occasion; its path.
pub async fn round(review: &Review, occasion: &str) -> String {
    let body = json!({ "occasion": occasion });
    let path = review.path("/feedback-rounds");
    let made = review.client().post(path, &body).await.expect(201).id();
    format!("/api/v1/feedback-rounds/{made}")
}

/// Answers every question of a round. The first question concerns few: nothing is shown of it.
pub async fn answer(person: &Client, round: &str, number: usize, comment: Option<&str>) {
    let asked = person.get(round).await.expect(200).json();
    let asked = asked["questions"].as_array().expect("a list").iter();
    let answers = asked.enumerate().map(|(at, one)| {
        let answer = match (at, number) {
            (0, 1..) => "not_applicable",
            (_, 0) => "disagree",
            _ => "agree",
        };
        json!({ "question": one["question"], "answer": answer })
    });
    let answers: Vec<Value> = answers.collect();
    let comments: Vec<Value> = comment
        .map(|text| json!({ "text": text }))
        .into_iter()
        .collect();
    let body = json!({ "answers": answers, "comments": comments });
    let put = person.put(format!("{round}/answers"), &body).await;
    put.expect(200);
}

/// Issues a briefing that is delivered and acknowledged, another that takes its place, and drafts a third.
pub async fn in_briefings(app: &App, review: &Review) {
    let (admin, mut issued) = (app.admin(), Vec::new());
    for message in ["Nobody watched at night", "Somebody watches at night now"] {
        let body = json!({ "audience": "leadership", "headline": "Alerts at night", "key_messages": [message] });
        let made = admin.post(review.path("/briefings"), &body).await;
        let path = format!("/api/v1/briefings/{}", made.expect(201).id());
        step(&admin, &path, "issue", &json!({})).await;
        let to = json!({ "recipients": [{ "name": "Robin Vega" }, { "name": "Lea Brandt" }], "channel": "email" });
        step(&admin, &path, "deliver", &to).await;
        let read = json!({ "recipient": { "name": "Robin Vega" } });
        let read = admin.post(format!("{path}/acknowledge"), &read).await;
        read.expect(200);
        issued.push(path);
    }
    let draft = json!({ "audience": "internal" });
    let draft = admin.post(review.path("/briefings"), &draft).await;
    draft.expect(201);
}

async fn step(client: &Client, briefing: &str, verb: &str, body: &Value) {
    let tag = client.get(briefing).await.expect(200).etag();
    let call = client.post(format!("{briefing}/{verb}"), body);
    call.if_match(&tag).await.expect(200);
}

/// Leaves a phrase as it is that somebody may read as blame: on a text that stays, and on one that is
/// written anew afterwards.
pub async fn with_care(app: &App, review: &Review) {
    let admin = app.admin();
    for statement in [
        "The supplier says that we should have called",
        "Somebody was careless",
    ] {
        review.learn(&json!({ "statement": statement })).await;
    }
    let list = review.path("/wording-notes");
    let notes = admin.all(&list, 50).await;
    let ids: Vec<&str> = notes.iter().map(id).collect();
    let seen = json!({ "note_ids": ids, "reason": "It quotes the supplier" });
    let seen = admin.post(format!("{list}/acknowledge"), &seen).await;
    seen.expect(200);
    let lesson = notes.iter().find(|note| note["phrase"] == "careless");
    let lesson = lesson.expect("a note")["resource_id"].as_str();
    let path = review.path(&format!("/lessons/{}", lesson.expect("an id")));
    let tag = admin.get(&path).await.expect(200).etag();
    let calm = json!({ "statement": "Nobody had the time to look" });
    admin.patch(path, &calm).if_match(&tag).await.expect(200);
}
