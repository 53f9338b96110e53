//! What a follow-up carries over: every open action, as it was at the start and at the end.

pub mod body;
pub mod rules;
pub mod service;
pub mod store;
