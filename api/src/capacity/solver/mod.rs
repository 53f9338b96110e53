//! The arithmetic of a plan: which action begins when, so that least is left out and least is late.
//! Whole numbers only, no clock, no chance: the same problem has the same plan everywhere.
//!
//! `problem` says what is to be planned, `schedule` lays actions one behind the other, `exact` finds
//! the best of all orders of a few, `first_fit` and `improve` find a good one of many, `solve` takes
//! the problem apart and answers.

pub mod calendar;
mod exact;
mod first_fit;
mod improve;
pub mod problem;
pub mod schedule;
mod solve;

pub use solve::{EXACT, Solved, solve};

#[cfg(test)]
mod tests;
