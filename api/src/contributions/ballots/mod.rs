//! Ballots: the votes of each person on what is on a board. They are given under a name that only the
//! secret of the board's box leads to, and go with it when they are counted.

pub mod body;
pub mod http;
pub mod rules;
pub mod service;
pub mod store;
