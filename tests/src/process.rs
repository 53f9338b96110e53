//! The real binary, as its users run it.
