//! A whole review as one document, carried to another service and back: what belongs to it is listed
//! in `whole/rows.rs`, once for both ways.

pub mod acknowledged;
pub mod boards;
pub mod body;
pub mod check;
mod differing;
pub mod format;
pub mod graph;
pub mod http;
pub mod issued;
pub mod judge;
pub mod keep;
pub mod keep_said;
pub mod naming;
pub mod order;
pub mod resolve;
pub mod rounds;
mod ruled;
pub mod service;
pub mod settle;
pub mod store;
