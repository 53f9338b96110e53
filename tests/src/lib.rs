//! Black-box tests over a real socket: the harness. The tests themselves are in `tests/suite`.
//!
//! Each test has a service and a database of its own, on SQLite always and on PostgreSQL whenever
//! a server is named or its binaries are installed; every reply is judged by the OpenAPI document.

pub mod app;
pub mod book;
pub mod builders;
pub mod cast;
pub mod client;
pub mod collector;
pub mod contract;
pub mod counting;
pub mod database;
pub mod engine;
pub mod environment;
pub mod icalendar;
pub mod life;
pub mod postgres;
pub mod process;
pub mod reply;
pub mod said;
pub mod sample;
pub mod stand_ins;
pub mod story;
pub mod stream;
pub mod world;

pub use app::App;
pub use cast::Character;
pub use client::Client;
pub use engine::Engine;
pub use reply::Reply;
pub use stream::Stream;
