//! The chronology of a review: events are appended, amended with a reason, or retracted.
//! Nothing is edited or deleted. Marked events fill the timestamps of the review's incidents.

pub mod batch;
pub mod body;
pub mod http;
pub mod list;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
