//! Incidents: light references to what ticketing and SIEM systems own.
//! Upserted by the sender's own id; their canonical timestamps feed the response metrics.

pub mod body;
pub mod http;
pub mod input;
pub mod rules;
pub mod searched;
pub mod seen;
pub mod service;
pub mod store;
