//! Business calendars: when an organisation works, and how time is counted by that.

pub mod arithmetic;
pub mod body;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
