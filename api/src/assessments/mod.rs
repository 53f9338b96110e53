//! Assessments: how well the response went, one for each review and dimension.

pub mod body;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
