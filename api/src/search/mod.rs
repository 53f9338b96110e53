//! Full-text search over everything that the caller may see. Features say what is found of their
//! resources, in the transaction of each change (`Tx::index`); here it is asked for, ranked and shown,
//! and what was there before is filled in.

pub mod body;
pub mod fill;
pub mod http;
pub mod rules;
pub mod service;
pub mod store;
