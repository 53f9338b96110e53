//! Business calendars, policies and every version of a policy.

use sea_orm_migration::prelude::*;

use crate::columns::{
    id, id_or_null, index, instant, instant_or_null, integer, json, primary_id, refers, text,
    text_or_null, unique,
};

/// Creates calendars and policies.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_calendars(manager).await?;
        create_policies(manager).await?;
        create_versions(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["policy_versions", "policies", "calendars"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_calendars(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("calendars")
                .col(primary_id())
                .col(id("organization_id"))
                .col(text("name"))
                .col(text("time_zone"))
                .col(json("working_hours"))
                .col(json("holidays"))
                .col(id_or_null("default_of"))
                .col(instant_or_null("archived_at"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("calendars", "organization_id", "organizations"))
                .foreign_key(&mut refers("calendars", "default_of", "organizations"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("calendars", &["organization_id", "name"]))
        .await?;
    manager
        .create_index(unique("calendars", &["default_of"]))
        .await?;
    manager
        .create_index(index("calendars", &["organization_id", "created_at", "id"]))
        .await
}

async fn create_policies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("policies")
                .col(primary_id())
                .col(id("organization_id"))
                .col(text("name"))
                .col(text_or_null("description"))
                .col(json("severities"))
                .col(json("categories"))
                .col(json("kinds"))
                .col(integer("rank"))
                .col(text("requirement"))
                .col(json("rules"))
                .col(id_or_null("calendar_id"))
                .col(instant_or_null("archived_at"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("policies", "organization_id", "organizations"))
                .foreign_key(&mut refers("policies", "calendar_id", "calendars"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("policies", &["organization_id", "name"]))
        .await?;
    for sorted_by in ["rank", "created_at"] {
        manager
            .create_index(index("policies", &["organization_id", sorted_by, "id"]))
            .await?;
    }
    manager
        .create_index(index("policies", &["organization_id", "requirement", "id"]))
        .await
}

async fn create_versions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("policy_versions")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("policy_id"))
                .col(integer("version"))
                .col(text("body"))
                .col(id_or_null("calendar_id"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .foreign_key(&mut refers(
                    "policy_versions",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("policy_versions", "policy_id", "policies"))
                .foreign_key(&mut refers("policy_versions", "calendar_id", "calendars"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("policy_versions", &["policy_id", "version"]))
        .await?;
    manager
        .create_index(index("policy_versions", &["calendar_id"]))
        .await
}
