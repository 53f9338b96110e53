//! The decision log of a review: who decided what, on what they knew then, and what came of it.
//! Decisions are appended, amended with a reason, or retracted.

pub mod body;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
