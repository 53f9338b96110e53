//! The feed of changes, for those who follow what happens: what the audit log has, in its order, as far
//! as the reader may see it. It is asked page by page, with or without waiting, or sent as a stream.

pub mod body;
pub mod http;
pub mod reader;
pub mod rules;
pub mod store;
pub mod stream;
