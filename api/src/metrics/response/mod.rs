//! Response metrics: how long incidents took from one milestone to the next.
//!
//! `rules` says what each metric measures, `report` counts, `records` lists what was counted,
//! `owners` says who owns the reviews of an incident.

pub mod body;
pub mod http;
mod owners;
pub mod read;
mod records;
pub mod records_body;
mod report;
pub mod rules;
mod store;
mod tally;
