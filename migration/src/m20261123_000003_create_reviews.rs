//! Reviews, the incidents they are about, their participants.

use sea_orm_migration::prelude::*;

use crate::columns::{
    boolean, id, index, instant, instant_or_null, integer, integer_or_null, json, json_or_null,
    primary_id, refers, text, text_or_null, unique,
};

/// Creates reviews and what belongs to every one of them.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_reviews(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("review_incidents")
                    .col(id("review_id"))
                    .col(id("incident_id"))
                    .primary_key(Index::create().col("review_id").col("incident_id"))
                    .foreign_key(&mut refers("review_incidents", "review_id", "reviews"))
                    .foreign_key(&mut refers("review_incidents", "incident_id", "incidents"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("review_incidents", &["incident_id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("review_counters")
                    .col(id("organization_id"))
                    .col(integer("year"))
                    .col(integer("last"))
                    .primary_key(Index::create().col("organization_id").col("year"))
                    .foreign_key(&mut refers(
                        "review_counters",
                        "organization_id",
                        "organizations",
                    ))
                    .to_owned(),
            )
            .await?;
        create_participants(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "participants",
            "review_counters",
            "review_incidents",
            "reviews",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_reviews(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("reviews")
                .col(primary_id())
                .col(id("organization_id"))
                .col(text("key"))
                .col(text("title"))
                .col(text_or_null("summary"))
                .col(text("kind"))
                .col(text("depth"))
                .col(text("severity"))
                .col(text("status"))
                .col(text("visibility"))
                .col(text("tlp"))
                .col(boolean("legal_privilege"))
                .col(json_or_null("owner"))
                .col(text_or_null("owner_subject"))
                .col(json_or_null("facilitator"))
                .col(text_or_null("facilitator_subject"))
                .col(json("tags"))
                .col(json("external_refs"))
                .col(json("incident_ids"))
                .col(instant_or_null("workshop_due_at"))
                .col(instant_or_null("publish_due_at"))
                .col(instant_or_null("published_at"))
                .col(instant_or_null("closed_at"))
                .col(text_or_null("snapshot_sha256"))
                .col(json("transitions"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("reviews", "organization_id", "organizations"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("reviews", &["organization_id", "key"]))
        .await?;
    for sorted_by in ["created_at", "updated_at", "title", "publish_due_at"] {
        manager
            .create_index(index("reviews", &["organization_id", sorted_by, "id"]))
            .await?;
    }
    for filter in [
        "status",
        "severity",
        "kind",
        "owner_subject",
        "facilitator_subject",
    ] {
        manager
            .create_index(index(
                "reviews",
                &["organization_id", filter, "created_at", "id"],
            ))
            .await?;
    }
    Ok(())
}

async fn create_participants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("participants")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("name"))
                .col(text_or_null("subject"))
                .col(text_or_null("email"))
                .col(text("function"))
                .col(json("incident_roles"))
                .col(boolean("involved_in_response"))
                .col(integer_or_null("effort_minutes"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(
                    "participants",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("participants", "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("participants", &["review_id", "created_at", "id"]))
        .await?;
    manager
        .create_index(index("participants", &["review_id", "name", "id"]))
        .await?;
    manager
        .create_index(index("participants", &["review_id", "function"]))
        .await?;
    manager
        .create_index(unique("participants", &["review_id", "subject"]))
        .await
}
