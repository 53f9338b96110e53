//! The notes on the wording of a whole review, and that somebody has seen them: what blames is
//! acknowledged or reworded before a review is made known.
//!
//! A note's id is a digest of the text and of where it stands, so an acknowledgement ends with the text
//! that it was given for. Another resource with texts is another line in `texts`.

pub mod body;
pub mod http;
pub mod rules;
pub mod service;
pub mod store;
pub mod texts;
