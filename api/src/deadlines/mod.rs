//! Deadlines: what will be due, one row each, kept by whoever owns the date in the transaction that
//! changes it; and time passing, which is put on record when it reaches one.
//!
//! Owners call [`set`], [`meet`], [`reopen`], [`give_up`] and [`clear`]; what is announced when is in `rules`.

pub mod body;
pub mod http;
pub mod rules;
pub mod service;
pub mod store;
pub mod upkeep;

pub use rules::end_of;
pub use service::{Due, clear, describe, give_up, meet, meet_first, reopen, set};
