//! Documents that the organisation works by: response plans, playbooks, policies, training. Their
//! revisions take lessons in and are acknowledged by those who have to read them.
//!
//! A document belongs to the organisation, a lesson to its review: whoever may not see the review is
//! told nothing of the lesson, not even that there is one.

pub mod acknowledgements;
pub mod body;
pub mod due;
pub mod http;
pub mod revisions;
pub mod searched;
pub mod service;
pub mod store;
