//! Actions, what they are linked to, their progress, due dates, verifications and facts.

use sea_orm_migration::prelude::*;

use crate::columns::{
    date_or_null, double, double_or_null, id, id_or_null, index, instant, instant_or_null, integer,
    integer_or_null, json, json_or_null, primary_id, refers, text, text_or_null,
};

/// Creates actions and everything that belongs to one.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_actions(manager).await?;
        create_links(manager).await?;
        create_history(manager).await?;
        create_verifications(manager).await?;
        create_facts(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "action_facts",
            "verifications",
            "action_due_changes",
            "action_progress",
            "action_dependencies",
            "action_findings",
            "actions",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_actions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("actions")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("review_key"))
                .col(text("title"))
                .col(text_or_null("description"))
                .col(text("action_type"))
                .col(text_or_null("strength"))
                .col(id_or_null("owner_participant_id"))
                .col(text_or_null("owner_name"))
                .col(text_or_null("owner_subject"))
                .col(text_or_null("owner_function"))
                .col(text_or_null("owner_key"))
                .col(date_or_null("due_on"))
                .col(double_or_null("effort_days"))
                .col(json("finding_ids"))
                .col(text_or_null("closure_criteria"))
                .col(json("depends_on"))
                .col(json("tags"))
                .col(json("external_refs"))
                .col(json("priority_inputs"))
                .col(double("priority_score"))
                .col(json("scoring"))
                .col(json_or_null("priority_override"))
                .col(text("priority"))
                .col(text("status"))
                .col(integer_or_null("percent"))
                .col(integer("slips"))
                .col(integer("due_date_changes"))
                .col(integer("reopened_count"))
                .col(integer("ineffective_count"))
                .col(instant_or_null("committed_at"))
                .col(instant_or_null("implemented_at"))
                .col(instant_or_null("verified_at"))
                .col(instant_or_null("ended_at"))
                .col(json_or_null("ended"))
                .col(instant_or_null("last_progress_at"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("actions", "organization_id", "organizations"))
                .foreign_key(&mut refers("actions", "review_id", "reviews"))
                .foreign_key(&mut refers(
                    "actions",
                    "owner_participant_id",
                    "participants",
                ))
                .to_owned(),
        )
        .await?;
    for sorted_by in ["created_at", "updated_at", "due_on", "priority_score"] {
        for within in ["review_id", "organization_id"] {
            manager
                .create_index(index("actions", &[within, sorted_by, "id"]))
                .await?;
        }
    }
    // Rank is counted among the unfinished actions of a review.
    manager
        .create_index(index("actions", &["review_id", "status", "priority_score"]))
        .await?;
    for filter in ["status", "priority", "action_type", "owner_function"] {
        manager
            .create_index(index(
                "actions",
                &["organization_id", filter, "created_at", "id"],
            ))
            .await?;
    }
    manager
        .create_index(index(
            "actions",
            &["organization_id", "owner_key", "created_at", "id"],
        ))
        .await?;
    manager
        .create_index(index("actions", &["owner_participant_id"]))
        .await
}

async fn create_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("action_findings")
                .col(id("action_id"))
                .col(id("finding_id"))
                .primary_key(Index::create().col("action_id").col("finding_id"))
                .foreign_key(&mut refers("action_findings", "action_id", "actions"))
                .foreign_key(&mut refers("action_findings", "finding_id", "findings"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("action_findings", &["finding_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("action_dependencies")
                .col(id("action_id"))
                .col(id("depends_on_id"))
                .primary_key(Index::create().col("action_id").col("depends_on_id"))
                .foreign_key(&mut refers("action_dependencies", "action_id", "actions"))
                .foreign_key(&mut refers(
                    "action_dependencies",
                    "depends_on_id",
                    "actions",
                ))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("action_dependencies", &["depends_on_id"]))
        .await
}

async fn create_history(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("action_progress")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("action_id"))
                .col(instant("at"))
                .col(integer_or_null("percent"))
                .col(text_or_null("from_status"))
                .col(text_or_null("status"))
                .col(text_or_null("note"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .foreign_key(&mut refers("action_progress", "action_id", "actions"))
                .to_owned(),
        )
        .await?;
    for sorted_by in ["at", "created_at"] {
        manager
            .create_index(index("action_progress", &["action_id", sorted_by, "id"]))
            .await?;
    }
    manager
        .create_table(
            Table::create()
                .table("action_due_changes")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("action_id"))
                .col(date_or_null("from_on"))
                .col(date_or_null("to_on"))
                .col(text_or_null("reason"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .foreign_key(&mut refers("action_due_changes", "action_id", "actions"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "action_due_changes",
            &["action_id", "created_at", "id"],
        ))
        .await
}

async fn create_verifications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("verifications")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("action_id"))
                .col(text("method"))
                .col(text("result"))
                .col(json("evidence"))
                .col(text_or_null("note"))
                .col(date_or_null("recheck_on"))
                .col(json("verified_by"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .foreign_key(&mut refers("verifications", "action_id", "actions"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("verifications", &["action_id", "created_at", "id"]))
        .await
}

/// The index holds the facts too, so that metrics read it alone and in the order they group by.
async fn create_facts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("action_facts")
                .col(ColumnDef::new("action_id").uuid().not_null().primary_key())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("facts"))
                .foreign_key(&mut refers("action_facts", "action_id", "actions"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "action_facts",
            &["organization_id", "review_id", "action_id", "facts"],
        ))
        .await
}
