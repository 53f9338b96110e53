//! PostgreSQL goes away and comes back: the service says so, and goes on by itself.

use debrief_tests::postgres::{Cluster, own_cluster};
use debrief_tests::process::Installation;
use debrief_tests::{Client, Engine, Reply, engine, world};
use futures_util::future::join_all;

const LIST: &str = "/api/v1/incidents";

/// Runs a test on a cluster of its own, with a service on it.
fn on_cluster(test: impl AsyncFnOnce(&Cluster, &mut Installation, Client)) {
    let Some(cluster) = own_cluster() else {
        return;
    };
    engine::runtime().block_on(async {
        let (mut service, key) = Installation::keyed(Engine::Sqlite);
        service.set("DEBRIEF_DATABASE_URL", &cluster.url("postgres"));
        service.start().await;
        let client = service.client(Some(&key));
        test(&cluster, &mut service, client).await;
    });
}

async fn write(client: &Client, key: &str) -> Reply {
    client.post(LIST, &world::incident()).key(key).await
}

/// That it is a problem that tells when to come again.
#[track_caller]
fn assert_unavailable(reply: Reply) {
    let reply = reply.problem(503, "unavailable");
    let after = reply.header("retry-after").expect("when to come again");
    assert!(after.parse::<u32>().is_ok_and(|seconds| seconds > 0));
    // No cause leaves the process.
    let text = reply.text();
    assert!(
        !text.contains("socket") && !text.contains("postgres"),
        "{text}"
    );
}

#[test]
fn an_outage_is_a_503_and_heals() {
    on_cluster(async |cluster, service, client| {
        let first = write(&client, "first").await.expect(201);
        let address = format!("http://{}", service.address());
        let check = ["healthcheck", "--url", &address];
        for _ in 0..2 {
            service.run(&check).await.expect(0);
            cluster.stop();
            service.ready(503).await;
            assert_unavailable(client.get("/readyz").await);
            client.get("/healthz").await.expect(200);
            for _ in 0..4 {
                assert_unavailable(client.get(LIST).await);
                assert_unavailable(write(&client, "second").await);
            }
            service.run(&check).await.expect(1);

            cluster.start();
            service.ready(200).await;
            let again = write(&client, "first").await.expect(201);
            assert_eq!(again.header("idempotency-replayed"), Some("true"));
            assert_eq!(again.body, first.body);
        }
        let second = write(&client, "second").await.expect(201);
        assert_eq!(second.header("idempotency-replayed"), None);
        assert_eq!(client.all(LIST, 200).await.len(), 2);
        let verified = client.get("/api/v1/audit/verify").await.expect(200).json();
        assert_eq!(verified["valid"], true, "{verified}");
        service.terminate().await.expect(0);
    });
}

#[test]
fn a_restart_that_nobody_noticed_costs_no_request() {
    on_cluster(async |cluster, service, client| {
        // Every connection of the pool is open.
        join_all((0..32).map(|number| {
            let client = client.clone();
            async move { write(&client, &number.to_string()).await.expect(201) }
        }))
        .await;
        cluster.stop();
        cluster.start();
        for _ in 0..8 {
            client.get("/readyz").await.expect(200);
            client.get(LIST).await.expect(200);
            client.post(LIST, &world::incident()).await.expect(201);
        }
        service.terminate().await.expect(0);
    });
}

#[test]
fn a_stop_during_an_outage_is_a_stop() {
    on_cluster(async |cluster, service, client| {
        write(&client, "first").await.expect(201);
        cluster.stop();
        service.ready(503).await;
        service.terminate().await.expect(0);
    });
}
