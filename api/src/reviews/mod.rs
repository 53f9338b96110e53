//! Reviews: opening, changing and finding them, and who may see which.
//! How a review moves through its life is the feature `lifecycle`.

pub mod body;
pub mod due;
pub mod having;
pub mod http;
pub mod policy;
pub mod searched;
pub mod service;
pub mod store;
