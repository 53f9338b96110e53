//! The feed of changes as a stream: at once, taken up again where it was cut off, and ended when it has
//! to be.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use debrief_tests::builders::a_review;
use debrief_tests::client::Call;
use debrief_tests::process::eventually;
use debrief_tests::stream::Sent;
use debrief_tests::world::{event, incident};
use debrief_tests::{App, Client, Stream, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::timeout;

both_databases!(
    a_change_is_sent_as_it_is_made,
    a_stream_is_taken_up_again_where_it_was_cut_off,
    a_stream_begins_and_ends_where_it_is_told_to,
    every_reader_is_sent_everything_while_many_write,
    a_reader_who_does_not_read_delays_nobody,
    a_compressed_stream_is_sent_at_once_as_well,
    a_stream_ends_with_its_credential,
    a_stream_ends_when_the_service_does,
    an_organisation_has_a_bounded_number_of_streams,
    a_quiet_stream_shows_that_it_is_alive,
    a_stream_is_asked_for_as_what_it_is,
);

const STREAM: &str = "/api/v1/changes/stream";
/// What counts as prompt, also on a machine that is busy.
const PROMPT: Duration = Duration::from_secs(10);

fn stream(client: &Client, query: &str) -> Call {
    let call = client.get(format!("{STREAM}{query}"));
    call.header("accept", "text/event-stream")
}

async fn a_change(client: &Client, title: &str) -> String {
    let mut body = incident();
    body["title"] = json!(title);
    client
        .post("/api/v1/incidents", &body)
        .await
        .expect(201)
        .id()
}

async fn next(stream: &mut Stream) -> Sent {
    let next = timeout(PROMPT, stream.next()).await;
    next.expect("a prompt event").expect("the stream goes on")
}

/// What follows within the time of a stream is its end.
async fn ends(stream: &mut Stream) -> Vec<Sent> {
    timeout(PROMPT, stream.rest()).await.expect("a prompt end")
}

fn ids(sent: &[Sent]) -> Vec<&str> {
    let ids = sent.iter().map(|one| one.data["id"].as_str());
    ids.map(|id| id.expect("an id")).collect()
}

async fn a_change_is_sent_as_it_is_made(app: App) {
    a_change(&app.contributor(), "Before").await;
    let mut open = Stream::open(&stream(&app.reader(), "")).await;
    for number in 0..5 {
        let id = a_change(&app.contributor(), &format!("{number}")).await;
        let sent = next(&mut open).await;
        assert_eq!(sent.kind, "incident.create");
        assert_eq!(sent.data["resource"]["id"], id.as_str());
        assert_eq!(sent.data["type"], "incident.create");
        assert_eq!(sent.data["cursor"], sent.id.as_str());
    }
    let page = app
        .reader()
        .get("/api/v1/changes?limit=200")
        .await
        .expect(200);
    let last = page.items().pop().expect("a change");
    let id = a_change(&app.contributor(), "last").await;
    let sent = next(&mut open).await;
    assert_eq!(sent.data["resource"]["id"], id.as_str());
    // The same as the page has, but for the cursor.
    let names = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&sent.data), names(&last));
}

async fn a_stream_is_taken_up_again_where_it_was_cut_off(app: App) {
    let client = app.reader();
    let mut open = Stream::open(&stream(&client, "")).await;
    a_change(&app.contributor(), "one").await;
    let first = next(&mut open).await;
    drop(open);
    let ids = [
        a_change(&app.contributor(), "two").await,
        a_change(&app.contributor(), "three").await,
    ];
    // As a browser does: the address as it was, and the last id that was received.
    let call = stream(&client, "?from=now").header("last-event-id", &first.id);
    let mut open = Stream::open(&call).await;
    for id in &ids {
        assert_eq!(next(&mut open).await.data["resource"]["id"], id.as_str());
    }
    // Whoever is cut off before the first change still knows where they began.
    let mut begun = Stream::open(&stream(&client, "?for_seconds=0")).await;
    assert_eq!(ends(&mut begun).await, []);
    let began = begun.last_id.expect("an id without an event");
    let id = a_change(&app.contributor(), "four").await;
    let call = stream(&client, "").header("last-event-id", began);
    let mut open = Stream::open(&call).await;
    assert_eq!(next(&mut open).await.data["resource"]["id"], id.as_str());
    // The header wins over the address, and what it has must be one of ours.
    let page = client
        .get("/api/v1/changes?from=now")
        .await
        .expect(200)
        .json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let query = format!("?for_seconds=0&cursor={cursor}");
    let mut none = Stream::open(&stream(&client, &query)).await;
    assert_eq!(ends(&mut none).await, []);
    let call = stream(&client, &query).header("last-event-id", &first.id);
    let mut some = Stream::open(&call).await;
    assert_eq!(ends(&mut some).await.len(), 3);
    let wrong = client.get(STREAM).header("last-event-id", "12");
    let wrong = wrong.await.problem(400, "invalid_cursor");
    assert_eq!(
        wrong.faults(),
        [("Last-Event-ID".to_owned(), "invalid_cursor".to_owned())]
    );
}

async fn a_stream_begins_and_ends_where_it_is_told_to(app: App) {
    let review = a_review(&app).await;
    let events: Vec<Value> = (0..450).map(|_| event()).collect();
    for event in &events[..3] {
        app.admin()
            .post(review.path("/events"), event)
            .await
            .expect(201);
    }
    let client = app.reader();
    let page = client.get("/api/v1/changes?limit=200").await.expect(200);
    let expected: Vec<Value> = page.items().iter().map(|one| one["id"].clone()).collect();
    let mut open = Stream::open(&stream(&client, "?from=beginning&for_seconds=0")).await;
    let sent = ends(&mut open).await;
    assert_eq!(
        ids(&sent),
        expected
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
    );
    let query = format!(
        "?from=beginning&for_seconds=0&type=event.*&review={}",
        review.id
    );
    let mut open = Stream::open(&stream(&client, &query)).await;
    let kinds: Vec<String> = ends(&mut open)
        .await
        .into_iter()
        .map(|one| one.kind)
        .collect();
    assert_eq!(kinds, ["event.append"; 3]);
    let began = Instant::now();
    let mut open = Stream::open(&stream(&client, "?for_seconds=1")).await;
    assert_eq!(ends(&mut open).await, []);
    assert!(began.elapsed() >= Duration::from_secs(1));
    for wrong in [
        "?for_seconds=-1",
        "?for_seconds=86401",
        "?limit=5",
        "?type=x",
    ] {
        let reply = client.get(format!("{STREAM}{wrong}")).await;
        reply.problem(400, "invalid_parameter");
    }
}

async fn every_reader_is_sent_everything_while_many_write(app: App) {
    let review = a_review(&app).await;
    let admin = app.admin();
    let mut readers = Vec::new();
    for _ in 0..5 {
        readers.push(Stream::open(&stream(&app.reader(), "?type=event.*")).await);
    }
    let write = async |_| {
        for _ in 0..25 {
            admin
                .post(review.path("/events"), &event())
                .await
                .expect(201);
        }
    };
    let read = join_all(readers.into_iter().map(async |mut open| {
        let mut sent = Vec::new();
        while sent.len() < 8 * 25 {
            sent.push(next(&mut open).await);
        }
        sent
    }));
    let (_, read) = futures_util::future::join(join_all((0..8).map(write)), read).await;
    let log = format!(
        "/api/v1/audit-records?sort=sequence&action=event.append&review_id={}",
        review.id
    );
    let log = app.auditor().all(&log, 200).await;
    let logged: Vec<_> = log.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(logged.len(), 200);
    for sent in &read {
        assert_eq!(ids(sent), logged);
    }
}

async fn a_reader_who_does_not_read_delays_nobody(app: App) {
    let review = a_review(&app).await;
    let mut slow = Stream::open(&stream(&app.reader(), "?type=event.*")).await;
    let mut quick = Stream::open(&stream(&app.reader(), "?type=event.*")).await;
    let events = review.path("/events");
    let write = async |_| {
        for _ in 0..60 {
            app.admin().post(&events, &event()).await.expect(201);
        }
    };
    join_all((0..5).map(write)).await;
    let mut sent = Vec::new();
    while sent.len() < 300 {
        sent.push(next(&mut quick).await);
    }
    let mut late = Vec::new();
    while late.len() < 300 {
        late.push(next(&mut slow).await);
    }
    assert_eq!(ids(&late), ids(&sent));
    let unique: BTreeSet<_> = ids(&sent).into_iter().collect();
    assert_eq!(unique.len(), 300);
}

async fn a_compressed_stream_is_sent_at_once_as_well(app: App) {
    let call = stream(&app.reader(), "").header("accept-encoding", "gzip");
    let mut response = call.open().await.expect("a reply");
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let mut length = 0;
    for number in 0..3 {
        // Whatever is still on its way belongs to what was before.
        while let Ok(chunk) = timeout(Duration::from_millis(200), response.chunk()).await {
            length += chunk.expect("a chunk").expect("the stream goes on").len();
        }
        let before = length;
        a_change(&app.contributor(), &format!("{number}")).await;
        let chunk = timeout(PROMPT, response.chunk())
            .await
            .expect("a prompt event");
        length += chunk.expect("a chunk").expect("the stream goes on").len();
        assert!(length > before);
    }
}

async fn a_stream_ends_with_its_credential(app: App) {
    let admin = app.admin();
    let made = async |body: &Value| admin.post("/api/v1/api-keys", body).await.expect(201);
    let body = json!({ "name": "siem", "scopes": ["changes:read", "incidents:read"] });
    let key = made(&body).await;
    let client = app.bearing(key.json()["key"].as_str());
    let mut open = Stream::open(&stream(&client, "")).await;
    a_change(&app.contributor(), "While it holds").await;
    next(&mut open).await;
    let revoke = format!("/api/v1/api-keys/{}/revoke", key.id());
    let revoke = admin.post(revoke, &json!({})).if_match(&key.etag());
    revoke.await.expect(200);
    a_change(&app.contributor(), "Afterwards").await;
    assert_eq!(ends(&mut open).await, []);
    stream(&client, "").await.problem(401, "unauthenticated");

    let at = (app.now() + chrono::Duration::hours(1)).to_rfc3339();
    let mut body = body;
    body["expires_at"] = json!(at);
    let key = made(&body).await;
    let client = app.bearing(key.json()["key"].as_str());
    let mut open = Stream::open(&stream(&client, "")).await;
    app.wait(chrono::Duration::hours(2));
    assert_eq!(ends(&mut open).await, []);
}

async fn a_stream_ends_when_the_service_does(app: App) {
    let mut open = Stream::open(&stream(&app.reader(), "")).await;
    let first = a_change(&app.contributor(), "Before").await;
    let sent = next(&mut open).await;
    assert_eq!(sent.data["resource"]["id"], first.as_str());
    let began = Instant::now();
    let (rest, ()) = futures_util::future::join(ends(&mut open), app.restart(&[])).await;
    assert_eq!(rest, []);
    assert!(began.elapsed() < PROMPT);
    let second = a_change(&app.contributor(), "After").await;
    let call = stream(&app.reader(), "").header("last-event-id", &sent.id);
    let mut open = Stream::open(&call).await;
    assert_eq!(
        next(&mut open).await.data["resource"]["id"],
        second.as_str()
    );
}

async fn an_organisation_has_a_bounded_number_of_streams(app: App) {
    app.restart(&[("streams_per_organization", "2")]).await;
    let first = Stream::open(&stream(&app.reader(), "")).await;
    let _second = Stream::open(&stream(&app.admin(), "")).await;
    let refused = app.reader().get(STREAM).await.problem(429, "rate_limited");
    assert!(refused.text().contains('2'), "{}", refused.text());
    // It is nobody else's bound, and not that of pages.
    let _elsewhere = Stream::open(&stream(&app.stranger(), "")).await;
    app.reader().get("/api/v1/changes").await.expect(200);
    drop(first);
    eventually("a place is free again", async || {
        // What is sent shows the service that nobody listens any more.
        a_change(&app.contributor(), "Something").await;
        let again = Stream::attempt(&stream(&app.reader(), ""))
            .await
            .expect("a reply");
        (again.response.status() == 200).then_some(())
    })
    .await;
}

async fn a_quiet_stream_shows_that_it_is_alive(app: App) {
    let mut open = Stream::open(&stream(&app.reader(), "?for_seconds=17")).await;
    let rest = timeout(Duration::from_secs(40), open.rest()).await;
    assert_eq!(rest.expect("an end"), []);
    assert_eq!(open.comments, 1);
}

async fn a_stream_is_asked_for_as_what_it_is(app: App) {
    let call = |accept: &str| {
        app.reader()
            .get(format!("{STREAM}?for_seconds=0"))
            .header("accept", accept)
    };
    for accept in [
        "text/event-stream",
        "text/*",
        "*/*",
        "application/json, text/event-stream;q=0.5",
    ] {
        let reply = call(accept).await.expect(200);
        assert_eq!(reply.header("content-type"), Some("text/event-stream"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-accel-buffering"), Some("no"));
    }
    for accept in ["application/json", "text/html", "text/event-stream;q=0"] {
        call(accept).await.problem(406, "not_acceptable");
    }
    let head = app
        .reader()
        .call(reqwest::Method::HEAD, STREAM)
        .await
        .expect(200);
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
}
