//! When a key was rotated, and what keys, organisations and audit records are found by.

use sea_orm_migration::prelude::*;

use crate::columns::{index, instant_or_null};

/// Adds the time of rotation and the indexes behind the filters and orders of the lists.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[(&str, &[&str])] = &[
    ("api_keys", &["organization_id", "name", "id"]),
    ("organizations", &["created_at", "id"]),
    (
        "audit_records",
        &["organization_id", "actor_subject", "sequence"],
    ),
    ("audit_records", &["organization_id", "action", "sequence"]),
    (
        "audit_records",
        &["organization_id", "resource_type", "sequence"],
    ),
    (
        "audit_records",
        &["organization_id", "review_id", "sequence"],
    ),
    ("audit_records", &["organization_id", "at", "sequence"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rotated_at = Table::alter()
            .table("api_keys")
            .add_column(instant_or_null("rotated_at"))
            .to_owned();
        manager.alter_table(rotated_at).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES.iter().rev() {
            let name = format!("ix_{table}_{}", columns.join("_"));
            manager
                .drop_index(Index::drop().name(name).table(*table).to_owned())
                .await?;
        }
        let rotated_at = Table::alter()
            .table("api_keys")
            .drop_column("rotated_at")
            .to_owned();
        manager.alter_table(rotated_at).await
    }
}
