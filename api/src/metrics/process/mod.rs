//! Process metrics: whether reviews happen, how promptly, and how thorough they are.
//!
//! `store` reads what is known of reviews in a fixed number of queries and `reading` puts it together;
//! `item` is what one review contributes, with `durations`, `flags` and `due`; each file of `sections`
//! counts one subject, `coverage` the incidents and whether they had to have a review; `report`
//! answers, `records` lists what was counted.
//!
//! Another subject is a file in `sections`, a field of [`body::ProcessNumbers`], what it needs in
//! `item::Item`, and one more query in `store` if that is new.

mod aftermath;
mod answered;
pub mod body;
mod closures;
mod coverage;
pub mod coverage_body;
mod definitions;
mod due;
mod durations;
mod flags;
mod grouping;
pub mod http;
mod incidents;
mod item;
mod links;
mod reading;
mod records;
pub mod records_body;
pub mod records_parts;
pub mod report;
mod requirement;
pub mod sections;
mod series;
mod sessions;
mod store;
