//! The gap register: every gap that stands, across reviews, with what answers it and how far that
//! has come. The gaps themselves are findings.

pub mod answers;
pub mod body;
pub mod follow;
pub mod http;
pub mod rules;
pub mod store;
