//! Policies: which reviews are required, what they must have and by when. What a review keeps of
//! its policy is the feature `reviews`.

pub mod body;
pub mod http;
pub mod list;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
