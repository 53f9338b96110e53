//! What was published of reviews.

use sea_orm_migration::prelude::*;

use crate::columns::{id, index, instant, primary_id, refers, text};

/// Creates the snapshots.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("review_snapshots")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("review_id"))
                    .col(text("content"))
                    .col(text("sha256"))
                    .col(instant("published_at"))
                    .col(text("published_by"))
                    .foreign_key(&mut refers(
                        "review_snapshots",
                        "organization_id",
                        "organizations",
                    ))
                    .foreign_key(&mut refers("review_snapshots", "review_id", "reviews"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index(
                "review_snapshots",
                &["review_id", "published_at", "id"],
            ))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("review_snapshots").to_owned())
            .await
    }
}
