//! Remediation metrics: how far the committed improvements have come, and whether they work.
//!
//! `store` reads the facts of actions review by review, `item` says what one of them means at an
//! instant, `tally` counts them in one pass, `read` does that while it reads, `series` counts them over
//! time, `report` answers.

pub mod body;
mod definitions;
mod history;
pub mod http;
pub(super) mod item;
mod labels;
mod links;
mod numbers;
pub mod query;
mod read;
mod report;
mod series;
pub(super) mod store;
mod tally;
