//! Events with evidence and findings by kind, counted in their indexes alone; and for how long actions
//! were done or given up before they were taken up again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::JsonValue;

use crate::columns::{boolean, index, json};

/// Says of each event whether anything supports it, widens indexes so that counting reads no row, and
/// gives actions a place for what they were before.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// What the index of milestones was, and is.
const NARROW: &[&str] = &["review_id", "has_marks"];
const WIDE: &[&str] = &["review_id", "has_marks", "retracted_at", "has_evidence"];
const FINDINGS: &[&str] = &["review_id", "retracted_at", "kind"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let has_evidence = boolean("has_evidence").default(false).to_owned();
        manager
            .alter_table(
                Table::alter()
                    .table("events")
                    .add_column(has_evidence)
                    .to_owned(),
            )
            .await?;
        let fill = Query::update()
            .table("events")
            .value("has_evidence", true)
            .and_where(Expr::col("evidence").ne(JsonValue::Array(Vec::new())))
            .to_owned();
        manager.exec_stmt(fill).await?;
        replace(manager, "events", NARROW, WIDE).await?;
        manager.create_index(index("findings", FINDINGS)).await?;
        let spells = json("spells").default("[]").to_owned();
        manager
            .alter_table(
                Table::alter()
                    .table("actions")
                    .add_column(spells)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("actions")
                    .drop_column("spells")
                    .to_owned(),
            )
            .await?;
        drop_index(manager, "findings", FINDINGS).await?;
        replace(manager, "events", WIDE, NARROW).await?;
        manager
            .alter_table(
                Table::alter()
                    .table("events")
                    .drop_column("has_evidence")
                    .to_owned(),
            )
            .await
    }
}

async fn replace(
    manager: &SchemaManager<'_>,
    table: &'static str,
    old: &[&'static str],
    new: &[&'static str],
) -> Result<(), DbErr> {
    drop_index(manager, table, old).await?;
    manager.create_index(index(table, new)).await
}

async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("ix_{table}_{}", columns.join("_"));
    manager
        .drop_index(Index::drop().name(name).table(table).to_owned())
        .await
}
