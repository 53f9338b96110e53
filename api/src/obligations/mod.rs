//! Obligations: the regulatory clocks that run for a review, and how they were met. The regimes that
//! start them are the feature `regimes`.

pub mod body;
pub mod http;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
