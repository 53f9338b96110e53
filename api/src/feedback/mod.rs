//! Feedback: what people think of a review and of what came of it, asked after its workshop and 30 and
//! 90 days after its publication, and shown only of groups that nobody can be picked out of.
//!
//! A round opens and closes by its dates; `schedule` makes the rounds that follow from a review's life.
//! `answers` puts what is answered into a box that keeps no trace of who answered what, `rules` says
//! what may be shown of it and when.

pub mod answers;
pub mod body;
pub mod http;
pub mod input;
pub mod rules;
pub mod schedule;
pub mod service;
pub mod settling;
pub mod store;
pub mod summary;
