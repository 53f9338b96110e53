//! The communication log of a review: who told whom what, when it arrived, and whether it served.
//! Communications are appended, amended with a reason, or retracted.

pub mod body;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
