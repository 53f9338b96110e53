//! A connection that counts what is asked of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

/// Counts the statements that go through it.
#[derive(Debug)]
pub struct Counting<'a, C> {
    inner: &'a C,
    count: AtomicUsize,
}

impl<'a, C: ConnectionTrait> Counting<'a, C> {
    /// A connection that has counted nothing yet.
    pub fn new(inner: &'a C) -> Self {
        let count = AtomicUsize::new(0);
        Self { inner, count }
    }

    /// How many statements there were.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    fn one_more(&self) -> &C {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.inner
    }
}

#[async_trait]
impl<C: ConnectionTrait + Sync> ConnectionTrait for Counting<'_, C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.one_more().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.one_more().execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.one_more().query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.one_more().query_all_raw(statement).await
    }
}
