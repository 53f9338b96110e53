//! What every feature stands on. It knows no feature.

pub mod access;
pub mod audit;
pub mod body;
pub mod call;
pub mod clock;
pub mod contract;
pub mod credential;
pub mod database;
pub mod envelope;
pub mod error;
pub mod etag;
pub mod gate;
pub mod idempotency;
pub mod ids;
pub mod page;
pub mod patch;
pub mod path;
pub mod query;
pub mod rate;
pub mod reply;
pub mod schema;
pub mod state;
pub mod telemetry;
pub mod token;
