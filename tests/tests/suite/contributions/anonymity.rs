//! Somebody tries to find out by the API whose an anonymous contribution is: by watching, by ids and
//! order, by the log, the feed, search and headers, by keys and tokens.

use chrono::Duration;
use debrief_tests::builders::{Workshop, a_review};
use debrief_tests::process::Installation;
use debrief_tests::{App, Client, Engine, Reply, both_databases, engine};
use serde_json::{Value, json};

use super::{
    collecting, on_record, path_of, person, put_into, said, saying, shown, subject, texts,
};

both_databases!(
    who_watches_a_board_sees_nothing_until_it_is_closed,
    what_is_shown_tells_neither_who_nor_when_nor_in_which_order,
    log_and_feed_tell_of_all_contributions_at_once,
    a_key_repeats_a_contribution_and_belongs_to_whoever_sent_it,
    a_token_takes_a_contribution_back_before_anybody_saw_it,
    nobody_is_slowed_down_by_what_others_contribute,
);

/// Everything by which a board can be watched, each with its tag.
async fn seen(app: &App, workshop: &Workshop) -> Vec<(String, Option<String>, String)> {
    let mut seen = Vec::new();
    let below = [
        "",
        "/board",
        "/contributions",
        "/contribution-groups",
        "/acknowledgements",
        "/ballot",
    ];
    let mut paths: Vec<String> = below.iter().map(|below| workshop.path(below)).collect();
    paths.push("/api/v1/search?q=mailbox".to_owned());
    paths.push("/api/v1/changes?type=board.*&type=contribution.*".to_owned());
    for path in paths {
        let reply = app.admin().get(&path).await.expect(200);
        let body = if path.contains("changes") {
            // Cursors are another each time.
            reply.items().len().to_string()
        } else {
            reply.text()
        };
        let tag = reply.header("etag").map(str::to_owned);
        seen.push((
            path.clone(),
            tag.filter(|_| !path.contains("changes")),
            body,
        ));
    }
    seen
}

async fn who_watches_a_board_sees_nothing_until_it_is_closed(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let before = seen(&app, &workshop).await;
    let mut ids = Vec::new();
    for name in ["Kim", "Ada"] {
        let one = person(&app, name).await;
        let made = said(&one, &workshop, "Nobody read the mailbox").await;
        ids.push(made.expect(201).id());
        app.wait(Duration::seconds(61));
        assert_eq!(seen(&app, &workshop).await, before);
        // Not even whoever made it reads it there.
        for client in [&one, &app.admin()] {
            let path = path_of(&made_id(&ids));
            client.get(path).await.problem(404, "not_found");
        }
    }
    workshop.board("close").await.expect(200);
    let mut now: Vec<String> = shown(&app, &workshop, "")
        .await
        .iter()
        .map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect();
    now.sort();
    ids.sort();
    assert_eq!(now, ids);
}

fn made_id(ids: &[String]) -> String {
    ids.last().expect("an id").clone()
}

/// Contributions of several people, a minute apart, in this order; their ids.
async fn told(app: &App, workshop: &Workshop, people: &[Client]) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, one) in people.iter().cycle().take(12).enumerate() {
        let made = said(one, workshop, &format!("Word number {number}")).await;
        ids.push(made.expect(201).id());
        app.wait(Duration::seconds(61));
    }
    ids
}

async fn what_is_shown_tells_neither_who_nor_when_nor_in_which_order(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let people = [person(&app, "Kim").await, person(&app, "Ada").await];
    let made = told(&app, &workshop, &people).await;
    let closed = workshop.board("close").await.expect(200).json();
    let items = shown(&app, &workshop, "").await;
    assert_eq!(items.len(), 12);
    for one in &items {
        assert_eq!(
            (&one["author"], &one["anonymous"]),
            (&Value::Null, &json!(true))
        );
        // All of them since the same moment, which is nobody's, and in the same version.
        assert_eq!(one["created_at"], closed["updated_at"]);
        assert_eq!(one["updated_at"], closed["updated_at"]);
        assert_eq!(one["version"], 1);
        let reply = app
            .reader()
            .get(path_of(one["id"].as_str().expect("an id")))
            .await;
        assert_eq!(reply.etag(), "\"1\"");
        for person in &people {
            assert!(!reply.text().contains(&subject(person).await));
        }
    }
    let ids: Vec<String> = items
        .iter()
        .map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect();
    // Neither an id nor its place says when it was made: versions 7, 6 and 1 would.
    for id in &ids {
        let id = uuid::Uuid::parse_str(id).expect("an id");
        assert_eq!(id.get_version_num(), 4);
    }
    for sort in ["prompt", "created_at", "votes"] {
        let listed = shown(&app, &workshop, &format!("?sort={sort}")).await;
        let mut sorted = ids.clone();
        sorted.sort();
        let listed: Vec<_> = listed.iter().map(|one| one["id"].clone()).collect();
        assert_eq!(listed, sorted, "{sort}");
    }
    // By chance once in 12! boards.
    assert_ne!(
        ids, made,
        "the order in which they came is the order that is shown"
    );
    let found = app.reader().get("/api/v1/search?q=word&limit=50").await;
    let found: Vec<Value> = found.expect(200).items();
    assert_eq!(found.len(), 12);
    for one in &found {
        assert_eq!(one["at"], closed["updated_at"]);
    }
}

async fn log_and_feed_tell_of_all_contributions_at_once(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let people = [person(&app, "Kim").await, person(&app, "Ada").await];
    told(&app, &workshop, &people).await;
    workshop.board("close").await.expect(200);
    workshop.board("open-voting").await.expect(200);
    let first = shown(&app, &workshop, "").await[0]["id"].clone();
    for person in &people {
        let ballot = json!({ "contribution_ids": [first] });
        person
            .put(workshop.path("/ballot"), &ballot)
            .await
            .expect(200);
    }
    let log = app.auditor().all("/api/v1/audit-records", 200).await;
    let log = json!(log).to_string();
    for person in &people {
        let subject = subject(person).await;
        assert!(!log.contains(&subject), "the log names {subject}");
    }
    assert!(!log.contains("Word number"), "the log has the texts");
    assert_eq!(on_record(&app, "contribution").await, Vec::<Value>::new());
    let closed = &on_record(&app, "board").await[2];
    assert_eq!(closed["action"], "board.close");
    assert_eq!(closed["after"]["contributions"], 12);
    let digest = closed["after"]["contributions_sha256"].as_str();
    assert_eq!(digest.map(str::len), Some(64));
    let feed = app.reader().get("/api/v1/changes?type=contribution.*");
    assert_eq!(feed.await.expect(200).items(), Vec::<Value>::new());
    let feed = app.reader().get("/api/v1/changes?type=board.*").await;
    let kinds: Vec<Value> = feed
        .expect(200)
        .items()
        .iter()
        .map(|one| one["type"].clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "board.set",
            "board.open",
            "board.close",
            "board.open_voting"
        ]
    );
    let verified = app.auditor().get("/api/v1/audit/verify").await.expect(200);
    assert_eq!(verified.json()["valid"], true);
}

fn replayed(reply: &Reply) -> bool {
    reply.header("idempotency-replayed") == Some("true")
}

async fn a_key_repeats_a_contribution_and_belongs_to_whoever_sent_it(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let (kim, ada) = (person(&app, "Kim").await, person(&app, "Ada").await);
    let path = workshop.path("/contributions");
    let key = "5a1d7c9e-2f64-4d0b-9d7a-6c1f3b8e0a42";
    let call = |client: &Client, text: &str| client.post(&path, &saying(text)).key(key);
    let first = call(&kim, "One").await.expect(201);
    let second = call(&kim, "One").await.expect(201);
    assert!(!replayed(&first) && replayed(&second));
    assert_eq!(second.body, first.body);
    for name in ["etag", "location"] {
        assert_eq!(second.header(name), first.header(name));
    }
    let reused = call(&kim, "Two").await;
    reused.problem(422, "idempotency_key_reused");
    let others = call(&ada, "One").await.expect(201);
    assert!(!replayed(&others));
    assert_ne!(others.id(), first.id());
    // A restart forgets nothing, and other requests keep their answers beside it.
    app.restart(&[]).await;
    assert!(replayed(&call(&kim, "One").await.expect(201)));
    workshop.board("close").await.expect(200);
    assert_eq!(texts(&shown(&app, &workshop, "").await), ["One", "One"]);
    // Nothing is left by which the key could be known.
    let late = call(&kim, "One").await;
    late.problem(409, "state_conflict");
}

async fn a_token_takes_a_contribution_back_before_anybody_saw_it(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let kim = person(&app, "Kim").await;
    let path = workshop.path("/contributions/withdraw");
    let call = kim.post(workshop.path("/contributions"), &saying("Rash"));
    let rash = call
        .clone()
        .key("5a1d7c9e-2f64-4d0b-9d7a")
        .await
        .expect(201);
    said(&kim, &workshop, "Considered").await.expect(201);
    let token = rash.json()["withdrawal_token"].clone();
    let withdraw = |token: &Value| kim.post(&path, &json!({ "withdrawal_token": token }));
    let unknown = withdraw(&json!("nobody-knows-this-token")).await;
    unknown.problem(404, "not_found");
    let other = collecting(&review, true).await;
    let elsewhere = other.path("/contributions/withdraw");
    let elsewhere = kim.post(elsewhere, &json!({ "withdrawal_token": token }));
    elsewhere.await.problem(404, "not_found");
    for _ in 0..2 {
        withdraw(&token).await.expect(204);
    }
    // It is not made anew by a request that was under way.
    let again = call.key("5a1d7c9e-2f64-4d0b-9d7a").await.expect(201);
    assert!(replayed(&again));
    workshop.board("close").await.expect(200);
    let items = shown(&app, &workshop, "").await;
    assert_eq!(texts(&items), ["Considered"]);
    withdraw(&token).await.problem(409, "state_conflict");
    // Signed contributions have an author instead of a token.
    let signed = collecting(&review, false).await;
    let body = json!({ "withdrawal_token": "x" });
    let refused = kim
        .post(signed.path("/contributions/withdraw"), &body)
        .await;
    refused.problem(409, "state_conflict");
    // What is anonymous is nobody's to change.
    let path = path_of(items[0]["id"].as_str().expect("an id"));
    let change = kim.patch(&path, &json!({ "text": "x" })).if_match("\"1\"");
    change.await.problem(403, "forbidden");
    let group = super::grouped(&app, &workshop, "Afterthoughts").await;
    let id = items[0]["id"].as_str().expect("an id");
    put_into(&app, id, &group).await.expect(200);
}

/// How many requests a client has left.
fn left(reply: &Reply) -> u32 {
    let told = reply.header("ratelimit").expect("a header");
    let left = told.split(';').find_map(|part| part.strip_prefix("r="));
    left.and_then(|left| left.parse().ok()).expect("a number")
}

async fn nobody_is_slowed_down_by_what_others_contribute(app: App) {
    let review = a_review(&app).await;
    let workshop = collecting(&review, true).await;
    let (kim, watcher) = (person(&app, "Kim").await, person(&app, "Eve").await);
    app.restart(&[("rate_limit", "40")]).await;
    let path = workshop.path("/board");
    let first = watcher.get(&path).await.expect(200);
    for number in 0..8 {
        let made = said(&kim, &workshop, &format!("Word {number}")).await;
        made.expect(201);
    }
    let second = watcher.get(&path).await.expect(200);
    // Only their own request counts.
    assert!(left(&second) + 1 >= left(&first));
    for (name, value) in &second.headers {
        let told = String::from_utf8_lossy(value.as_bytes()).into_owned();
        assert!(!told.contains(&subject(&kim).await), "{name}");
    }
}

#[test]
fn neither_the_log_nor_a_trace_names_who_contributes() {
    engine::runtime().block_on(async {
        let collector = debrief_tests::collector::Collector::listen().await;
        let (mut service, key) = Installation::keyed(Engine::Sqlite);
        service.set("DEBRIEF_OTLP_ENDPOINT", &collector.endpoint());
        service.set("DEBRIEF_LOG", "debug");
        service.start().await;
        let admin = service.client(Some(&key));
        let review = admin.post("/api/v1/reviews", &debrief_tests::world::review());
        let review = review.await.expect(201).id();
        let path = format!("/api/v1/reviews/{review}/workshops");
        let workshop = admin.post(path, &json!({ "kind": "hotwash" })).await;
        let workshop = format!("/api/v1/workshops/{}", workshop.expect(201).id());
        let board = admin.put(format!("{workshop}/board"), &json!({ "anonymous": true }));
        let board = board.await.expect(201);
        let open = admin.call(reqwest::Method::POST, format!("{workshop}/board/open"));
        open.if_match(&board.etag()).await.expect(200);
        let kim = json!({ "name": "Kim", "roles": ["contributor"] });
        let kim = admin
            .post("/api/v1/api-keys", &kim)
            .await
            .expect(201)
            .json();
        let subject = format!("key:{}", kim["id"].as_str().expect("an id"));
        let kim = service.client(kim["key"].as_str());
        let path = format!("{workshop}/contributions");
        let made = kim.post(&path, &saying("Nobody read the mailbox")).await;
        let token = made.expect(201).json()["withdrawal_token"].clone();
        let withdraw = json!({ "withdrawal_token": token });
        let withdraw = kim.post(format!("{path}/withdraw"), &withdraw);
        withdraw.await.expect(204);
        let told = service.terminate().await.expect(0);
        let log = told.errors;
        assert!(log.contains("/contributions"), "the log has a line of it");
        for secret in [
            subject.as_str(),
            "Nobody read",
            token.as_str().expect("a token"),
        ] {
            assert!(!log.contains(secret), "the log says {secret}");
            let traced = collector.heard();
            let traced = traced.iter().any(|one| one.holds(secret.as_bytes()));
            assert!(!traced, "a trace says {secret}");
        }
    });
}
