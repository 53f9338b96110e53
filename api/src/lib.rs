//! Debrief: post-incident reviews as structured facts behind a JSON API.
//!
//! `start` is what the binary and the tests both use.

pub mod actions;
pub mod attack;
pub mod audit;
pub mod chronology;
pub mod cli;
pub mod config;
pub mod demo;
pub mod findings;
pub mod identity;
pub mod incidents;
pub mod kernel;
pub mod lifecycle;
pub mod meta;
pub mod metrics;
pub mod milestones;
pub mod openapi;
pub mod participants;
pub mod priority;
pub mod references;
pub mod reviews;
pub mod revisions;
pub mod routes;
pub mod server;
pub mod text;
pub mod vocabularies;

pub use server::{Service, start};
