//! How actions are ranked: a score from risk, impact, effort and availability, with every input and
//! its origin in the answer. What the score is applied to is the feature `actions`.

pub mod body;
pub mod rules;
pub mod store;
