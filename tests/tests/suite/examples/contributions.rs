//! What people say in a session: so that nobody can tell whose it is, or under their names.

use debrief_tests::Client;
use debrief_tests::builders::Review;
use debrief_tests::story::Story;
use reqwest::Method;
use serde_json::{Value, json};

use super::company::{changed, made, root_cause, second_factor, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let path = session(story, &review).await;
    let board = json!({
        "anonymous": true,
        "prompts": ["what_helped", "what_hindered", "idea"],
        "votes_per_person": 3,
    });
    let set = lead.put(format!("{path}/board"), &board).await;
    let set = set.expect(201);
    let more = json!({
        "anonymous": true,
        "prompts": ["what_helped", "what_hindered", "open_question", "idea"],
        "votes_per_person": 3,
    });
    let more = lead.put(format!("{path}/board"), &more);
    more.if_match(&set.etag()).await.expect(200);
    lead.get(format!("{path}/board")).await.expect(200);
    moved(&lead, &path, "open").await;
    contribute(&lead, &path).await;
    moved(&lead, &path, "close").await;
    sort_out(story, &lead, (&review, &path)).await;
    under_their_names(story, &lead, &review).await;
}

async fn session(story: &Story, review: &Review) -> String {
    let session = json!({ "kind": "lessons_learned", "scheduled_at": "2026-12-01T13:00:00Z" });
    let quietly = story.app.facilitator();
    let session = made(&quietly, review.path("/workshops"), &session).await;
    format!("/api/v1/workshops/{}", session.id())
}

async fn moved(lead: &Client, path: &str, verb: &str) {
    let path = format!("{path}/board");
    let tag = lead.get(&path).await.expect(200).etag();
    let step = lead.call(Method::POST, format!("{path}/{verb}"));
    step.if_match(&tag).await.expect(200);
}

async fn contribute(lead: &Client, path: &str) {
    for (prompt, text) in [
        (
            "what_hindered",
            "The alert went to a mailbox that nobody had read since the team was split",
        ),
        (
            "what_helped",
            "The backups were offline and had been tried in May",
        ),
    ] {
        let body = json!({ "prompt": prompt, "text": text });
        made(lead, format!("{path}/contributions"), &body).await;
    }
    let rash = json!({ "prompt": "idea", "text": "Switch the VPN off" });
    let rash = made(lead, format!("{path}/contributions"), &rash).await;
    let withdraw = json!({ "withdrawal_token": rash.json()["withdrawal_token"] });
    let withdraw = lead.post(format!("{path}/contributions/withdraw"), &withdraw);
    withdraw.await.expect(204);
}

/// The ids of contributions in the order of their prompts.
async fn shown(lead: &Client, path: &str) -> Vec<String> {
    let listed = lead.get(format!("{path}/contributions")).await.expect(200);
    let id = |one: &Value| one["id"].as_str().map(str::to_owned);
    listed.items().iter().filter_map(id).collect()
}

async fn sort_out(story: &Story, lead: &Client, (review, path): (&Review, &str)) {
    let contributions = shown(lead, path).await;
    let groups = format!("{path}/contribution-groups");
    let title = json!({
        "title": "Alerts without an owner",
        "summary": "Where alerts go, and who answers for them",
    });
    let group = made(lead, groups.clone(), &title).await.id();
    let own = format!("/api/v1/contribution-groups/{group}");
    changed(
        lead,
        &own,
        &json!({ "title": "Alerts that nobody answers for" }),
    )
    .await;
    let one = format!("/api/v1/contributions/{}", contributions[1]);
    let into = json!({ "group_id": group });
    lead.put(format!("{one}/group"), &into).await.expect(200);
    lead.get(&one).await.expect(200);
    let quietly = story.app.facilitator();
    let event = review.append(1).await.remove(0);
    let cause = made(&quietly, review.path("/findings"), &root_cause(&event)).await;
    let action = made(
        &quietly,
        review.path("/actions"),
        &second_factor(&cause.id()),
    )
    .await;
    let outcomes = json!({ "finding_ids": [cause.id()], "action_ids": [action.id()] });
    lead.put(format!("{own}/outcomes"), &outcomes)
        .await
        .expect(200);
    let outcomes = json!({ "finding_ids": [cause.id()] });
    lead.put(format!("{one}/outcomes"), &outcomes)
        .await
        .expect(200);
    moved(lead, path, "open-voting").await;
    let ballot = json!({ "contribution_ids": [contributions[0]], "group_ids": [group] });
    lead.put(format!("{path}/ballot"), &ballot)
        .await
        .expect(200);
    lead.get(format!("{path}/ballot")).await.expect(200);
    moved(lead, path, "close-voting").await;
    lead.get(&groups).await.expect(200);
    lead.get(&own).await.expect(200);
    lead.get(format!("{path}/contributions?sort=-votes"))
        .await
        .expect(200);
}

async fn under_their_names(story: &Story, lead: &Client, review: &Review) {
    let path = session(story, review).await;
    let board = json!({ "anonymous": false });
    lead.put(format!("{path}/board"), &board).await.expect(201);
    moved(lead, &path, "open").await;
    let body = json!({ "prompt": "appreciation", "text": "Thanks to the night shift" });
    let thanks = made(lead, format!("{path}/contributions"), &body).await;
    let one = format!("/api/v1/contributions/{}", thanks.id());
    let all = json!({ "text": "Thanks to the night shift, and to the harbour office" });
    changed(lead, &one, &all).await;
    let tag = lead.get(&one).await.expect(200).etag();
    lead.delete(&one).if_match(&tag).await.expect(204);
    let group = json!({ "title": "Thanks" });
    let group = made(lead, format!("{path}/contribution-groups"), &group).await;
    let group = format!("/api/v1/contribution-groups/{}", group.id());
    let tag = lead.get(&group).await.expect(200).etag();
    lead.delete(&group).if_match(&tag).await.expect(204);
}
