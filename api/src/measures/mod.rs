//! Improvement measures: did it help? A time before is compared with a time after, by how many
//! incidents there were or by how long the response took, and the answer says how sure it is.
//!
//! `statistics` is the arithmetic, `evaluation` what a measure shows, `rules` what one may ask.

pub mod body;
pub mod evaluation;
pub mod http;
pub mod input;
mod looked;
pub mod rules;
pub mod searched;
pub mod service;
pub mod statistics;
pub mod store;
