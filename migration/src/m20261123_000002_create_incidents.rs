//! Incidents, references to other systems, tags.

use sea_orm_migration::prelude::*;

use crate::columns::{
    big_integer_or_null, boolean, id, index, instant, integer, json, primary_id, refers, text,
    text_or_null, unique,
};

/// Creates incidents and what several resources have in common.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_shared(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("incidents")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(text("title"))
                    .col(text_or_null("summary"))
                    .col(text("severity"))
                    .col(text_or_null("severity_raw"))
                    .col(text("certainty"))
                    .col(text("category"))
                    .col(text_or_null("subcategory"))
                    .col(text("status"))
                    .col(text("detection_source"))
                    .col(ColumnDef::new("detection_automated").boolean())
                    .col(json("attack_patterns"))
                    .col(json("attack_techniques"))
                    .col(json("affected_assets"))
                    .col(json("affected_services"))
                    .col(json("tags"))
                    .col(json("external_refs"))
                    .col(json("timestamps"))
                    .col(boolean("backfilled"))
                    .col(big_integer_or_null("sequence"))
                    .col(text("search_text"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(text("created_by"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut refers("incidents", "organization_id", "organizations"))
                    .to_owned(),
            )
            .await?;
        for sorted_by in ["created_at", "updated_at", "title"] {
            manager
                .create_index(index("incidents", &["organization_id", sorted_by, "id"]))
                .await?;
        }
        for filter in ["status", "severity", "category", "detection_source"] {
            manager
                .create_index(index(
                    "incidents",
                    &["organization_id", filter, "created_at", "id"],
                ))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["incidents", "taggings", "external_refs"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_shared(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("external_refs")
                .col(primary_id())
                .col(id("organization_id"))
                .col(text("resource_type"))
                .col(id("resource_id"))
                .col(text("system"))
                .col(text("external_id"))
                .foreign_key(&mut refers(
                    "external_refs",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique(
            "external_refs",
            &["organization_id", "resource_type", "system", "external_id"],
        ))
        .await?;
    manager
        .create_index(index("external_refs", &["resource_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("taggings")
                .col(id("resource_id"))
                .col(text("tag"))
                .col(id("organization_id"))
                .primary_key(Index::create().col("resource_id").col("tag"))
                .foreign_key(&mut refers("taggings", "organization_id", "organizations"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "taggings",
            &["organization_id", "tag", "resource_id"],
        ))
        .await
}
