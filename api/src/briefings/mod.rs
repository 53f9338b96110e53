//! Briefings: key findings of a review for an audience, with what its marks forbid left out, frozen
//! when they are issued, delivered, and acknowledged.
//!
//! `marks` says whom a review may be told to and what of it, `compose` puts the content together from
//! the rows of a review, `render` writes it as Markdown.

pub mod body;
pub mod compose;
pub mod content;
pub mod delivery;
pub mod http;
pub mod input;
pub mod marks;
pub mod render;
pub mod searched;
pub mod service;
pub mod store;
