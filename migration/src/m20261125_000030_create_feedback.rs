//! Rounds of feedback and the boxes that their answers are put into.

use sea_orm_migration::prelude::*;

use crate::columns::{
    id, id_or_null, index, instant, instant_or_null, integer, json, primary_id, refers, text,
    text_or_null, unique,
};

/// Creates rounds and boxes.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_rounds(manager).await?;
        let table = "feedback_boxes";
        manager
            .create_table(
                Table::create()
                    .table(table)
                    .col(id("round_id").primary_key())
                    .col(integer("n"))
                    .col(json("answered"))
                    .col(json("slips"))
                    .col(json("comments"))
                    .col(json("tallies"))
                    .foreign_key(&mut refers(table, "round_id", "feedback_rounds"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["feedback_boxes", "feedback_rounds"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_rounds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "feedback_rounds";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("review_key"))
                .col(text("occasion"))
                .col(id_or_null("workshop_id"))
                .col(id("place_id"))
                .col(instant("opens_at"))
                .col(instant("closes_at"))
                .col(instant_or_null("closed_at"))
                .col(instant_or_null("cancelled_at"))
                .col(text_or_null("cancellation_reason"))
                .col(integer("minimum_group"))
                .col(json("questions"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .foreign_key(&mut refers(table, "review_id", "reviews"))
                .foreign_key(&mut refers(table, "workshop_id", "workshops"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique(table, &["place_id", "occasion"]))
        .await?;
    for sorted_by in ["opens_at", "closes_at", "created_at"] {
        for within in ["review_id", "organization_id"] {
            manager
                .create_index(index(table, &[within, sorted_by, "id"]))
                .await?;
        }
    }
    manager.create_index(index(table, &["workshop_id"])).await
}
