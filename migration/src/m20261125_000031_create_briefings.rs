//! Briefings, with what they were frozen as.

use sea_orm_migration::prelude::*;

use crate::columns::{
    id, id_or_null, index, instant, instant_or_null, integer, json, primary_id, refers, text,
    text_or_null,
};

/// Creates briefings.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "briefings";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(TABLE)
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("review_id"))
                    .col(text("review_key"))
                    .col(text("audience"))
                    .col(text("status"))
                    .col(text("headline"))
                    .col(json("key_messages"))
                    .col(json("decisions_wanted"))
                    .col(json("sections"))
                    .col(json("deliveries"))
                    .col(json("acknowledgements"))
                    .col(id_or_null("superseded_by_id"))
                    .col(text_or_null("content"))
                    .col(text_or_null("markdown"))
                    .col(text_or_null("sha256"))
                    .col(text_or_null("markdown_sha256"))
                    .col(instant_or_null("issued_at"))
                    .col(text_or_null("issued_by"))
                    .col(text("search_text"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(text("created_by"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut refers(TABLE, "organization_id", "organizations"))
                    .foreign_key(&mut refers(TABLE, "review_id", "reviews"))
                    .to_owned(),
            )
            .await?;
        for sorted_by in ["created_at", "issued_at"] {
            for within in ["review_id", "organization_id"] {
                manager
                    .create_index(index(TABLE, &[within, sorted_by, "id"]))
                    .await?;
            }
        }
        manager
            .create_index(index(TABLE, &["review_id", "audience", "issued_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(TABLE).to_owned())
            .await
    }
}
