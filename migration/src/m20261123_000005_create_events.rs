//! Events: the chronologies of reviews.

use sea_orm_migration::prelude::*;

use crate::columns::{
    boolean, id, index, instant, instant_or_null, integer, json, primary_id, refers, text,
    text_or_null, unique,
};

/// Creates the chronology.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("events")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("review_id"))
                    .col(instant("occurred_at"))
                    .col(instant_or_null("ended_at"))
                    .col(text("precision"))
                    .col(text("kind"))
                    .col(text_or_null("phase"))
                    .col(text("actor_side"))
                    .col(text_or_null("actor_role"))
                    .col(text("summary"))
                    .col(text_or_null("description"))
                    .col(text_or_null("source"))
                    .col(text_or_null("external_id"))
                    .col(json("evidence"))
                    .col(json("attack_techniques"))
                    .col(json("marks"))
                    .col(boolean("has_marks"))
                    .col(boolean("is_key"))
                    .col(boolean("hindsight_only"))
                    .col(boolean("inhibited_recovery"))
                    .col(instant_or_null("retracted_at"))
                    .col(text_or_null("retracted_by"))
                    .col(text_or_null("retraction_reason"))
                    .col(text("search_text"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(text("created_by"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut refers("events", "organization_id", "organizations"))
                    .foreign_key(&mut refers("events", "review_id", "reviews"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("events", &["review_id", "source", "external_id"]))
            .await?;
        manager
            .create_index(index("events", &["review_id", "occurred_at", "id"]))
            .await?;
        manager
            .create_index(
                index("events", &["review_id", "has_marks"])
                    .and_where(Expr::col("has_marks"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("events", &["organization_id", "occurred_at", "id"]))
            .await?;
        manager
            .create_index(index(
                "events",
                &["organization_id", "kind", "occurred_at", "id"],
            ))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("events").to_owned())
            .await
    }
}
