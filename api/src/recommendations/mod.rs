//! Recommendations: proposed improvements, and what is decided about each. Proposing commits nobody;
//! accepting yields actions, which live on by themselves.

pub mod accept;
pub mod body;
pub mod decide;
pub mod due;
pub mod http;
pub mod input;
pub mod list;
pub mod rules;
pub mod searched;
pub mod service;
pub mod steps;
pub mod store;
