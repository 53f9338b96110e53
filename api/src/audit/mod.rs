//! The audit log: reading what was done, and verifying that the chain of records is whole.
//! Records are written by `kernel::audit`, in the transaction of the change.

pub mod http;
pub mod rules;
pub mod service;
pub mod store;
