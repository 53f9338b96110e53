//! Participants: the people and teams in a review.
//! One with a subject is a member of the review, which matters when it is restricted.

pub mod http;
pub mod searched;
pub mod service;
pub mod store;
