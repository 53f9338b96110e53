//! What every request can reach: the database, the clock, the contract, the keys.

use std::sync::Arc;

use ring::hmac;

use super::clock::Clock;
use super::contract::Contract;
use super::credential::Credentials;
use super::database::Database;
use super::ending::Ending;
use super::idempotency::InFlight;
use super::places::Places;
use super::position::Positions;
use super::rate::RateLimiter;

/// The service's state, shared by all workers.
#[derive(Clone, Debug)]
pub struct State(Arc<Shared>);

/// What is in it.
#[derive(Debug)]
pub struct Shared {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Clock,
    /// The OpenAPI document at work.
    pub contract: &'static Contract,
    /// Who callers are.
    pub credentials: Credentials,
    /// How often they may call.
    pub rate: RateLimiter,
    /// Requests with an idempotency key that still run.
    pub in_flight: InFlight,
    /// What cursors are sealed with.
    pub cursor_key: hmac::Key,
    /// What seals the cursors that must not tell where they point.
    pub positions: Positions,
    /// The streams that are open.
    pub streams: Places,
    /// Whether the service is about to end.
    pub ending: Ending,
    /// Address that clients reach the service under.
    pub public_url: String,
    /// E-mail address that invites to workshops where nobody who leads them has one.
    pub organizer_email: Option<String>,
    /// Seconds that an issued token lives.
    pub token_seconds: u32,
}

impl State {
    /// Wraps what is shared.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
