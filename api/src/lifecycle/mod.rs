//! The life of a review: what each step asks for, ahead of time and when it is taken.
//! Publishing freezes a snapshot with its hash.

pub mod body;
pub mod http;
pub mod policy;
pub mod rules;
pub mod service;
pub mod store;
