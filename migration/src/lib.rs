//! Schema history. Each migration stands for itself: none imports an entity, none is ever edited.

pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

use sea_orm_migration::prelude::*;

mod columns;
mod m20261123_000001_create_foundation;
mod m20261123_000002_create_incidents;
mod m20261123_000003_create_reviews;
mod m20261123_000004_create_revisions;
mod m20261123_000005_create_events;
mod m20261123_000006_create_findings;
mod m20261123_000007_create_actions;
mod m20261123_000008_create_review_snapshots;
mod m20261123_000010_rotate_keys_and_search_audit;
mod m20261123_000011_link_findings;

/// The migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_foundation::Migration),
            Box::new(m20261123_000002_create_incidents::Migration),
            Box::new(m20261123_000003_create_reviews::Migration),
            Box::new(m20261123_000004_create_revisions::Migration),
            Box::new(m20261123_000005_create_events::Migration),
            Box::new(m20261123_000006_create_findings::Migration),
            Box::new(m20261123_000008_create_review_snapshots::Migration),
            Box::new(m20261123_000010_rotate_keys_and_search_audit::Migration),
            Box::new(m20261123_000007_create_actions::Migration),
            Box::new(m20261123_000011_link_findings::Migration),
        ]
    }
}
