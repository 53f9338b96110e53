//! Improvement measures, what they are meant to show the effect of, and what they showed.

use sea_orm_migration::prelude::*;

use crate::columns::{
    double, id, index, instant, instant_or_null, integer, json, primary_id, refers, text,
    text_or_null,
};

/// Creates improvement measures, their actions and their evaluations.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_measures(manager).await?;
        create_actions(manager).await?;
        create_evaluations(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "measure_evaluations",
            "measure_actions",
            "improvement_measures",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_measures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("improvement_measures")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("title"))
                .col(text_or_null("description"))
                .col(text("metric"))
                .col(text_or_null("duration"))
                .col(json("criteria"))
                .col(text("desired"))
                .col(double("tolerance"))
                .col(instant("baseline_from"))
                .col(instant("baseline_to"))
                .col(instant("evaluation_from"))
                .col(instant("evaluation_to"))
                .col(json("action_ids"))
                .col(text_or_null("last_verdict"))
                .col(instant_or_null("last_evaluated_at"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(
                    "improvement_measures",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("improvement_measures", "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    for within in ["review_id", "organization_id"] {
        for sorted_by in ["created_at", "evaluation_to"] {
            manager
                .create_index(index("improvement_measures", &[within, sorted_by, "id"]))
                .await?;
        }
    }
    for filter in ["metric", "last_verdict"] {
        manager
            .create_index(index(
                "improvement_measures",
                &["organization_id", filter, "created_at", "id"],
            ))
            .await?;
    }
    Ok(())
}

async fn create_actions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("measure_actions")
                .col(id("measure_id"))
                .col(id("action_id"))
                .primary_key(Index::create().col("measure_id").col("action_id"))
                .foreign_key(&mut refers(
                    "measure_actions",
                    "measure_id",
                    "improvement_measures",
                ))
                .foreign_key(&mut refers("measure_actions", "action_id", "actions"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("measure_actions", &["action_id"]))
        .await
}

async fn create_evaluations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("measure_evaluations")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("measure_id"))
                .col(integer("measure_version"))
                .col(text("verdict"))
                .col(json("measure"))
                .col(json("result"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .foreign_key(&mut refers(
                    "measure_evaluations",
                    "measure_id",
                    "improvement_measures",
                ))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "measure_evaluations",
            &["measure_id", "created_at", "id"],
        ))
        .await
}
