//! Groups of contributions that belong together: named, changed and dissolved by who leads the
//! workshop.

pub mod body;
pub mod http;
pub mod searched;
pub mod service;
pub mod store;
