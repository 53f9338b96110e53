//! Invitations to a workshop: who is asked, what they answer, whether they come, and that they
//! acknowledged its ground rules.

pub mod acknowledgements;
pub mod body;
pub mod http;
pub mod service;
pub mod store;
