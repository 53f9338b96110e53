//! What the append-only logs of a review have in common: its events, decisions and communications.
//! What a log holds is amended with a reason or retracted; nothing is edited or deleted.

pub mod body;
pub mod row;
pub mod rules;
pub mod service;
pub mod store;
