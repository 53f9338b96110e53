//! Which notes on wording were acknowledged.

use sea_orm_migration::prelude::*;

use crate::columns::{id, index, instant, primary_id, refers, text, text_or_null};

/// Creates the acknowledgements.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "wording_acknowledgements";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(TABLE)
                    // The note's own: a digest of the text, so that another text has another.
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("review_id"))
                    .col(text("resource_type"))
                    .col(id("resource_id"))
                    .col(text("pointer"))
                    .col(text("phrase"))
                    .col(text_or_null("reason"))
                    .col(instant("acknowledged_at"))
                    .col(text("acknowledged_by"))
                    .col(text("acknowledged_by_name"))
                    .foreign_key(&mut refers(TABLE, "organization_id", "organizations"))
                    .foreign_key(&mut refers(TABLE, "review_id", "reviews"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(TABLE, &["review_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(TABLE).to_owned())
            .await
    }
}
