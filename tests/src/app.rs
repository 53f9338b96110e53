//! A service at work on a port and a database of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use debrief::Service;
use debrief::config::Config;
use debrief::identity::bootstrap;
use debrief::kernel::clock::Clock;
use debrief::kernel::state::State;

use crate::cast::Character;
use crate::client::{Address, Client, http};
use crate::database::TestDatabase;
use crate::engine::Engine;

/// When tests begin: 2026-11-23T12:00:00Z.
pub const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_435_200, 0).expect("in range");

/// A running service; copies of it are the same service.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    engine: Engine,
    clock: Clock,
    database: TestDatabase,
    http: reqwest::Client,
    address: Address,
    service: Mutex<Option<Service>>,
}

/// The service's settings for a database, with some of a test's own.
///
/// # Panics
/// When they are not valid.
pub fn settings(database_url: &str, own: &[(&str, &str)]) -> Config {
    let texts = [
        ("listen", "127.0.0.1:0"),
        ("database_url", database_url),
        ("database_connections", "6"),
        ("database_durable", "false"),
        ("workers", "2"),
        ("shutdown_seconds", "1"),
    ];
    let texts: BTreeMap<String, String> = texts
        .iter()
        .chain(own)
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Config::from_texts(texts).expect("the settings are valid")
}

async fn serve(database: &TestDatabase, clock: &Clock, own: &[(&str, &str)]) -> Service {
    let started = debrief::start(&settings(&database.url(), own), clock.clone()).await;
    started.expect("the service starts")
}

impl App {
    /// Starts a service on a peopled database, with a clock that stands at [`NOW`].
    pub async fn start(engine: Engine) -> Self {
        let database = tokio::task::spawn_blocking(move || TestDatabase::peopled(engine)).await;
        let database = database.expect("the test has a database");
        let clock = Clock::fixed(NOW);
        let service = serve(&database, &clock, &[]).await;
        Self(Arc::new(Shared {
            engine,
            clock,
            database,
            http: http(),
            address: Address::new(service.address),
            service: Mutex::new(Some(service)),
        }))
    }

    /// Starts a service for one organisation, on a fresh database, with the clock of [`NOW`]: of the
    /// cast, only [`App::platform`] is in it.
    ///
    /// # Panics
    /// When it cannot start.
    pub async fn alone(engine: Engine) -> Self {
        let database = tokio::task::spawn_blocking(move || TestDatabase::empty(engine)).await;
        let database = database.expect("the test has a database");
        let clock = Clock::fixed(NOW);
        let service = serve(&database, &clock, &[]).await;
        bootstrap::ensure_key(&service.state, Character::Platform.key())
            .await
            .expect("the first key can be installed");
        Self(Arc::new(Shared {
            engine,
            clock,
            database,
            http: http(),
            address: Address::new(service.address),
            service: Mutex::new(Some(service)),
        }))
    }

    /// Stops the service and starts it again on the same database, with these settings.
    pub async fn restart(&self, own: &[(&str, &str)]) {
        self.end().await;
        let service = serve(&self.0.database, &self.0.clock, own).await;
        self.0.address.set(service.address);
        *self.0.service.lock().expect("no test panics here") = Some(service);
    }

    /// Stops the service.
    pub async fn end(&self) {
        let service = self.0.service.lock().expect("no test panics here").take();
        if let Some(service) = service {
            service.stop().await.expect("the service stops");
        }
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// What its clients call it with.
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// The URL of its database.
    pub fn database_url(&self) -> String {
        self.0.database.url()
    }

    /// Where it listens now.
    pub fn address(&self) -> SocketAddr {
        self.0.address.get()
    }

    /// The service's own state, for what has no way in over HTTP.
    pub fn state(&self) -> State {
        let service = self.0.service.lock().expect("no test panics here");
        service.as_ref().expect("the service runs").state.clone()
    }

    /// The moment its clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now().0
    }

    /// Moves its clock on.
    pub fn wait(&self, by: Duration) {
        self.0.clock.set(self.now() + by);
    }

    /// Moves its clock on and lets the service notice, as its upkeep does every few seconds.
    ///
    /// # Panics
    /// When it cannot say what came to pass.
    pub async fn pass(&self, by: Duration) {
        self.wait(by);
        self.notice().await;
    }

    /// Lets the service notice what time it is; how many deadlines it told of.
    ///
    /// # Panics
    /// When it cannot say what came to pass.
    pub async fn notice(&self) -> usize {
        let told = debrief::deadlines::upkeep::announce(&self.state()).await;
        told.expect("time passing can be told")
    }

    /// Starts another instance on the same database, with the same clock.
    pub async fn another(&self) -> Service {
        serve(&self.0.database, &self.0.clock, &[]).await
    }

    /// Somebody who calls it.
    pub fn client(&self, who: Character) -> Client {
        self.bearing(who.key())
    }

    /// Somebody who calls it with a credential.
    pub fn bearing(&self, credential: Option<&str>) -> Client {
        let (http, address) = (self.0.http.clone(), self.0.address.clone());
        Client::new(http, address, credential.map(str::to_owned))
    }

    /// Calls without a credential.
    pub fn anonymous(&self) -> Client {
        self.client(Character::Anonymous)
    }

    /// Reads.
    pub fn reader(&self) -> Client {
        self.client(Character::Reader)
    }

    /// Records.
    pub fn contributor(&self) -> Client {
        self.client(Character::Contributor)
    }

    /// Leads reviews.
    pub fn facilitator(&self) -> Client {
        self.client(Character::Facilitator)
    }

    /// Reads, the audit log too.
    pub fn auditor(&self) -> Client {
        self.client(Character::Auditor)
    }

    /// Does everything within the organisation.
    pub fn admin(&self) -> Client {
        self.client(Character::Admin)
    }

    /// Holds the installation's first key.
    pub fn platform(&self) -> Client {
        self.client(Character::Platform)
    }

    /// Is the admin of another organisation.
    pub fn stranger(&self) -> Client {
        self.client(Character::Stranger)
    }
}
