//! What a review keeps of its policy, and when an incident counts as closed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::QueryResult;
use sea_orm_migration::sea_orm::prelude::{DateTimeUtc, Json, Uuid};

use crate::columns::{index, instant_or_null, json_or_null};

/// Adds the snapshot and the closure.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// How many incidents are read at once.
const CHUNK: u64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |table: &'static str, column: ColumnDef| {
            Table::alter().table(table).add_column(column).to_owned()
        };
        manager
            .alter_table(add("reviews", json_or_null("policy_snapshot")))
            .await?;
        manager
            .alter_table(add("incidents", instant_or_null("closed_at")))
            .await?;
        manager
            .create_index(index(
                "reviews",
                &["organization_id", "workshop_due_at", "id"],
            ))
            .await?;
        close_incidents(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = "ix_reviews_organization_id_workshop_due_at_id";
        manager
            .drop_index(Index::drop().name(name).table("reviews").to_owned())
            .await?;
        for (table, column) in [("incidents", "closed_at"), ("reviews", "policy_snapshot")] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// Says of every incident that is closed already when that was.
async fn close_incidents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let mut last: Option<Uuid> = None;
    loop {
        let mut next = Query::select()
            .columns(["id", "status", "timestamps", "updated_at"])
            .from("incidents")
            .order_by("id", Order::Asc)
            .limit(CHUNK)
            .to_owned();
        if let Some(last) = last {
            next.and_where(Expr::col("id").gt(last));
        }
        let rows = connection.query_all(&next).await?;
        let Some(newest) = rows.last() else {
            return Ok(());
        };
        last = Some(newest.try_get("", "id")?);
        for row in &rows {
            if let Some(at) = closed_at(row)? {
                let id: Uuid = row.try_get("", "id")?;
                let close = Query::update()
                    .table("incidents")
                    .value("closed_at", at)
                    .and_where(Expr::col("id").eq(id))
                    .to_owned();
                connection.execute(&close).await?;
            }
        }
    }
}

fn closed_at(row: &QueryResult) -> Result<Option<DateTimeUtc>, DbErr> {
    let timestamps: Json = row.try_get("", "timestamps")?;
    let told = ["override", "event", "reported"]
        .into_iter()
        .find_map(|source| timestamps["closed"][source]["at"].as_str()?.parse().ok());
    let status: String = row.try_get("", "status")?;
    if told.is_none() && status == "closed" {
        return Ok(Some(row.try_get("", "updated_at")?));
    }
    Ok(told)
}
