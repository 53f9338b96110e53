//! Rows of the database and the vocabularies they store. Bodies and rules live elsewhere.

pub mod action;
pub mod action_dependency;
pub mod action_due_change;
pub mod action_fact;
pub mod action_finding;
pub mod action_progress;
pub mod api_key;
pub mod audit_record;
pub mod event;
pub mod external_ref;
pub mod finding;
pub mod finding_event;
pub mod idempotency;
pub mod incident;
pub mod json;
pub mod organization;
pub mod participant;
pub mod review;
pub mod review_counter;
pub mod review_incident;
pub mod review_snapshot;
pub mod revision;
pub mod secret;
pub mod shared;
pub mod tagging;
pub mod technique_use;
pub mod time;
pub mod verification;
pub mod vocabulary;

pub use json::JsonColumn;
pub use time::Timestamp;
