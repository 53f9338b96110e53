//! Recommendations, the library they may be made from, and the actions that carry them out.

use sea_orm_migration::prelude::*;

use crate::columns::{
    date_or_null, id, id_or_null, index, instant, instant_or_null, integer, integer_or_null, json,
    primary_id, refers, text, text_or_null,
};

/// Creates recommendations with their library, and links them to findings and actions.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_templates(manager).await?;
        create_recommendations(manager).await?;
        create_links(manager).await?;
        let recommendation_ids = json("recommendation_ids").default("[]").to_owned();
        manager
            .alter_table(
                Table::alter()
                    .table("actions")
                    .add_column(recommendation_ids)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("actions")
                    .drop_column("recommendation_ids")
                    .to_owned(),
            )
            .await?;
        for table in [
            "recommendation_actions",
            "recommendation_findings",
            "recommendations",
            "recommendation_templates",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "recommendation_templates";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(text("title"))
                .col(text_or_null("rationale"))
                .col(text_or_null("expected_effect"))
                .col(text_or_null("gap_category"))
                .col(text_or_null("action_type"))
                .col(text_or_null("action_strength"))
                .col(integer_or_null("effort"))
                .col(text_or_null("closure_criteria"))
                .col(json("tags"))
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
    for column in ["created_at", "updated_at", "title"] {
        manager
            .create_index(index(table, &["organization_id", column, "id"]))
            .await?;
    }
    // PostgreSQL keeps 63 bytes of a name, and a library is small enough to sort what it finds.
    for column in ["gap_category", "action_type", "action_strength"] {
        manager
            .create_index(index(table, &["organization_id", column]))
            .await?;
    }
    Ok(())
}

async fn create_recommendations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "recommendations";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("review_key"))
                .col(id_or_null("template_id"))
                .col(text("title"))
                .col(text_or_null("rationale"))
                .col(text_or_null("expected_effect"))
                .col(text_or_null("action_type"))
                .col(text_or_null("action_strength"))
                .col(integer_or_null("effort"))
                .col(text_or_null("closure_criteria"))
                .col(json("finding_ids"))
                .col(json("action_ids"))
                .col(json("tags"))
                .col(json("external_refs"))
                .col(text("disposition"))
                .col(instant_or_null("decided_at"))
                .col(date_or_null("deferred_until"))
                .col(date_or_null("expires_on"))
                .col(id_or_null("duplicate_of_id"))
                .col(json("history"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .foreign_key(&mut refers(table, "review_id", "reviews"))
                .foreign_key(&mut refers(
                    table,
                    "template_id",
                    "recommendation_templates",
                ))
                .foreign_key(&mut refers(table, "duplicate_of_id", table))
                .to_owned(),
        )
        .await?;
    for sorted_by in ["created_at", "updated_at", "deferred_until", "expires_on"] {
        for within in ["review_id", "organization_id"] {
            manager
                .create_index(index(table, &[within, sorted_by, "id"]))
                .await?;
        }
    }
    for filter in ["disposition", "action_type"] {
        manager
            .create_index(index(
                table,
                &["organization_id", filter, "created_at", "id"],
            ))
            .await?;
    }
    for column in ["template_id", "duplicate_of_id"] {
        manager.create_index(index(table, &[column])).await?;
    }
    Ok(())
}

async fn create_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (table, column, to) in [
        ("recommendation_findings", "finding_id", "findings"),
        ("recommendation_actions", "action_id", "actions"),
    ] {
        manager
            .create_table(
                Table::create()
                    .table(table)
                    .col(id("recommendation_id"))
                    .col(id(column))
                    .primary_key(Index::create().col("recommendation_id").col(column))
                    .foreign_key(&mut refers(table, "recommendation_id", "recommendations"))
                    .foreign_key(&mut refers(table, column, to))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(table, &[column])).await?;
    }
    Ok(())
}
