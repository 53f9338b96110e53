//! Reviews that are alike: by the causes, factors, gaps, controls, techniques, assets, services, tags and
//! words that they share. Features tell the index what their resources have in common with others; here
//! it is compared.

pub mod body;
pub mod http;
pub mod rules;
pub mod service;
pub mod store;
