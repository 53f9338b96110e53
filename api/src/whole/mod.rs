//! Everything that a review holds, read in one go: what a publication freezes, what one read shows,
//! and what is carried to another service. What belongs to a review is listed in `rows.rs`, once.

pub mod body;
pub mod feedback;
pub mod http;
pub mod rows;
pub mod sessions;
pub mod store;
pub mod told;
pub mod turn;
