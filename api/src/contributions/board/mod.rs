//! The board of a workshop: what people are asked, and whether contributions are being collected,
//! grouped or voted on.

pub mod body;
pub mod ending;
pub mod http;
pub mod service;
pub mod store;
