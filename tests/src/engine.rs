//! The engines that every test runs on, and how it runs there.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt as _;

use crate::app::App;
use crate::postgres;

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, always there.
    Sqlite,
    /// A server, where there is one.
    Postgres,
}

/// Makes each of the named `async fn(App)` a test on both engines: `sqlite::name` and
/// `postgres::name`. A function that is left out of the list is an unused one.
#[macro_export]
macro_rules! both_databases {
    ($($name:ident),+ $(,)?) => { $crate::on_both_with!(run: $($name),+); };
}

/// Makes each of the named `async fn(Engine)` a test on both engines, which starts what it needs.
#[macro_export]
macro_rules! both_engines {
    ($($name:ident),+ $(,)?) => { $crate::on_both_with!(run_on: $($name),+); };
}

/// Makes tests that one of this module's functions runs.
#[doc(hidden)]
#[macro_export]
macro_rules! on_both_with {
    ($run:ident: $($name:ident),+) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::engine::$run($crate::Engine::Sqlite, super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::engine::$run($crate::Engine::Postgres, super::$name); })+
        }
    };
}

/// Runs a test that starts what it needs.
pub fn run_on<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Engine) -> F) {
    if engine == Engine::Sqlite || postgres::is_there() {
        runtime().block_on(test(engine));
    }
}

/// Runs a test with a fresh service on a fresh database, which are gone afterwards.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(App) -> F) {
    if engine == Engine::Postgres && !postgres::is_there() {
        return;
    }
    runtime().block_on(async {
        let app = App::start(engine).await;
        let outcome = AssertUnwindSafe(test(app.clone())).catch_unwind().await;
        app.end().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}

/// A runtime for one test.
///
/// # Panics
/// When the operating system has no thread to give.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a test can have two threads")
}
