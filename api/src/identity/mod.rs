//! Who calls: organisations, API keys, tokens for client credentials, `/me`.
//! How a credential is recognised is `kernel::credential`.

pub mod bootstrap;
pub mod http;
pub mod keys;
pub mod oauth;
pub mod organizations;
pub mod rules;
pub mod secrets;
pub mod service;
