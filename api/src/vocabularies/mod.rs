//! The controlled words, served with labels and descriptions, so that a client needs no copy.
//! Defined in `entity::vocabulary`; this feature only shows them.

pub mod http;
