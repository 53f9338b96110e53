//! The decision log, the communication log, and the events that both belong to.

use sea_orm_migration::prelude::*;

use crate::columns::{
    boolean_or_null, id, id_or_null, index, instant, instant_or_null, integer, json, primary_id,
    refers, text, text_or_null,
};

/// Creates both logs.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[(&str, &[&str])] = &[
    ("decisions", &["review_id", "decided_at", "id"]),
    ("decisions", &["organization_id", "decided_at", "id"]),
    (
        "decisions",
        &["organization_id", "decider_role", "decided_at", "id"],
    ),
    ("decisions", &["decider_participant_id", "decided_at", "id"]),
    ("decisions", &["organization_id", "retracted_at"]),
    ("communications", &["review_id", "sent_at", "id"]),
    ("communications", &["organization_id", "sent_at", "id"]),
    (
        "communications",
        &["organization_id", "channel", "sent_at", "id"],
    ),
    (
        "communications",
        &["organization_id", "direction", "sent_at", "id"],
    ),
    (
        "communications",
        &["organization_id", "content_class", "sent_at", "id"],
    ),
    (
        "communications",
        &["organization_id", "timely", "sent_at", "id"],
    ),
    (
        "communications",
        &["organization_id", "effective", "sent_at", "id"],
    ),
    ("communications", &["organization_id", "retracted_at"]),
    ("event_citations", &["event_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(decisions()).await?;
        manager.create_table(communications()).await?;
        manager.create_table(event_citations()).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["event_citations", "communications", "decisions"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn decisions() -> TableCreateStatement {
    Table::create()
        .table("decisions")
        .col(primary_id())
        .col(id("organization_id"))
        .col(id("review_id"))
        .col(instant("decided_at"))
        .col(text("precision"))
        .col(id_or_null("decider_participant_id"))
        .col(text_or_null("decider_role"))
        .col(text("decision"))
        .col(json("options"))
        .col(text_or_null("information_available"))
        .col(text_or_null("rationale"))
        .col(text_or_null("outcome"))
        .col(text_or_null("in_hindsight"))
        .col(json("event_ids"))
        .col(instant_or_null("retracted_at"))
        .col(text_or_null("retracted_by"))
        .col(text_or_null("retraction_reason"))
        .col(text("search_text"))
        .col(integer("version"))
        .col(instant("created_at"))
        .col(text("created_by"))
        .col(instant("updated_at"))
        .foreign_key(&mut refers("decisions", "organization_id", "organizations"))
        .foreign_key(&mut refers("decisions", "review_id", "reviews"))
        .foreign_key(&mut refers(
            "decisions",
            "decider_participant_id",
            "participants",
        ))
        .to_owned()
}

fn communications() -> TableCreateStatement {
    Table::create()
        .table("communications")
        .col(primary_id())
        .col(id("organization_id"))
        .col(id("review_id"))
        .col(instant("sent_at"))
        .col(instant_or_null("received_at"))
        .col(text("precision"))
        .col(text("from_role"))
        .col(text("to_audience"))
        .col(text("channel"))
        .col(text("direction"))
        .col(text("content_class"))
        .col(text_or_null("summary"))
        .col(boolean_or_null("timely"))
        .col(boolean_or_null("effective"))
        .col(text_or_null("issue"))
        .col(json("event_ids"))
        .col(instant_or_null("retracted_at"))
        .col(text_or_null("retracted_by"))
        .col(text_or_null("retraction_reason"))
        .col(text("search_text"))
        .col(integer("version"))
        .col(instant("created_at"))
        .col(text("created_by"))
        .col(instant("updated_at"))
        .foreign_key(&mut refers(
            "communications",
            "organization_id",
            "organizations",
        ))
        .foreign_key(&mut refers("communications", "review_id", "reviews"))
        .to_owned()
}

fn event_citations() -> TableCreateStatement {
    Table::create()
        .table("event_citations")
        .col(id("resource_id"))
        .col(id("event_id"))
        .primary_key(Index::create().col("resource_id").col("event_id"))
        .foreign_key(&mut refers("event_citations", "event_id", "events"))
        .to_owned()
}
