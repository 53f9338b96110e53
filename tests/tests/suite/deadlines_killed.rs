//! Time passing under a service that is killed while it tells: all is told, and all of it once.

use debrief_tests::process::{Installation, eventually};
use debrief_tests::{Engine, both_engines, world};
use serde_json::json;

both_engines!(everything_is_told_once_by_a_service_that_is_killed_again_and_again);

/// How many obligations are due all at once.
const DUTIES: usize = 60;

async fn everything_is_told_once_by_a_service_that_is_killed_again_and_again(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    let client = service.client(Some(&key));
    service.start().await;
    let review = client.post("/api/v1/reviews", &world::review()).await;
    let path = format!("/api/v1/reviews/{}/obligations", review.expect(201).id());
    for number in 0..DUTIES {
        let duty = json!({
            "title": format!("Duty {number}"), "trigger_at": "2024-05-01T10:00:00Z",
            "due_at": "2024-05-04T10:00:00Z",
        });
        client.post(&path, &duty).await.expect(201);
        if number % 20 == 19 {
            service.kill().await;
            service.start().await;
        }
    }
    let log = "/api/v1/audit-records?action=deadline.missed";
    eventually("every duty is told to be missed", async || {
        let count = client.all(log, 200).await.len();
        (count >= DUTIES).then_some(())
    })
    .await;
    service.kill().await;
    service.start().await;
    let records = client.all(log, 200).await;
    let mut ids: Vec<_> = records
        .iter()
        .map(|one| one["resource_id"].to_string())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((records.len(), ids.len()), (DUTIES, DUTIES));
    let verified = client.get("/api/v1/audit/verify").await.expect(200).json();
    assert_eq!(verified["valid"], true, "{verified}");
    service.terminate().await.expect(0);
}
