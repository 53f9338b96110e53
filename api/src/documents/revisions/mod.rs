//! Revisions of documents: published once, perhaps withdrawn, never changed.

pub mod body;
pub mod http;
pub mod searched;
pub mod service;
pub mod store;
