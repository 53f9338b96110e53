//! `Idempotency-Key`: a repeated request has one effect and the same answer, whatever happens.

use chrono::Duration;
use debrief::kernel::idempotency::{FORGOTTEN_AT_ONCE, forget_expired};
use debrief_tests::builders::a_review;
use debrief_tests::world::incident;
use debrief_tests::{App, Client, Engine, Reply, both_databases, database};
use entity::idempotency::{ActiveModel, Entity};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

both_databases!(
    a_repeated_request_gets_the_first_answer_byte_for_byte,
    a_repeated_step_is_not_refused_for_its_old_version,
    a_key_that_was_used_for_another_request_is_refused,
    a_key_belongs_to_one_caller_of_one_organisation,
    concurrent_requests_with_one_key_have_one_effect,
    a_refused_request_leaves_its_key_free,
    an_answer_is_kept_for_a_day,
    expired_answers_are_forgotten_some_at_a_time,
    a_key_has_1_to_255_printable_characters,
    a_kept_answer_is_no_way_to_a_secret,
);

const LIST: &str = "/api/v1/incidents";

fn titled(title: &str) -> Value {
    let mut body = incident();
    body["title"] = json!(title);
    body
}

async fn recorded(client: &Client, key: &str, title: &str) -> Reply {
    client.post(LIST, &titled(title)).key(key).await
}

async fn count(client: &Client) -> usize {
    client.all(LIST, 200).await.len()
}

fn is_replay(reply: &Reply) -> bool {
    reply.header("idempotency-replayed") == Some("true")
}

/// That the second answer is the first again, and says so.
#[track_caller]
fn assert_replayed(first: &Reply, second: &Reply) {
    assert!(!is_replay(first), "{}", first.call);
    assert!(is_replay(second), "{}: {}", second.call, second.text());
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    for name in ["etag", "location", "content-type"] {
        assert_eq!(second.header(name), first.header(name), "{name}");
    }
}

async fn a_repeated_request_gets_the_first_answer_byte_for_byte(app: App) {
    let client = app.contributor();
    let first = recorded(&client, "one", "One").await.expect(201);
    assert_replayed(&first, &recorded(&client, "one", "One").await);
    let log = format!("/api/v1/audit-records?resource_id={}", first.id());
    let log = app.auditor().get(log).await.expect(200);
    assert_eq!(log.items().len(), 1);

    // Also when the incident is another by now, and after a restart.
    let path = format!("{LIST}/{}", first.id());
    let patch = client.patch(&path, &json!({ "title": "Changed" }));
    patch.if_match(&first.etag()).await.expect(200);
    app.restart(&[]).await;
    assert_replayed(&first, &recorded(&client, "one", "One").await);
    assert_eq!(
        client.get(&path).await.expect(200).json()["title"],
        "Changed"
    );
    assert_eq!(count(&client).await, 1);
    // Without a key, or with another, it is another request.
    client.post(LIST, &titled("One")).await.expect(201);
    let other = recorded(&client, "two", "One").await.expect(201);
    assert!(!is_replay(&other));
    assert_eq!(count(&client).await, 3);
}

async fn a_repeated_step_is_not_refused_for_its_old_version(app: App) {
    let review = a_review(&app).await;
    let tag = review.now().await.etag();
    let start = app.admin().post(review.path("/start"), &json!({}));
    let start = start.if_match(&tag);
    let first = start.clone().key("step").await.expect(200);
    assert_replayed(&first, &start.clone().key("step").await);
    start.await.problem(412, "stale_version");
    let transitions = review.now().await.json()["transitions"].clone();
    assert_eq!(transitions.as_array().map(Vec::len), Some(1));
}

async fn a_key_that_was_used_for_another_request_is_refused(app: App) {
    let admin = app.admin();
    let review = a_review(&app).await;
    let path = review.path("/start");
    let tag = review.now().await.etag();
    let start = admin.post(&path, &json!({})).if_match(&tag).key("one");
    start.await.expect(200);
    let other_body = admin.post(&path, &json!({ "reason": "x" })).if_match(&tag);
    let other_path = admin
        .post(review.path("/submit"), &json!({}))
        .if_match(&tag);
    let other_version = admin.post(&path, &json!({})).if_match("\"2\"");
    let other_route = admin.post(LIST, &titled("One"));
    let before = review.now().await.json();
    for call in [other_body, other_path, other_version, other_route] {
        let reply = call.key("one").await;
        let reply = reply.problem(422, "idempotency_key_reused");
        assert!(!is_replay(&reply));
    }
    assert_eq!(review.now().await.json(), before);
    assert_eq!(count(&admin).await, 0);
}

async fn a_key_belongs_to_one_caller_of_one_organisation(app: App) {
    let (contributor, facilitator) = (app.contributor(), app.facilitator());
    let first = recorded(&contributor, "same", "One").await.expect(201);
    for (other, title) in [(&facilitator, "One"), (&app.stranger(), "Two")] {
        let reply = recorded(other, "same", title).await.expect(201);
        assert!(!is_replay(&reply));
        assert_ne!(reply.id(), first.id());
    }
    assert_eq!(count(&contributor).await, 2);
    assert_eq!(count(&app.stranger()).await, 1);

    // A rotated key is the same caller, so that a retry meanwhile has no second effect.
    let (admin, body) = (
        app.admin(),
        json!({ "name": "siem", "roles": ["contributor"] }),
    );
    let key = admin.post("/api/v1/api-keys", &body).await.expect(201);
    let secret = |reply: &Reply| reply.json()["key"].as_str().expect("a key").to_owned();
    let first = recorded(&app.bearing(Some(&secret(&key))), "mine", "One").await;
    let rotate = format!("/api/v1/api-keys/{}/rotate", key.id());
    let rotated = admin.post(rotate, &json!({})).if_match(&key.etag());
    let rotated = rotated.await.expect(200);
    let again = recorded(&app.bearing(Some(&secret(&rotated))), "mine", "One").await;
    assert_replayed(&first.expect(201), &again);
}

async fn concurrent_requests_with_one_key_have_one_effect(app: App) {
    let client = app.contributor();
    let calls = (0..12).map(|_| recorded(&client, "same", "One"));
    let replies = join_all(calls).await;
    let (done, waiting): (Vec<_>, Vec<_>) =
        replies.into_iter().partition(|reply| reply.status == 201);
    for reply in waiting {
        let reply = reply.problem(409, "request_in_progress");
        let after = reply.header("retry-after").expect("when to come again");
        assert!(after.parse::<u32>().is_ok_and(|seconds| seconds > 0));
    }
    let firsts: Vec<_> = done.iter().filter(|reply| !is_replay(reply)).collect();
    assert_eq!(firsts.len(), 1);
    for reply in done.iter().filter(|reply| is_replay(reply)) {
        assert_replayed(firsts[0], reply);
    }
    assert_eq!(count(&client).await, 1);
    assert_replayed(firsts[0], &recorded(&client, "same", "One").await);
}

async fn a_refused_request_leaves_its_key_free(app: App) {
    let client = app.contributor();
    for _ in 0..2 {
        let reply = recorded(&client, "one", "").await;
        reply.problem(422, "validation_failed");
    }
    let made = recorded(&client, "one", "One").await.expect(201);
    assert!(!is_replay(&made));
    // What a state refuses now it may allow later.
    let review = a_review(&app).await;
    let close = |tag: &str| {
        let call = app.admin().post(review.path("/close"), &json!({}));
        call.if_match(tag).key("close")
    };
    close("*").await.problem(409, "state_conflict");
    let review = review.clone().published().await;
    let closed = close("*").await.expect(200);
    assert_replayed(&closed, &close("*").await);
    assert_eq!(review.now().await.json(), closed.json());
}

async fn an_answer_is_kept_for_a_day(app: App) {
    let client = app.contributor();
    let first = recorded(&client, "one", "One").await.expect(201);
    app.wait(Duration::seconds(24 * 60 * 60 - 1));
    assert_replayed(&first, &recorded(&client, "one", "One").await);
    app.wait(Duration::seconds(1));
    let second = recorded(&client, "one", "Two").await.expect(201);
    assert!(!is_replay(&second));
    assert_ne!(second.id(), first.id());
    assert_replayed(&second, &recorded(&client, "one", "Two").await);
}

async fn expired_answers_are_forgotten_some_at_a_time(app: App) {
    let client = app.contributor();
    let (database, now) = (app.state().database.clone(), app.state().clock.now());
    let expired = (0_u32..1_100).map(|number| ActiveModel {
        lookup: Set(number.to_be_bytes().to_vec()),
        fingerprint: Set(vec![1]),
        answer: Set(vec![2]),
        expires_at: Set(now),
    });
    let tx = database.begin().await.expect("a transaction");
    let inserted = Entity::insert_many(expired).exec(&tx).await;
    inserted.expect("kept answers");
    tx.commit(Vec::new()).await.expect("a commit");
    let first = recorded(&client, "one", "One").await.expect(201);
    // The service may forget some by itself meanwhile.
    loop {
        let tx = database.begin().await.expect("a transaction");
        let forgotten = forget_expired(&tx, now).await.expect("some are forgotten");
        tx.commit(Vec::new()).await.expect("a commit");
        assert!(forgotten <= FORGOTTEN_AT_ONCE, "{forgotten}");
        let kept = Entity::find().count(&database).await.expect("a number");
        if kept == 1 {
            break;
        }
    }
    assert_replayed(&first, &recorded(&client, "one", "One").await);
}

async fn a_key_has_1_to_255_printable_characters(app: App) {
    let client = app.contributor();
    let with = async |key: &[u8]| {
        let call = client.post(LIST, &titled("One"));
        call.header("idempotency-key", key).await
    };
    for wrong in [
        b"".as_slice(),
        b" ",
        b"a\tb",
        "clé".as_bytes(),
        &[b'x'; 256],
    ] {
        with(wrong).await.problem(400, "invalid_parameter");
    }
    let twice = client
        .post(LIST, &titled("One"))
        .header_again("idempotency-key", "one");
    let twice = twice.header_again("idempotency-key", "two").await;
    twice.problem(400, "invalid_parameter");
    assert_eq!(count(&client).await, 0);
    let longest = [b'x'; 255];
    let first = with(&longest).await.expect(201);
    assert_replayed(&first, &with(&longest).await);
    // As the draft of the standard has it: a string in quotes.
    let first = with(b"\"one two\"").await.expect(201);
    assert_replayed(&first, &with(b"\"one two\"").await);
    assert_eq!(count(&client).await, 2);
}

async fn a_kept_answer_is_no_way_to_a_secret(app: App) {
    let admin = app.admin();
    let body = json!({ "name": "siem", "scopes": ["events:write"] });
    let create = admin.post("/api/v1/api-keys", &body).key("a guess");
    let first = create.clone().await.expect(201);
    assert_replayed(&first, &create.await);
    let (url, query) = (app.database_url(), "SELECT answer FROM idempotency");
    let answers: Vec<Vec<u8>> = match app.engine() {
        Engine::Sqlite => {
            let file = database::open_file(&url);
            let answer = file.query_row(query, (), |row| row.get(0));
            vec![answer.expect("an answer")]
        }
        Engine::Postgres => {
            let mut connection = PgConnection::connect(&url).await.expect("a server");
            let answers = sqlx::query_scalar(query).fetch_all(&mut connection).await;
            answers.expect("the answers are there")
        }
    };
    assert_eq!(answers.len(), 1);
    let key = first.json()["key"].as_str().expect("a key").to_owned();
    for secret in [key.as_bytes(), b"dbf_", first.id().as_bytes()] {
        let shown = answers[0].windows(secret.len()).any(|part| part == secret);
        assert!(!shown, "a kept answer can be read");
    }
}
