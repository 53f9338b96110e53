//! How the service ends, and how it goes on when those who call it end: nothing half done.

use std::time::Duration;

use debrief_tests::process::{Installation, eventually};
use debrief_tests::{Client, Engine, Reply, both_engines, database, world};
use futures_util::future::{BoxFuture, Either, join_all, select};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

both_engines!(
    a_request_whose_body_arrives_late_is_answered_before_the_end,
    a_write_that_waits_for_the_database_is_answered_before_the_end,
    connections_that_wait_do_not_keep_the_service,
    clients_that_go_away_amid_their_body_are_forgotten,
    clients_that_go_away_before_the_answer_are_forgotten,
    crowds_that_go_away_leave_everything_in_order,
);

const LIST: &str = "/api/v1/incidents";
/// What counts as prompt, also on a machine that is busy.
const PROMPT: Duration = Duration::from_secs(10);

async fn started(engine: Engine) -> (Installation, String) {
    let (mut service, key) = Installation::keyed(engine);
    service.start().await;
    (service, key)
}

fn titled(title: &str) -> Value {
    let mut body = world::incident();
    body["title"] = json!(title);
    body
}

/// That a write is answered, and soon.
async fn assert_writes(client: &Client) {
    let write = client.post(LIST, &titled("after")).attempt();
    let reply = timeout(PROMPT, write).await.expect("a prompt answer");
    reply.expect("an answer").expect(201);
    let verified = client.get("/api/v1/audit/verify").await.expect(200).json();
    assert_eq!(verified["valid"], true, "{verified}");
}

async fn count(client: &Client, title: &str) -> usize {
    let all = client.all(LIST, 200).await;
    all.iter().filter(|one| one["title"] == title).count()
}

/// A request as it goes over the wire, its head and its body.
fn wire(path: &str, key: &str, more: &str, body: &Value) -> (String, String) {
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: debrief\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n{more}\r\n",
        body.len()
    );
    (head, body)
}

async fn connect(service: &Installation) -> TcpStream {
    let stream = TcpStream::connect(service.address()).await;
    stream.expect("the service listens")
}

async fn send(stream: &mut TcpStream, text: &str) {
    let sent = stream.write_all(text.as_bytes()).await;
    sent.expect("the service reads");
}

/// Waits until the service takes nobody in any more.
async fn closed(service: &Installation) {
    eventually("the service does not listen any more", async || {
        TcpStream::connect(service.address()).await.err()
    })
    .await;
}

/// A transaction of somebody else that lets nobody write.
enum Hold {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl Hold {
    async fn take(service: &Installation, engine: Engine) -> Self {
        let url = service.database_url();
        match engine {
            Engine::Sqlite => {
                let one = database::open_file(&url);
                let held = one.execute_batch("BEGIN IMMEDIATE");
                held.expect("nobody writes");
                Self::Sqlite(one)
            }
            Engine::Postgres => {
                let mut one = PgConnection::connect(&url).await.expect("a server");
                let lock = "BEGIN; LOCK TABLE incidents IN EXCLUSIVE MODE";
                let held = sqlx::raw_sql(lock).execute(&mut one).await;
                held.expect("nobody writes");
                Self::Postgres(one)
            }
        }
    }

    async fn release(self) {
        match self {
            Self::Sqlite(one) => drop(one),
            Self::Postgres(one) => one.close().await.expect("a connection can be closed"),
        }
    }
}

type Running = BoxFuture<'static, Result<Reply, reqwest::Error>>;

/// A write that is at work: of two equal ones, the one that is not refused because of the other.
async fn running(client: &Client, key: &str) -> Running {
    let write = || -> Running { Box::pin(client.post(LIST, &titled("held")).key(key).attempt()) };
    match select(write(), write()).await {
        Either::Left((refused, running)) | Either::Right((refused, running)) => {
            let refused = refused.expect("an answer");
            refused.problem(409, "request_in_progress");
            running
        }
    }
}

async fn a_request_whose_body_arrives_late_is_answered_before_the_end(engine: Engine) {
    let (mut service, key) = started(engine).await;
    let late = "expect: 100-continue\r\nconnection: close\r\n";
    let (head, body) = wire(LIST, &key, late, &titled("late"));
    let mut stream = connect(&service).await;
    send(&mut stream, &head).await;
    // The service says so when it begins with the request.
    let mut interim = [0; 25];
    let read = stream.read_exact(&mut interim).await;
    read.expect("an interim answer");
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");

    service.process().signal("TERM");
    closed(&service).await;
    send(&mut stream, &body).await;
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer).await;
    read.expect("a whole answer");
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    service.ended().await.expect(0);

    service.start().await;
    let client = service.client(Some(&key));
    assert_eq!(count(&client, "late").await, 1);
}

async fn a_write_that_waits_for_the_database_is_answered_before_the_end(engine: Engine) {
    let (mut service, key) = started(engine).await;
    let client = service.client(Some(&key));
    let hold = Hold::take(&service, engine).await;
    let running = running(&client, "one").await;
    service.process().signal("TERM");
    closed(&service).await;
    hold.release().await;
    let made = running.await.expect("an answer").expect(201);
    service.ended().await.expect(0);

    service.start().await;
    let path = format!("{LIST}/{}", made.id());
    assert_eq!(client.get(path).await.expect(200).json(), made.json());
}

async fn connections_that_wait_do_not_keep_the_service(engine: Engine) {
    let (mut service, key) = started(engine).await;
    let client = service.client(Some(&key));
    let calls = (0..4).map(|_| client.get("/api/v1/me").attempt());
    for reply in join_all(calls).await {
        reply.expect("an answer").expect(200);
    }
    // A connection that never says anything, and one that has begun to.
    let _silent = connect(&service).await;
    let mut begun = connect(&service).await;
    send(&mut begun, "GET /api/v1/me HTTP/1.1\r\nhost:").await;
    client.get("/api/v1/me").await.expect(200);
    let ended = timeout(PROMPT, service.terminate()).await;
    ended.expect("a prompt end").expect(0);
}

async fn clients_that_go_away_amid_their_body_are_forgotten(engine: Engine) {
    let (service, key) = started(engine).await;
    let client = service.client(Some(&key));
    let review = client.post("/api/v1/reviews", &world::review()).await;
    let batch = format!("/api/v1/reviews/{}/events/batch", review.expect(201).id());
    for path in [LIST, &batch].repeat(4) {
        let key_header = "idempotency-key: one\r\n";
        let (head, body) = wire(path, &key, key_header, &titled("half"));
        let mut stream = connect(&service).await;
        send(&mut stream, &head).await;
        send(&mut stream, &body[..body.len() / 2]).await;
        drop(stream);
    }
    assert_writes(&client).await;
    assert_eq!(count(&client, "half").await, 0);
    // The key is free as well.
    let again = client.post(LIST, &titled("half")).key("one").await;
    again.expect(201);
}

async fn clients_that_go_away_before_the_answer_are_forgotten(engine: Engine) {
    let (service, key) = started(engine).await;
    let client = service.client(Some(&key));
    let keys = ["one", "two"];
    for key in keys {
        let hold = Hold::take(&service, engine).await;
        let running = running(&client, key).await;
        drop(running);
        hold.release().await;
        assert_writes(&client).await;
    }
    // Whether the writes took place or not: asked for again, each has one effect.
    for key in keys {
        eventually("the key is free", async || {
            let again = client.post(LIST, &titled("held")).key(key).await;
            (again.status == 201).then_some(())
        })
        .await;
    }
    assert_eq!(count(&client, "held").await, keys.len());
}

async fn crowds_that_go_away_leave_everything_in_order(engine: Engine) {
    let (service, key) = started(engine).await;
    let client = service.client(Some(&key));
    let (head, body) = wire(LIST, &key, "", &titled("gone"));
    let crowd = (0..48).map(async |_| {
        let mut stream = connect(&service).await;
        send(&mut stream, &format!("{head}{body}")).await;
    });
    join_all(crowd).await;
    assert_writes(&client).await;
    assert!(count(&client, "gone").await <= 48);
}
