//! Crashes: the service is killed while it works, and all that it acknowledged is there, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use debrief_tests::process::{Installation, eventually};
use debrief_tests::{Client, Engine, Reply, both_engines, world};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_engines!(
    what_was_acknowledged_survives_every_kill_exactly_once,
    an_answer_is_replayed_after_a_restart_byte_for_byte,
);

const ROUNDS: usize = 5;
const WORKERS: usize = 6;
/// How many requests are answered in a round before the kill.
const ENOUGH: usize = 24;
const BATCH: usize = 7;

/// A request that appends events, and what became of it.
struct Sent {
    /// What tells its events from all others.
    summaries: Vec<String>,
    /// The `Idempotency-Key`, if it has one.
    key: Option<String>,
    /// The ids that the answer named; `None` when there was no answer.
    ids: Option<Vec<String>>,
}

impl Sent {
    /// Every third worker sends batches, every second one sends keys.
    fn new(round: usize, worker: usize, number: usize) -> Self {
        let name = format!("{round}-{worker}-{number}");
        let size = if worker % 3 == 2 { BATCH } else { 1 };
        Self {
            summaries: (0..size).map(|event| format!("{name}-{event}")).collect(),
            key: (worker % 2 == 1).then_some(name),
            ids: None,
        }
    }

    /// Sends it; whether it was answered.
    async fn send(&mut self, client: &Client, events: &str) -> bool {
        let bodies: Vec<Value> = self.summaries.iter().map(|text| event(text)).collect();
        let call = match bodies.as_slice() {
            [one] => client.post(events, one),
            all => client.post(format!("{events}/batch"), &json!(all)),
        };
        let call = match &self.key {
            Some(key) => call.key(key),
            None => call,
        };
        let Ok(reply) = call.attempt().await else {
            return false;
        };
        if self.key.is_some() && reply.status == 409 {
            // The database has not noticed yet that whoever sent it first is dead.
            reply.problem(409, "request_in_progress");
            return false;
        }
        self.ids = Some(if bodies.len() == 1 {
            vec![reply.expect(201).id()]
        } else {
            let results = reply.expect(200).json()["results"].clone();
            let results = results.as_array().expect("a result for each event");
            results.iter().map(|one| text(&one["id"])).collect()
        });
        true
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn event(summary: &str) -> Value {
    let mut body = world::event();
    body["occurred_at"] = json!("2024-05-01T10:00:00Z");
    body["summary"] = json!(summary);
    body
}

/// Sends one request after the other until one is not answered.
async fn work(
    client: Client,
    events: String,
    (round, worker): (usize, usize),
    answered: Arc<AtomicUsize>,
) -> Vec<Sent> {
    let mut all = Vec::new();
    for number in 0.. {
        let mut sent = Sent::new(round, worker, number);
        let goes_on = sent.send(&client, &events).await;
        all.push(sent);
        if !goes_on {
            break;
        }
        answered.fetch_add(1, Ordering::SeqCst);
    }
    all
}

/// Repeats what has a key and no answer until it has one.
async fn repeat(all: &mut [Sent], client: &Client, events: &str) {
    let unanswered = |sent: &&mut Sent| sent.key.is_some() && sent.ids.is_none();
    for sent in all.iter_mut().filter(unanswered) {
        eventually("a repeated request is answered", async || {
            sent.send(client, events).await.then_some(())
        })
        .await;
    }
}

async fn what_was_acknowledged_survives_every_kill_exactly_once(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    let client = service.client(Some(&key));
    service.start().await;
    let review = client.post("/api/v1/reviews", &world::review()).await;
    let review = review.expect(201).id();
    let events = format!("/api/v1/reviews/{review}/events");
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let answered = Arc::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let (client, events) = (client.clone(), events.clone());
                let answered = Arc::clone(&answered);
                tokio::spawn(work(client, events, (round, worker), answered))
            })
            .collect();
        eventually("the service has answered enough", async || {
            let lost = workers.iter().any(tokio::task::JoinHandle::is_finished);
            assert!(!lost, "a request was not answered before the kill");
            (answered.load(Ordering::SeqCst) >= ENOUGH).then_some(())
        })
        .await;
        service.kill().await;
        for sent in join_all(workers).await {
            all.extend(sent.expect("a worker ends well"));
        }
        service.start().await;
        repeat(&mut all, &client, &events).await;
    }
    let found = assert_exactly_once(&client, &events, &all).await;
    assert_on_record(&client, &review, found).await;
    service.terminate().await.expect(0);
}

/// What is there of each request: the ids of its events, in order.
async fn assert_exactly_once(client: &Client, events: &str, all: &[Sent]) -> Vec<Vec<String>> {
    let mut stored: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in client.all(events, 200).await {
        let ids = stored.entry(text(&event["summary"])).or_default();
        ids.push(text(&event["id"]));
    }
    let mut found = Vec::new();
    for sent in all {
        let ids = sent.summaries.iter().map(|text| stored.remove(text));
        let ids: Vec<String> = ids.flatten().flatten().collect();
        match &sent.ids {
            Some(named) => assert_eq!(&ids, named, "{:?}", sent.summaries),
            None => assert!(
                ids.is_empty() || ids.len() == sent.summaries.len(),
                "{:?} is there in part, or more than once: {ids:?}",
                sent.summaries
            ),
        }
        found.push(ids);
    }
    assert_eq!(stored, BTreeMap::new(), "nobody sent these");
    found.retain(|ids| !ids.is_empty());
    assert!(found.len() >= ROUNDS * ENOUGH);
    found
}

/// That each request that had an effect is on record, once, in a chain that is whole.
async fn assert_on_record(client: &Client, review: &str, found: Vec<Vec<String>>) {
    let verified = client.get("/api/v1/audit/verify").await.expect(200).json();
    assert_eq!(verified["valid"], true, "{verified}");
    let (batches, singles): (Vec<_>, Vec<_>) = found.into_iter().partition(|ids| ids.len() > 1);
    let log = format!("/api/v1/audit-records?review_id={review}");

    let records = client.all(&format!("{log}&action=event.append"), 200).await;
    assert_eq!(records.len(), singles.len());
    let recorded: BTreeSet<String> = records.iter().map(|r| text(&r["resource_id"])).collect();
    assert_eq!(recorded, singles.into_iter().flatten().collect());

    let path = format!("{log}&action=event.append_batch");
    let records = client.all(&path, 200).await;
    assert_eq!(records.len(), batches.len());
    let ends = |record: &Value| {
        assert_eq!(record["after"]["events"], BATCH);
        let end = |name: &str| text(&record["after"][name]);
        (end("first_event_id"), end("last_event_id"))
    };
    let recorded: BTreeSet<_> = records.iter().map(ends).collect();
    let sent = batches
        .iter()
        .map(|ids| (ids[0].clone(), ids[BATCH - 1].clone()));
    assert_eq!(recorded, sent.collect());
}

async fn an_answer_is_replayed_after_a_restart_byte_for_byte(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    let client = service.client(Some(&key));
    service.start().await;
    let send = async || -> Reply {
        let call = client.post("/api/v1/incidents", &world::incident());
        call.key("one").await.expect(201)
    };
    let first = send().await;
    assert_eq!(first.header("idempotency-replayed"), None);
    for killed in [true, false] {
        if killed {
            service.kill().await;
        } else {
            service.terminate().await.expect(0);
        }
        service.start().await;
        let again = send().await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.body, first.body);
        for name in ["etag", "location", "content-type"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
    }
    assert_eq!(client.all("/api/v1/incidents", 200).await.len(), 1);
}
