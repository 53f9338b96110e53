//! Contributions: what people say before or in a workshop, under their names or so that nobody can
//! tell whose it is; groups of them; votes on them; what came of them.
//!
//! An anonymous contribution lies in a sealed box (`sealed`) until the collection is closed, and all
//! of them appear at once: nothing that is kept belongs to one of them but its random id and its text.

pub mod ballots;
pub mod board;
pub mod body;
pub mod groups;
pub mod http;
pub mod membership;
pub mod outcomes;
pub mod rules;
pub mod sealed;
pub mod searched;
pub mod service;
pub mod store;
