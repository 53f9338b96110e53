//! Remediation metrics: how far the committed improvements have come, and whether they work.
//!
//! `store` reads the facts of actions in one query, `item` says what one of them means at an
//! instant, `tally` counts them in one pass, `series` counts them over time, `report` answers.

pub mod body;
mod definitions;
pub mod http;
mod item;
mod links;
mod numbers;
mod report;
mod series;
mod store;
mod tally;
