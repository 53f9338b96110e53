//! Impacts: what an incident cost, one for each review, dimension and estimate, and how the first
//! estimate compares with the last.

pub mod body;
pub mod comparison;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
