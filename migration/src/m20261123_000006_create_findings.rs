//! Findings.

use sea_orm_migration::prelude::*;

use crate::columns::{
    id, id_or_null, index, instant, instant_or_null, integer, integer_or_null, json, json_or_null,
    primary_id, refers, text, text_or_null,
};

/// Creates the findings.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_findings(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["findings"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_findings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("findings")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("kind"))
                .col(text("statement"))
                .col(text_or_null("description"))
                .col(text_or_null("cause_category"))
                .col(text_or_null("cause_detail"))
                .col(text_or_null("factor_kind"))
                .col(text_or_null("factor_area"))
                .col(text_or_null("gap_category"))
                .col(text("confidence"))
                .col(json("event_ids"))
                .col(json("evidence"))
                .col(id_or_null("parent_id"))
                .col(json_or_null("control"))
                .col(text_or_null("control_state"))
                .col(json("attack_techniques"))
                .col(integer_or_null("likelihood"))
                .col(integer_or_null("severity_score"))
                .col(integer_or_null("risk_score"))
                .col(text_or_null("no_recommendation_reason"))
                .col(instant_or_null("retracted_at"))
                .col(text_or_null("retracted_by"))
                .col(text_or_null("retraction_reason"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("findings", "organization_id", "organizations"))
                .foreign_key(&mut refers("findings", "review_id", "reviews"))
                .foreign_key(&mut refers("findings", "parent_id", "findings"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("findings", &["review_id", "created_at", "id"]))
        .await?;
    manager
        .create_index(index("findings", &["organization_id", "created_at", "id"]))
        .await?;
    manager
        .create_index(index("findings", &["organization_id", "risk_score", "id"]))
        .await?;
    manager
        .create_index(index(
            "findings",
            &["organization_id", "kind", "created_at", "id"],
        ))
        .await?;
    manager
        .create_index(index(
            "findings",
            &["organization_id", "gap_category", "created_at", "id"],
        ))
        .await?;
    manager
        .create_index(index(
            "findings",
            &["organization_id", "cause_category", "created_at", "id"],
        ))
        .await?;
    manager
        .create_index(index(
            "findings",
            &["organization_id", "control_state", "created_at", "id"],
        ))
        .await?;
    manager
        .create_index(index("findings", &["parent_id"]))
        .await?;
    Ok(())
}
