//! Incidents: light references to what ticketing and SIEM systems own.
//! Upserted by the sender's own id; their canonical timestamps feed the response metrics.

pub mod http;
pub mod rules;
pub mod service;
pub mod store;
