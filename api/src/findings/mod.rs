//! Findings: root causes, contributing factors, gaps and strengths, with their why-chain and
//! evidence. Before publication they are changed, afterwards amended with a reason.

pub mod body;
pub mod http;
pub mod list;
pub mod named;
pub mod rules;
pub mod searched;
pub mod service;
pub mod store;
