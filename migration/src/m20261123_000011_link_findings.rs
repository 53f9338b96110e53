//! What findings rest on and are found by; participants by their names.

use sea_orm_migration::prelude::*;

use crate::columns::{id, index, refers, text};

/// Links findings to events and techniques, and adds what lists are filtered by.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[(&str, &[&str])] = &[
    (
        "findings",
        &["organization_id", "factor_kind", "created_at", "id"],
    ),
    (
        "findings",
        &["organization_id", "confidence", "created_at", "id"],
    ),
    ("findings", &["organization_id", "retracted_at"]),
    ("findings", &["review_id", "risk_score", "id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_links(manager).await?;
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        let search_text = text("search_text").default("").to_owned();
        manager
            .alter_table(
                Table::alter()
                    .table("participants")
                    .add_column(search_text)
                    .to_owned(),
            )
            .await?;
        let fill = Query::update()
            .table("participants")
            .value("search_text", Func::lower(Expr::col("name")))
            .to_owned();
        manager.exec_stmt(fill).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("participants")
                    .drop_column("search_text")
                    .to_owned(),
            )
            .await?;
        for (table, columns) in INDEXES.iter().rev() {
            let name = format!("ix_{table}_{}", columns.join("_"));
            manager
                .drop_index(Index::drop().name(name).table(*table).to_owned())
                .await?;
        }
        for table in ["technique_uses", "finding_events"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("finding_events")
                .col(id("finding_id"))
                .col(id("event_id"))
                .primary_key(Index::create().col("finding_id").col("event_id"))
                .foreign_key(&mut refers("finding_events", "finding_id", "findings"))
                .foreign_key(&mut refers("finding_events", "event_id", "events"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("finding_events", &["event_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("technique_uses")
                .col(id("resource_id"))
                .col(text("technique"))
                .col(text("resource_type"))
                .col(id("organization_id"))
                .primary_key(Index::create().col("resource_id").col("technique"))
                .foreign_key(&mut refers(
                    "technique_uses",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "technique_uses",
            &[
                "organization_id",
                "technique",
                "resource_type",
                "resource_id",
            ],
        ))
        .await
}
