//! Completeness: how much of what a post-incident review has to answer this one answers, against the
//! seven objectives of such reviews and the nine questions of NIST SP 800-61r2 §3.4.1.
//!
//! `facts` is what is looked at, `store` reads it of one review or of many in the same number of
//! queries, `rules` judges it; another criterion is an entry in `rules/objectives.rs` or
//! `rules/questions.rs`, and what it looks at a field of [`facts::Facts`].

pub mod body;
pub mod facts;
pub mod http;
pub mod place;
pub mod rules;
pub mod store;
