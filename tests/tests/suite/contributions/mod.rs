//! Contributions to workshops: boards, what is signed, groups, votes, and whether anybody can find out
//! whose an anonymous one is.

use debrief_tests::builders::{Review, Workshop};
use debrief_tests::{App, Client, Reply};
use serde_json::{Value, json};

mod anonymity;
mod anonymity_stored;
mod boards;
mod endings;
mod erased;
mod groups;
mod members;
mod signed;
mod votes;

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

/// Somebody who takes part, with a credential of their own.
async fn person(app: &App, name: &str) -> Client {
    let body = json!({ "name": name, "roles": ["contributor"] });
    let made = app.admin().post("/api/v1/api-keys", &body).await;
    let made = made.expect(201).json();
    app.bearing(made["key"].as_str())
}

async fn subject(client: &Client) -> String {
    let me = client.get("/api/v1/me").await.expect(200).json();
    me["subject"].as_str().expect("a subject").to_owned()
}

/// A session whose board collects.
async fn collecting(review: &Review, anonymous: bool) -> Workshop {
    let workshop = review.plan(&json!({ "kind": "lessons_learned" })).await;
    let board = json!({ "anonymous": anonymous, "votes_per_person": 3 });
    workshop.collect(&board).await;
    workshop
}

fn saying(text: &str) -> Value {
    json!({ "prompt": "what_hindered", "text": text })
}

async fn said(client: &Client, workshop: &Workshop, text: &str) -> Reply {
    client
        .post(workshop.path("/contributions"), &saying(text))
        .await
}

fn path_of(contribution: &str) -> String {
    format!("/api/v1/contributions/{contribution}")
}

/// Makes a group; its id.
async fn grouped(app: &App, workshop: &Workshop, title: &str) -> String {
    let path = workshop.path("/contribution-groups");
    let made = app.facilitator().post(path, &json!({ "title": title }));
    made.await.expect(201).id()
}

/// Puts a contribution into a group.
async fn put_into(app: &App, contribution: &str, group: &str) -> Reply {
    let path = format!("{}/group", path_of(contribution));
    let body = json!({ "group_id": group });
    app.facilitator().put(path, &body).await
}

async fn shown(app: &App, workshop: &Workshop, query: &str) -> Vec<Value> {
    let path = workshop.path(&format!("/contributions{query}"));
    app.reader().all(&path, 50).await
}

fn texts(items: &[Value]) -> Vec<&str> {
    let all = items.iter();
    all.map(|one| one["text"].as_str().expect("a text"))
        .collect()
}

/// What the audit log says was done to a kind of resource, the oldest first.
async fn on_record(app: &App, kind: &str) -> Vec<Value> {
    let path = format!("/api/v1/audit-records?resource_type={kind}&sort=sequence");
    app.auditor().all(&path, 200).await
}

fn actions(records: &[Value]) -> Vec<&str> {
    let action = records.iter();
    action
        .map(|one| one["action"].as_str().expect("an action"))
        .collect()
}
