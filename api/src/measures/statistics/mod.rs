//! The statistics behind a verdict: rates, medians, their intervals. Pure arithmetic.

pub mod median;
mod random;
pub mod rate;
pub mod verdict;
