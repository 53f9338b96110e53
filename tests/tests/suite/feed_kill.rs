//! The feed and the process that tells it: those who follow come back where they were after a crash, and
//! have missed nothing and heard nothing twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use debrief_tests::process::{Installation, eventually};
use debrief_tests::{Client, Engine, Stream, both_engines, world};
use futures_util::future::join_all;
use tokio::time::timeout;

both_engines!(
    nothing_is_missed_or_heard_twice_however_often_the_service_is_killed,
    what_another_process_changes_is_sent_as_well,
);

const ROUNDS: usize = 4;
const WRITERS: usize = 4;
const READERS: usize = 5;
/// How many writes are answered in a round before the kill.
const ENOUGH: usize = 40;

/// What counts as prompt, also on a machine that is busy.
const PROMPT: Duration = Duration::from_secs(10);

/// Writes until it is not answered.
async fn write(client: Client, events: String, answered: Arc<AtomicUsize>) {
    let mut body = world::event();
    body["occurred_at"] = serde_json::json!("2024-05-01T10:00:00Z");
    while let Ok(reply) = client.post(&events, &body).attempt().await {
        reply.expect(201);
        answered.fetch_add(1, Ordering::SeqCst);
    }
}

/// Follows the feed wherever it is cut off, until it is told that there is no more; what it heard.
async fn follow(client: Client, query: String, is_over: Arc<AtomicBool>) -> Vec<String> {
    let (mut heard, mut last) = (Vec::new(), None::<String>);
    loop {
        let over = is_over.load(Ordering::SeqCst);
        let time = if over { 0 } else { 60 };
        let call = client.get(format!(
            "/api/v1/changes/stream?from=beginning&for_seconds={time}{query}"
        ));
        let call = match &last {
            Some(id) => call.header("last-event-id", id),
            None => call,
        };
        if let Ok(mut stream) = Stream::attempt(&call).await {
            while let Some(sent) = stream.next().await {
                heard.push(sent.data["id"].as_str().expect("an id").to_owned());
            }
            last = stream.last_id.or(last);
            if over {
                return heard;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn nothing_is_missed_or_heard_twice_however_often_the_service_is_killed(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    let client = service.client(Some(&key));
    service.start().await;
    let review = client.post("/api/v1/reviews", &world::review()).await;
    let review = review.expect(201).id();
    let events = format!("/api/v1/reviews/{review}/events");
    let is_over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..READERS)
        .map(|number| {
            let query = if number % 2 == 0 {
                ""
            } else {
                "&type=event.append"
            };
            tokio::spawn(follow(
                client.clone(),
                query.to_owned(),
                Arc::clone(&is_over),
            ))
        })
        .collect();
    let mut acknowledged = 0;
    for _ in 0..ROUNDS {
        let answered = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| tokio::spawn(write(client.clone(), events.clone(), Arc::clone(&answered))))
            .collect();
        eventually("the service has answered enough", async || {
            (answered.load(Ordering::SeqCst) >= ENOUGH).then_some(())
        })
        .await;
        service.kill().await;
        for writer in join_all(writers).await {
            writer.expect("a writer ends well");
        }
        acknowledged += answered.load(Ordering::SeqCst);
        service.start().await;
    }
    is_over.store(true, Ordering::SeqCst);
    // Whoever follows is cut off once more, and then told that this is all.
    service.terminate().await.expect(0);
    service.start().await;
    let log = client.all("/api/v1/audit-records?sort=sequence", 200).await;
    let logged = |action: Option<&str>| -> Vec<String> {
        let all = log
            .iter()
            .filter(|one| action.is_none_or(|action| one["action"] == action));
        let ids = all.map(|one| one["id"].as_str().expect("an id").to_owned());
        ids.collect()
    };
    assert!(logged(Some("event.append")).len() >= acknowledged);
    for (number, heard) in join_all(readers).await.into_iter().enumerate() {
        let action = (number % 2 == 1).then_some("event.append");
        let heard = heard.expect("a reader ends well");
        assert!(
            heard == logged(action),
            "reader {number} heard {} of {}",
            heard.len(),
            log.len()
        );
    }
    service.terminate().await.expect(0);
}

async fn what_another_process_changes_is_sent_as_well(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    service.start().await;
    let client = service.client(Some(&key));
    let mut open = Stream::open(&client.get("/api/v1/changes/stream?type=api_key.*")).await;
    let create = ["key", "create", "--name", "siem", "--role", "reader"];
    service.run(&create).await.expect(0);
    assert_eq!(
        timeout(PROMPT, open.next())
            .await
            .expect("a prompt event")
            .expect("it goes on")
            .kind,
        "api_key.create"
    );
    // The process ends without waiting for those who listen.
    let ended = timeout(PROMPT, service.terminate()).await;
    ended.expect("a prompt end").expect(0);
    assert_eq!(open.rest().await, []);
}
