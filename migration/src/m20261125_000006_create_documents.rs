//! Documents, their revisions with the lessons and actions in them, and who has read which.

use sea_orm_migration::prelude::*;

use crate::columns::{
    date_or_null, id, index, instant, instant_or_null, integer, integer_or_null, json,
    json_or_null, primary_id, refers, text, text_or_null, unique,
};

/// Creates documents and everything that belongs to one.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_documents(manager).await?;
        create_revisions(manager).await?;
        create_links(manager).await?;
        create_acknowledgements(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "document_acknowledgements",
            "document_revision_actions",
            "document_revision_lessons",
            "document_revisions",
            "documents",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_documents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "documents";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(text("title"))
                .col(text("kind"))
                .col(text_or_null("description"))
                .col(json_or_null("owner"))
                .col(text_or_null("owner_subject"))
                .col(text_or_null("url"))
                .col(integer_or_null("review_every_days"))
                .col(json("required_readers"))
                .col(json("tags"))
                .col(json("external_refs"))
                .col(json_or_null("current_revision"))
                .col(date_or_null("review_due_on"))
                .col(instant_or_null("archived_at"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .to_owned(),
        )
        .await?;
    for sorted_by in ["created_at", "updated_at", "title", "review_due_on"] {
        manager
            .create_index(index(table, &["organization_id", sorted_by, "id"]))
            .await?;
    }
    for filter in ["kind", "owner_subject"] {
        manager
            .create_index(index(
                table,
                &["organization_id", filter, "created_at", "id"],
            ))
            .await?;
    }
    Ok(())
}

async fn create_revisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "document_revisions";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("document_id"))
                .col(text("label"))
                .col(instant("published_at"))
                .col(text_or_null("summary"))
                .col(text_or_null("url"))
                .col(instant_or_null("withdrawn_at"))
                .col(text_or_null("withdrawn_by"))
                .col(text_or_null("withdrawal_reason"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .foreign_key(&mut refers(table, "document_id", "documents"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique(table, &["document_id", "label"]))
        .await?;
    manager
        .create_index(index(table, &["document_id", "published_at", "id"]))
        .await
}

async fn create_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (table, column, to) in [
        ("document_revision_lessons", "lesson_id", "lessons"),
        ("document_revision_actions", "action_id", "actions"),
    ] {
        manager
            .create_table(
                Table::create()
                    .table(table)
                    .col(id("revision_id"))
                    .col(id(column))
                    .col(id("document_id"))
                    .primary_key(Index::create().col("revision_id").col(column))
                    .foreign_key(&mut refers(table, "revision_id", "document_revisions"))
                    .foreign_key(&mut refers(table, column, to))
                    .foreign_key(&mut refers(table, "document_id", "documents"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(table, &[column])).await?;
        manager
            .create_index(index(table, &["document_id", column]))
            .await?;
    }
    Ok(())
}

async fn create_acknowledgements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "document_acknowledgements";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("document_id"))
                .col(id("revision_id"))
                .col(text("reader_key"))
                .col(text("reader_name"))
                .col(json("reader"))
                .col(instant("acknowledged_at"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .foreign_key(&mut refers(table, "document_id", "documents"))
                .foreign_key(&mut refers(table, "revision_id", "document_revisions"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique(table, &["revision_id", "reader_key"]))
        .await?;
    manager
        .create_index(index(table, &["revision_id", "reader_name"]))
        .await?;
    manager
        .create_index(index(table, &["revision_id", "acknowledged_at", "id"]))
        .await
}
