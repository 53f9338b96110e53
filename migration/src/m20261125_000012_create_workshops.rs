//! Workshops.

use sea_orm_migration::prelude::*;

use crate::columns::{
    boolean, id, id_or_null, index, instant, instant_or_null, integer, integer_or_null, json,
    json_or_null, primary_id, refers, text, text_or_null,
};

/// Creates the workshops.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_workshops(manager).await?;
        create_indexes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("workshops").to_owned())
            .await
    }
}

async fn create_workshops(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("workshops")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("review_key"))
                .col(text("kind"))
                .col(text_or_null("title"))
                .col(text("status"))
                .col(instant_or_null("scheduled_at"))
                .col(integer("duration_minutes"))
                .col(text("time_zone"))
                .col(text_or_null("location"))
                .col(text_or_null("url"))
                .col(id_or_null("facilitator_participant_id"))
                .col(text_or_null("facilitator_name"))
                .col(text_or_null("facilitator_subject"))
                .col(text_or_null("facilitator_key"))
                .col(json_or_null("neutrality"))
                .col(boolean("facilitator_conflicted"))
                .col(json_or_null("neutrality_override"))
                .col(text("ground_rules"))
                .col(json("agenda"))
                .col(json("excused_functions"))
                .col(text_or_null("minutes"))
                .col(instant_or_null("next_session_at"))
                .col(instant_or_null("held_at"))
                .col(integer_or_null("actual_duration_minutes"))
                .col(instant_or_null("cancelled_at"))
                .col(text_or_null("cancellation_reason"))
                .col(integer("sequence"))
                .col(instant("calendar_changed_at"))
                .col(json("schedule_changes"))
                .col(json("external_refs"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("workshops", "organization_id", "organizations"))
                .foreign_key(&mut refers("workshops", "review_id", "reviews"))
                .foreign_key(&mut refers(
                    "workshops",
                    "facilitator_participant_id",
                    "participants",
                ))
                .to_owned(),
        )
        .await
}

async fn create_indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for within in ["review_id", "organization_id"] {
        for sorted_by in ["created_at", "scheduled_at", "held_at", "next_session_at"] {
            manager
                .create_index(index("workshops", &[within, sorted_by, "id"]))
                .await?;
        }
    }
    for filter in [
        "kind",
        "status",
        "facilitator_key",
        "facilitator_conflicted",
    ] {
        manager
            .create_index(index(
                "workshops",
                &["organization_id", filter, "created_at", "id"],
            ))
            .await?;
    }
    manager
        .create_index(index("workshops", &["facilitator_participant_id"]))
        .await
}
