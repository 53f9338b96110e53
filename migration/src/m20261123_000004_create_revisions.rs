//! Earlier revisions of events and findings.

use sea_orm_migration::prelude::*;

use crate::columns::{id, index, instant, integer, primary_id, refers, text, unique};

/// Creates the revisions.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("revisions")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(text("resource_type"))
                    .col(id("resource_id"))
                    .col(integer("revision"))
                    .col(text("body"))
                    .col(text("reason"))
                    .col(instant("at"))
                    .col(text("by"))
                    .foreign_key(&mut refers("revisions", "organization_id", "organizations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("revisions", &["resource_id", "revision"]))
            .await?;
        manager
            .create_index(index("revisions", &["organization_id", "at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("revisions").to_owned())
            .await
    }
}
