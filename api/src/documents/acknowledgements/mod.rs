//! Who has read which revision of a document, and who of those that have to has not.

pub mod body;
pub mod http;
pub mod rules;
pub mod service;
pub mod store;
