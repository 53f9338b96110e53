//! Actions: committed improvements, their progress, their dependencies, and the proof that they
//! work. They outlive the review they come from. How they are ranked is the feature `priority`.

pub mod body;
pub mod computed;
pub mod due;
pub mod facts;
pub mod http;
pub mod input;
pub mod life;
pub mod link;
pub mod list;
pub mod lookup;
mod matching;
pub mod noted;
pub mod rescore;
pub mod rules;
pub mod searched;
pub mod service;
mod spells;
pub mod steps;
pub mod store;
pub mod summary;
pub mod vouching;
pub mod write;
