//! The gap register: one narrow row per gap that stands, with how it is answered.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::JsonValue;
use sea_orm_migration::sea_orm::prelude::Uuid;

use crate::columns::{id, index, instant, integer_or_null, refers, text, text_or_null};

/// Creates the register and enters the gaps that are there.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager).await?;
        enter(manager).await?;
        name_controls(manager).await?;
        answer(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("gaps").to_owned())
            .await
    }
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = "gaps";
    manager
        .create_table(
            Table::create()
                .table(table)
                .col(ColumnDef::new("finding_id").uuid().not_null().primary_key())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(text("state"))
                .col(text_or_null("gap_category"))
                .col(text_or_null("control_id"))
                .col(text_or_null("control_state"))
                .col(integer_or_null("severity_score"))
                .col(integer_or_null("risk_score"))
                .col(instant("created_at"))
                .foreign_key(&mut refers(table, "finding_id", "findings"))
                .foreign_key(&mut refers(table, "organization_id", "organizations"))
                .foreign_key(&mut refers(table, "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    for sorted_by in ["created_at", "risk_score", "severity_score"] {
        for within in ["review_id", "organization_id"] {
            manager
                .create_index(index(table, &[within, sorted_by, "finding_id"]))
                .await?;
        }
    }
    for filter in ["state", "gap_category", "control_id", "control_state"] {
        for sorted_by in ["created_at", "risk_score"] {
            manager
                .create_index(index(
                    table,
                    &["organization_id", filter, sorted_by, "finding_id"],
                ))
                .await?;
        }
    }
    Ok(())
}

const COPIED: [&str; 7] = [
    "organization_id",
    "review_id",
    "gap_category",
    "control_state",
    "severity_score",
    "risk_score",
    "created_at",
];

async fn enter(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let standing = Query::select()
        .column("id")
        .expr(Expr::val("unanswered"))
        .columns(COPIED)
        .from("findings")
        .and_where(Expr::col("kind").eq("gap"))
        .and_where(Expr::col("retracted_at").is_null())
        .to_owned();
    let mut insert = Query::insert();
    insert
        .into_table("gaps")
        .columns(["finding_id", "state"].into_iter().chain(COPIED));
    insert
        .select_from(standing)
        .map_err(|error| DbErr::Migration(error.to_string()))?;
    manager.exec_stmt(insert).await
}

/// A control's id stands within JSON, which no query looks into.
async fn name_controls(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let controls = Query::select()
        .columns(["id", "control"])
        .from("findings")
        .and_where(Expr::col("kind").eq("gap"))
        .and_where(Expr::col("retracted_at").is_null())
        .and_where(Expr::col("control").is_not_null())
        .to_owned();
    for row in manager.get_connection().query_all(&controls).await? {
        let finding: Uuid = row.try_get("", "id")?;
        let control: JsonValue = row.try_get("", "control")?;
        let Some(name) = control["id"].as_str() else {
            continue;
        };
        let named = Query::update()
            .table("gaps")
            .value("control_id", name)
            .and_where(Expr::col("finding_id").eq(finding))
            .to_owned();
        manager.exec_stmt(named).await?;
    }
    Ok(())
}

/// From the weakest answer to the one that counts most. No recommendation is there yet.
async fn answer(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let reasoned = Query::select()
        .column("id")
        .from("findings")
        .and_where(Expr::col("no_recommendation_reason").is_not_null())
        .to_owned();
    move_to(manager, "accepted", reasoned).await?;
    for (state, statuses) in [
        ("accepted", &["risk_accepted"][..]),
        ("closed", &["verified"]),
        ("recommended", &["proposed"]),
        (
            "in_progress",
            &["open", "in_progress", "blocked", "implemented"],
        ),
    ] {
        let answered = Query::select()
            .column(("action_findings", "finding_id"))
            .from("action_findings")
            .inner_join(
                "actions",
                Expr::col(("actions", "id")).equals(("action_findings", "action_id")),
            )
            .and_where(Expr::col(("actions", "status")).is_in(statuses.iter().copied()))
            .to_owned();
        move_to(manager, state, answered).await?;
    }
    Ok(())
}

async fn move_to(
    manager: &SchemaManager<'_>,
    state: &str,
    gaps: SelectStatement,
) -> Result<(), DbErr> {
    let moved = Query::update()
        .table("gaps")
        .value("state", state)
        .and_where(Expr::col("finding_id").in_subquery(gaps))
        .to_owned();
    manager.exec_stmt(moved).await
}
