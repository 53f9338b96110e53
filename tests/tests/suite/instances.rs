//! Several instances over one PostgreSQL: they start at once and work as one.

use std::collections::BTreeSet;

use debrief_tests::database::TestDatabase;
use debrief_tests::process::{Installation, eventually, fresh_key};
use debrief_tests::{Client, Engine, engine, postgres, world};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

const INSTANCES: usize = 4;

/// Instances over one database that is new, started at once.
struct Together {
    instances: Vec<Installation>,
    database: TestDatabase,
}

impl Together {
    /// Before their start.
    fn prepare(own: &[(&str, &str)]) -> Self {
        let database = TestDatabase::empty(Engine::Postgres);
        let instance = |_| {
            let mut one = Installation::new(Engine::Sqlite);
            one.set("DEBRIEF_DATABASE_URL", &database.url());
            one.set("DEBRIEF_PUBLIC_URL", "https://debrief.example");
            one.set("DEBRIEF_WORKERS", "1");
            for (name, value) in own {
                one.set(name, value);
            }
            one
        };
        Self {
            instances: (0..INSTANCES).map(instance).collect(),
            database,
        }
    }

    async fn start(&mut self) {
        join_all(self.instances.iter_mut().map(Installation::start)).await;
    }

    async fn connect(&self) -> PgConnection {
        let connected = PgConnection::connect(&self.database.url()).await;
        connected.expect("a server")
    }

    fn clients(&self, key: &str) -> Vec<Client> {
        let client = |one: &Installation| one.client(Some(key));
        self.instances.iter().map(client).collect()
    }

    async fn ask(&self, query: &'static str) -> Vec<String> {
        let mut connection = self.connect().await;
        let rows = sqlx::query_scalar(query).fetch_all(&mut connection).await;
        rows.expect("rows")
    }
}

fn on_postgres(test: impl AsyncFnOnce()) {
    if postgres::is_there() {
        engine::runtime().block_on(test());
    }
}

#[test]
fn instances_that_start_at_once_prepare_a_fresh_database_once() {
    on_postgres(async || {
        let mut all = Together::prepare(&[]);
        all.start().await;
        let applied = all.ask("SELECT version FROM seaql_migrations").await;
        let distinct: BTreeSet<_> = applied.iter().collect();
        assert_eq!(distinct.len(), applied.len());
        let status = all.instances[0].run(&["migrate", "status"]).await;
        let status = status.expect(0).output;
        assert_eq!(status.lines().count(), applied.len());
        assert!(!status.contains("pending"), "{status}");
        let slugs = all.ask("SELECT slug FROM organizations").await;
        assert_eq!(slugs, ["default"]);
        let keys = all.ask("SELECT name FROM api_keys").await;
        assert_eq!(keys.len(), 1, "one key is made");

        let shown = eventually("a key is shown", async || {
            let outputs = all.instances.iter().map(|one| one.process().output());
            outputs.into_iter().find_map(|text| key_in(&text))
        });
        for client in all.clients(&shown.await) {
            client.get("/api/v1/me").await.expect(200);
        }
        let mut shown = 0;
        for one in &mut all.instances {
            let ended = one.terminate().await.expect(0);
            shown += usize::from(key_in(&ended.output).is_some());
        }
        assert_eq!(shown, 1, "one instance shows the key");
    });
}

/// Waits until this many transactions wait for each other.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity \
    WHERE datname = current_database() AND wait_event_type = 'Lock'";

#[test]
fn instances_that_miss_a_key_at_the_same_moment_make_one() {
    on_postgres(async || {
        let mut all = Together::prepare(&[]);
        let migrated = all.instances[0].run(&["migrate", "up"]).await;
        migrated.expect(0);
        let (mut hold, mut watch) = (all.connect().await, all.connect().await);
        let lock = "BEGIN; LOCK TABLE organizations IN EXCLUSIVE MODE";
        let held = sqlx::raw_sql(lock).execute(&mut hold).await;
        held.expect("nobody adds an organisation");
        let release = async {
            eventually("every instance has found no key", async || {
                let count = sqlx::query_scalar(WAITING).fetch_one(&mut watch).await;
                let count: i64 = count.expect("a count");
                (usize::try_from(count) == Ok(INSTANCES)).then_some(())
            })
            .await;
            hold.close().await.expect("a connection can be closed");
        };
        join(all.start(), release).await;
        let keys = all.ask("SELECT name FROM api_keys").await;
        assert_eq!(keys.len(), 1);
    });
}

fn key_in(output: &str) -> Option<String> {
    let mut lines = output.lines().map(str::trim);
    lines
        .find(|line| line.starts_with("dbf_"))
        .map(str::to_owned)
}

fn event(summary: &str) -> Value {
    let mut body = world::event();
    body["occurred_at"] = json!("2024-05-01T10:00:00Z");
    body["summary"] = json!(summary);
    body
}

async fn assert_whole(client: &Client) {
    let verified = client.get("/api/v1/audit/verify").await.expect(200).json();
    assert_eq!(verified["valid"], true, "{verified}");
}

#[test]
fn instances_work_as_one() {
    on_postgres(async || {
        let key = fresh_key();
        let mut all = Together::prepare(&[("DEBRIEF_ADMIN_KEY", &key)]);
        all.start().await;
        let keys = all.ask("SELECT name FROM api_keys").await;
        assert_eq!(keys.len(), 1, "the key is installed once");
        let clients = all.clients(&key);
        let review = clients[0].post("/api/v1/reviews", &world::review()).await;
        let events = format!("/api/v1/reviews/{}/events", review.expect(201).id());

        let appends = (0..40).map(async |number: usize| {
            let client = &clients[number % INSTANCES];
            let body = event(&format!("event {number}"));
            client.post(&events, &body).await.expect(201).id()
        });
        let ids: BTreeSet<_> = join_all(appends).await.into_iter().collect();
        // A request that is sent to all at once, and so to each after the other, has one effect.
        let same = clients.iter().map(async |client| {
            let reply = client.post(&events, &event("same")).key("one").await;
            if reply.status != 201 {
                reply.problem(409, "request_in_progress");
            }
        });
        join_all(same).await;
        let mut first = None;
        for client in &clients {
            let reply = client.post(&events, &event("same")).key("one").await;
            let reply = reply.expect(201);
            assert_eq!(reply.header("idempotency-replayed"), Some("true"));
            assert_eq!(&reply.body, first.get_or_insert(reply.body.clone()));
        }
        for client in &clients {
            let stored = client.all(&events, 200).await;
            let stored: BTreeSet<_> = stored.iter().filter_map(|one| one["id"].as_str()).collect();
            assert_eq!(stored.len(), ids.len() + 1);
            assert!(ids.iter().all(|id| stored.contains(id.as_str())));
            assert_whole(client).await;
        }

        // Pages begin at one instance and end at another, and so do tokens and keys.
        let page = clients[0].get(format!("{events}?limit=30")).await;
        let page = page.expect(200).json();
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let path = format!("{events}?limit=30&cursor={cursor}");
        assert_eq!(clients[1].get(path).await.expect(200).items().len(), 11);
        let body = json!({ "name": "siem", "scopes": ["reviews:read"] });
        let made = clients[2].post("/api/v1/api-keys", &body).await.expect(201);
        let (id, own) = (made.id(), made.json()["key"].clone());
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={}",
            own.as_str().expect("a key")
        );
        let anybody = all.instances[3].client(None);
        let call = anybody.post("/oauth/token", &Value::Null).bytes(form);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let token = call.await.expect(200).json()["access_token"].clone();
        for client in all.clients(token.as_str().expect("a token")) {
            client.get(&events).await.expect(200);
        }
    });
}
