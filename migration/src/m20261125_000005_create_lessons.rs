//! Lessons: for whom they are and which findings they come from.

use sea_orm_migration::prelude::*;

use crate::columns::{
    id, index, instant, instant_or_null, integer, json, primary_id, refers, text, text_or_null,
};

/// Creates lessons with their links.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_lessons(manager).await?;
        create_links(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["lesson_audiences", "lesson_findings", "lessons"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_lessons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "lessons";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("review_key"))
                .col(text("statement"))
                .col(text_or_null("description"))
                .col(json("audience"))
                .col(json("finding_ids"))
                .col(json("external_refs"))
                .col(text("status"))
                .col(json("embedded_in"))
                .col(instant_or_null("validated_at"))
                .col(instant_or_null("embedded_at"))
                .col(instant_or_null("retired_at"))
                .col(json("history"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .foreign_key(&mut refers(table, "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    for sorted_by in ["created_at", "updated_at"] {
        for within in ["review_id", "organization_id"] {
            manager
                .create_index(index(table, &[within, sorted_by, "id"]))
                .await?;
        }
    }
    manager
        .create_index(index(
            table,
            &["organization_id", "status", "created_at", "id"],
        ))
        .await
}

async fn create_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "lesson_findings";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(id("lesson_id"))
                .col(id("finding_id"))
                .primary_key(Index::create().col("lesson_id").col("finding_id"))
                .foreign_key(&mut refers(table, "lesson_id", "lessons"))
                .foreign_key(&mut refers(table, "finding_id", "findings"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index(table, &["finding_id"])).await?;
    let table = "lesson_audiences";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(id("lesson_id"))
                .col(text("audience"))
                .primary_key(Index::create().col("lesson_id").col("audience"))
                .foreign_key(&mut refers(table, "lesson_id", "lessons"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(table, &["audience", "lesson_id"]))
        .await
}
