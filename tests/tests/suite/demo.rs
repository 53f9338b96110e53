//! The demo: it starts, shows something of everything that the document has a list for, and leaves
//! nothing behind.

use std::collections::HashMap;
use std::fs;

use debrief_tests::contract::{Contract, Operation};
use debrief_tests::process::{Installation, eventually};
use debrief_tests::{Client, Engine, engine};
use reqwest::Method;
use serde_json::{Value, json};

/// What a list is asked for that is not read without it.
const ASKED: [(&str, &str); 2] = [
    ("search_texts", "q=credentials"),
    ("list_response_records", "metric=time_to_detect"),
];

/// The lists in which a demo has nothing, each with the reason for it.
const EMPTY: [(&str, &str); 0] = [];

fn alone(test: impl AsyncFnOnce(&mut Installation)) {
    let mut installation = Installation::new(Engine::Sqlite);
    engine::runtime().block_on(test(&mut installation));
}

/// Starts a demo; somebody who calls it with the key that it shows.
async fn started(demo: &mut Installation) -> Client {
    demo.launch(&["demo"]).await;
    let key = eventually("a key is shown", async || {
        let output = demo.process().output();
        let key = output
            .lines()
            .find_map(|line| line.strip_prefix("Admin key:"));
        key.map(|key| key.trim().to_owned())
    });
    demo.client(Some(&key.await))
}

/// The lists of the document.
fn lists() -> impl Iterator<Item = &'static Operation> {
    let contract = Contract::get();
    contract.operations().iter().filter(move |operation| {
        let body = operation
            .said
            .pointer("/responses/200/content/application~1json/schema");
        let body = body.map(|schema| contract.resolve(schema));
        operation.method == Method::GET
            && body.is_some_and(|body| body["properties"]["items"]["type"] == "array")
    })
}

/// Every address that a path of the document stands for: with the ids of what is in the list that comes
/// before each placeholder, which is read once.
async fn addresses(
    client: &Client,
    path: &str,
    known: &mut HashMap<String, Vec<String>>,
) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in path.split('/').skip(1) {
        let mut next = Vec::new();
        for before in found {
            if !part.starts_with('{') {
                next.push(format!("{before}/{part}"));
                continue;
            }
            if !known.contains_key(&before) {
                let items = client.all(&before, 200).await;
                let ids = items.iter().filter_map(|item| item["id"].as_str());
                known.insert(before.clone(), ids.map(str::to_owned).collect());
            }
            next.extend(known[&before].iter().map(|id| format!("{before}/{id}")));
        }
        found = next;
    }
    found
}

#[test]
fn a_demo_has_something_in_every_list_of_the_document() {
    alone(async |demo| {
        let client = started(demo).await;
        let (mut known, mut seen, mut empty) = (HashMap::new(), 0, Vec::new());
        for list in lists() {
            let name = list.said["operationId"].as_str().expect("a name");
            let asked = ASKED.iter().find(|(one, _)| *one == name);
            let asked = asked.map(|(_, asked)| format!("?{asked}"));
            let mut shows = false;
            for address in addresses(&client, &list.path, &mut known).await {
                let address = address + asked.as_deref().unwrap_or_default();
                let page = client.get(&address).await.expect(200);
                shows = !page.items().is_empty();
                if shows {
                    break;
                }
            }
            seen += 1;
            if !shows {
                empty.push(name);
            }
        }
        assert!(seen >= 60, "{seen}");
        let expected: Vec<_> = EMPTY.iter().map(|(name, _)| *name).collect();
        assert_eq!(empty, expected);
        demo.terminate().await.expect(0);
    });
}

/// The folders of demos.
fn demos(installation: &Installation) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(installation.folder()).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

/// That a demo has something to show in every list and number.
async fn shows_two_lives(client: &Client) {
    let reviews = client.all("/api/v1/reviews?sort=key", 200).await;
    let mut found = Vec::new();
    for review in &reviews {
        let key = review["key"].as_str().expect("a key");
        let of_review = format!("/api/v1/reviews/{key}");
        for below in [
            "participants",
            "decisions",
            "communications",
            "assessments",
            "impacts",
            "findings",
            "recommendations",
            "actions",
            "lessons",
            "workshops",
            "obligations",
            "improvement-measures",
        ] {
            let list = client.all(&format!("{of_review}/{below}"), 200).await;
            assert!(!list.is_empty(), "{key}: {below}");
        }
        let snapshot = client
            .get(format!("{of_review}/snapshot"))
            .await
            .expect(200);
        assert!(
            !snapshot.json()["events"]
                .as_array()
                .expect("events")
                .is_empty()
        );
        let events = client.all(&format!("{of_review}/events"), 200).await;
        found.push((review["status"].clone(), events.len()));
    }
    assert_eq!(found, [(json!("published"), 32), (json!("closed"), 24)]);
    for list in [
        "incidents?severity=critical",
        "events?kind=missed_alert",
        "findings?kind=strength",
        "actions?overdue=true",
        "actions?status=verified",
        "actions?status=implemented",
        "actions?status=declined",
        "actions?status=risk_accepted",
        "actions?status=blocked",
        "audit-records?action=review.close",
    ] {
        let list = format!("/api/v1/{list}");
        assert!(!client.all(&list, 200).await.is_empty(), "{list}");
    }
    let remediation = client.get("/api/v1/metrics/remediation");
    let shown = remediation.await.expect(200).json();
    for number in [
        "/overdue/n",
        "/verified_rate/numerator",
        "/ineffective_rate/numerator",
        "/time_to_verify/n",
        "/slips_per_action/max",
    ] {
        let number = shown.pointer(number).and_then(Value::as_i64);
        assert!(number > Some(0), "{shown}");
    }
    let response = "/api/v1/metrics/response?metric=time_to_detect&from=2021-01-01T00:00:00Z";
    let shown = client.get(response).await.expect(200).json();
    // One time is known to the second, the other to the day.
    let detected = &shown["metrics"][0];
    assert_eq!(
        (&detected["n"], &detected["n_imprecise"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn a_demo_serves_two_reviews_and_leaves_nothing() {
    alone(async |demo| {
        for signal in ["TERM", "INT"] {
            let client = started(demo).await;
            assert_eq!(demos(demo).len(), 1);
            shows_two_lives(&client).await;
            let verified = client.get("/api/v1/audit/verify").await.expect(200).json();
            assert_eq!(verified["valid"], Value::Bool(true), "{verified}");
            demo.process().signal(signal);
            demo.ended().await.expect(0);
            assert_eq!(demos(demo).len(), 0, "{signal}");
        }
    });
}

#[test]
fn a_demo_that_is_stopped_while_it_is_filled_leaves_nothing() {
    alone(async |demo| {
        for signal in ["TERM", "INT"] {
            let process = demo.spawn(&["demo"]);
            eventually("the database is begun", async || {
                let folder = demos(demo).pop()?;
                folder.join("demo.db").is_file().then_some(())
            })
            .await;
            process.signal(signal);
            process.ended().await.expect(0);
            assert_eq!(demos(demo).len(), 0, "{signal}");
        }
    });
}
