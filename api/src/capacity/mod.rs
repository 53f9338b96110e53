//! Capacity planning: which open action is done in which week, what does not fit, and what that
//! leaves at risk. Computed from what is stored; a plan itself is never stored.
//!
//! `solver` is the arithmetic; `draft` turns actions and owners into its problem, `outcome` its
//! answer into what is shown.

pub mod body;
mod draft;
pub mod http;
pub mod input;
mod outcome;
pub mod rules;
pub mod service;
pub mod solver;
mod store;
