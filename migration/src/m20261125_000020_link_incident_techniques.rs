//! Incidents by their ATT&CK techniques.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::JsonValue;
use sea_orm_migration::sea_orm::prelude::Uuid;

/// Links the techniques that incidents hold already.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// How many incidents are read at once.
const CHUNK: u64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut last = None;
        loop {
            let (read, links) = next(manager, &mut last).await?;
            if let Some(links) = links {
                manager.exec_stmt(links).await?;
            }
            if read < CHUNK {
                return Ok(());
            }
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let unlink = Query::delete()
            .from_table("technique_uses")
            .and_where(Expr::col("resource_type").eq("incident"))
            .to_owned();
        manager.exec_stmt(unlink).await
    }
}

/// The next incidents: how many there are, and their links.
async fn next(
    manager: &SchemaManager<'_>,
    last: &mut Option<Uuid>,
) -> Result<(u64, Option<InsertStatement>), DbErr> {
    let mut select = Query::select()
        .columns(["id", "organization_id", "attack_techniques"])
        .from("incidents")
        .order_by("id", Order::Asc)
        .limit(CHUNK)
        .to_owned();
    if let Some(last) = last {
        select.and_where(Expr::col("id").gt(*last));
    }
    let rows = manager.get_connection().query_all(&select).await?;
    let mut links = Query::insert()
        .into_table("technique_uses")
        .columns([
            "resource_id",
            "technique",
            "resource_type",
            "organization_id",
        ])
        .to_owned();
    let mut any = false;
    for row in &rows {
        let id: Uuid = row.try_get("", "id")?;
        let organization: Uuid = row.try_get("", "organization_id")?;
        let held: JsonValue = row.try_get("", "attack_techniques")?;
        for technique in distinct(&held) {
            links.values_panic([
                id.into(),
                technique.into(),
                "incident".into(),
                organization.into(),
            ]);
            any = true;
        }
        *last = Some(id);
    }
    Ok((rows.len() as u64, any.then_some(links)))
}

fn distinct(held: &JsonValue) -> Vec<&str> {
    let held = held.as_array().into_iter().flatten();
    let mut techniques: Vec<&str> = held.filter_map(JsonValue::as_str).collect();
    techniques.sort_unstable();
    techniques.dedup();
    techniques
}
