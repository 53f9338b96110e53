//! Regimes: the laws that ask for notifications and reports, with their stages and hours, as data.
//! A starter set comes with the service; organisations add their own.

pub mod body;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
