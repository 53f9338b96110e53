//! Learning metrics: what came back although an earlier review had found it, and how far that
//! review's actions had come by then.
//!
//! `traits` says what can recur, `recurrence` finds the earlier review, `standing` how its actions
//! stood; `cases` puts them together, `report` counts, `records` lists what was counted.

pub mod body;
mod cases;
mod definitions;
mod grouping;
pub mod http;
mod numbers;
mod records;
pub mod records_body;
mod recurrence;
mod report;
pub mod standing;
mod store;
pub mod traits;
