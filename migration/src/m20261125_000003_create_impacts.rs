//! What incidents cost, by dimension and estimate.

use sea_orm_migration::prelude::*;

use crate::columns::{id, instant, integer, json, primary_id, refers, text, text_or_null, unique};

/// Creates the impacts.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("impacts")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("review_id"))
                    .col(text("snapshot"))
                    .col(text("dimension"))
                    .col(text("rating"))
                    .col(json("quantities"))
                    .col(json("costs"))
                    .col(text_or_null("narrative"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(text("created_by"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut refers("impacts", "organization_id", "organizations"))
                    .foreign_key(&mut refers("impacts", "review_id", "reviews"))
                    .to_owned(),
            )
            .await?;
        // A review has thirty at most, so whatever its list asks for starts from here.
        manager
            .create_index(unique("impacts", &["review_id", "snapshot", "dimension"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("impacts").to_owned())
            .await
    }
}
