//! Wording: texts that blame people or judge with hindsight are told, with another way to say it.
//!
//! Advice, never a refusal: a review is about conditions, and people speak openly where they are
//! not accused.

pub mod body;
pub mod rules;

pub use body::WordingNote;
