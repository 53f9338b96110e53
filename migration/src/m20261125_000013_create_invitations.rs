//! Invitations to workshops, with the answers, the attendance and the acknowledged ground rules.

use sea_orm_migration::prelude::*;

use crate::columns::{
    boolean, id, index, instant, instant_or_null, integer, primary_id, refers, text, text_or_null,
    unique,
};

/// Creates the invitations.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_invitations(manager).await?;
        manager
            .create_index(unique("invitations", &["workshop_id", "participant_id"]))
            .await?;
        manager
            .create_index(index("invitations", &["workshop_id", "created_at", "id"]))
            .await?;
        manager
            .create_index(index("invitations", &["participant_id"]))
            .await?;
        manager
            .create_index(index(
                "invitations",
                &["organization_id", "function", "attendance"],
            ))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("invitations").to_owned())
            .await
    }
}

async fn create_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("invitations")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("workshop_id"))
                .col(id("participant_id"))
                .col(text("function"))
                .col(boolean("required"))
                .col(boolean("chair"))
                .col(text("rsvp"))
                .col(text_or_null("rsvp_note"))
                .col(instant_or_null("rsvp_at"))
                .col(text_or_null("rsvp_by"))
                .col(text_or_null("attendance"))
                .col(text_or_null("attendance_reason"))
                .col(instant_or_null("attendance_at"))
                .col(text_or_null("attendance_by"))
                .col(instant_or_null("acknowledged_at"))
                .col(text_or_null("acknowledged_by"))
                .col(text_or_null("acknowledged_rules_sha256"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(
                    "invitations",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("invitations", "workshop_id", "workshops"))
                .foreign_key(&mut refers("invitations", "participant_id", "participants"))
                .to_owned(),
        )
        .await
}
