//! A database that had data before it had search, and one that is new.

use std::collections::BTreeSet;

use debrief::kernel::clock::Clock;
use debrief_tests::app::{NOW, settings};
use debrief_tests::database::TestDatabase;
use debrief_tests::process::{Installation, eventually};
use debrief_tests::world::{event, finding, incident, review};
use debrief_tests::{Engine, both_engines};
use serde_json::{Value, json};

both_engines!(
    what_was_there_before_search_is_found_after_an_upgrade,
    nothing_is_missing_from_what_is_found_in_a_new_database,
);

const SEARCH: &str = "/api/v1/search";

async fn what_was_there_before_search_is_found_after_an_upgrade(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    let client = service.client(Some(&key));
    service.start().await;
    let mut body = incident();
    body["title"] = json!("Zebra on the loose");
    let incident = client
        .post("/api/v1/incidents", &body)
        .await
        .expect(201)
        .id();
    let mut body = review();
    body["title"] = json!("Zebra review");
    let review = client.post("/api/v1/reviews", &body).await.expect(201).id();
    let path = format!("/api/v1/reviews/{review}");
    let events: Vec<Value> = (0..1_200)
        .map(|number| {
            let mut body = event();
            body["occurred_at"] = json!("2024-05-01T10:00:00Z");
            body["summary"] = json!(format!("Zebra {number}"));
            body
        })
        .collect();
    client
        .post(format!("{path}/events/batch"), &json!(events))
        .await
        .expect(200);
    let mut body = finding();
    body["statement"] = json!("Nobody fed the zebra");
    let finding = client
        .post(format!("{path}/findings"), &body)
        .await
        .expect(201)
        .id();
    let work = json!({ "title": "Feed the zebra", "type": "prevent", "owner": { "name": "Kim" } });
    let action = client
        .post(format!("{path}/actions"), &work)
        .await
        .expect(201)
        .id();
    let note = json!({ "note": "Zebra food is ordered" });
    client
        .post(format!("{path}/actions/{action}/progress"), &note)
        .await
        .expect(201);
    service.terminate().await.expect(0);

    // Back to before there was search, with what is younger than that.
    let status = service.run(&["migrate", "status"]).await.expect(0).output;
    let place = status
        .lines()
        .position(|line| line.ends_with("_create_search"));
    let steps = status.lines().count() - place.expect("search has a migration");
    let steps = steps.to_string();
    let down = service.run(&["migrate", "down", "--steps", &steps]).await;
    assert!(down.expect(0).output.contains("pending"));
    service.start().await;
    // It serves at once, and says until when it has not gone through everything.
    let page = eventually("everything is found", async || {
        let page = client
            .get(format!("{SEARCH}?q=zebra&limit=200"))
            .await
            .expect(200);
        (page.json()["complete"] == true).then_some(page)
    })
    .await;
    assert_eq!(page.json()["counts"]["complete"], false);
    let all = client.all(&format!("{SEARCH}?q=zebra"), 200).await;
    assert_eq!(all.len(), 1_200 + 5);
    let found: BTreeSet<&str> = all.iter().filter_map(|hit| hit["id"].as_str()).collect();
    for id in [incident, review, finding, action] {
        assert!(found.contains(id.as_str()));
    }
    // What is changed from then on is found anew, and nothing is found twice after another start.
    service.terminate().await.expect(0);
    service.start().await;
    let all = client.all(&format!("{SEARCH}?q=zebra"), 200).await;
    assert_eq!(all.len(), 1_200 + 5);
    service.terminate().await.expect(0);
}

async fn nothing_is_missing_from_what_is_found_in_a_new_database(engine: Engine) {
    let database = tokio::task::spawn_blocking(move || TestDatabase::empty(engine)).await;
    let database = database.expect("a database");
    // Opened only: nothing works in the background yet.
    let opened = debrief::server::open(&settings(&database.url(), &[]), Clock::fixed(NOW)).await;
    let opened = opened.expect("it can be opened").database.clone();
    let filled = debrief::search::store::is_filled(&opened).await;
    assert!(filled.expect("it can be asked"));
    opened.close().await.expect("it can be closed");
}
