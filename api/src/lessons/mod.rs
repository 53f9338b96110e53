//! Lessons: what should be remembered, for whom, and whether it has reached a document yet. The
//! documents are the feature `documents`, which embeds lessons and releases them.

pub mod body;
pub mod embed;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
