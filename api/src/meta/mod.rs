//! The service about itself: health, counters, its OpenAPI document and page, its problems.

pub mod http;
