//! What a session goes through: its agenda, made from what the review holds, and the briefing pack,
//! one read of everything that is on the table. The sessions themselves are the feature
//! `workshops`.

pub mod agenda;
pub mod body;
pub mod chains;
pub mod contributed;
pub mod http;
pub mod pack;
pub mod service;
pub mod store;
pub mod substance;
