//! Indexes for the lists behind the metrics of remediation.

use sea_orm_migration::prelude::*;

use crate::columns::index;

/// Indexes what became of actions: when they were done and proven, and the few that were taken up
/// again.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&[&str]] = &[
    &["organization_id", "implemented_at", "id"],
    &["organization_id", "verified_at", "id"],
    &["organization_id", "reopened_count"],
    &["organization_id", "ineffective_count"],
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in INDEXES {
            manager.create_index(index("actions", columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in INDEXES {
            let name = format!("ix_actions_{}", columns.join("_"));
            manager
                .drop_index(Index::drop().name(name).table("actions").to_owned())
                .await?;
        }
        Ok(())
    }
}
