//! Rate limits: per credential, and per address of those who are nobody.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter as Governor};

use super::error::{Code, Error, Result};

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// An address that sends no credential, or one that is refused.
    Address(IpAddr),
    /// A credential's subject in its organisation.
    Credential(uuid::Uuid, String),
}

type Limiter =
    Governor<Counted, DashMapStateStore<Counted>, DefaultClock, StateInformationMiddleware>;

/// The limiter, or none when it is off.
#[derive(Debug)]
pub struct RateLimiter {
    limiter: Option<Limiter>,
    per_second: u32,
    /// Addresses that failed too often, and when they may try again.
    barred: Mutex<HashMap<IpAddr, Instant>>,
}

/// What is left to a caller.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    per_second: u32,
    remaining: u32,
}

impl RateLimiter {
    /// A limiter of so many requests per second; 0 turns it off.
    pub fn new(per_second: u32) -> Self {
        let limiter = NonZeroU32::new(per_second).map(|rate| {
            Governor::dashmap(Quota::per_second(rate))
                .with_middleware::<StateInformationMiddleware>()
        });
        Self {
            limiter,
            per_second,
            barred: Mutex::default(),
        }
    }

    /// Refuses an address that failed too often with 429, before what it sends is looked at.
    pub fn check_address(&self, address: IpAddr) -> Result<()> {
        let until = self.barred().get(&address).copied();
        match until.and_then(|until| until.checked_duration_since(Instant::now())) {
            Some(wait) if !wait.is_zero() => Err(self.refused(wait)),
            _ => Ok(()),
        }
    }

    fn barred(&self) -> MutexGuard<'_, HashMap<IpAddr, Instant>> {
        self.barred.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, or refuses it with 429.
    pub fn count(&self, who: &Counted) -> Result<Option<Allowance>> {
        let Some(limiter) = &self.limiter else {
            return Ok(None);
        };
        match limiter.check_key(who) {
            Ok(snapshot) => Ok(Some(Allowance {
                per_second: self.per_second,
                remaining: snapshot.remaining_burst_capacity(),
            })),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                if let Counted::Address(address) = who {
                    self.barred().insert(*address, Instant::now() + wait);
                }
                Err(self.refused(wait))
            }
        }
    }

    fn refused(&self, wait: Duration) -> Error {
        let seconds = wait.as_secs() + 1;
        let allowed = format!("{} requests per second are allowed", self.per_second);
        Code::RateLimited
            .because(allowed)
            .with_header("retry-after", seconds.to_string())
            .with_header("ratelimit-policy", policy(self.per_second))
            .with_header("ratelimit", format!("\"default\";r=0;t={seconds}"))
            .into()
    }

    /// Forgets who has not called for a while.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            let now = Instant::now();
            self.barred().retain(|_, until| *until > now);
        }
    }
}

fn policy(per_second: u32) -> String {
    format!("\"default\";q={per_second};w=1")
}

impl Allowance {
    /// Tells the client, as the RateLimit header fields do.
    pub fn write_to(self, headers: &mut HeaderMap) {
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("ratelimit-policy", policy(self.per_second));
        set("ratelimit", format!("\"default\";r={};t=1", self.remaining));
    }
}
