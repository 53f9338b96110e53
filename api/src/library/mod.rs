//! The library: recommendations that an organisation makes again and again, kept once.

pub mod body;
pub mod http;
pub mod searched;
pub mod service;
pub mod store;
