//! Regimes with the starter set that everybody sees, and obligations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::{DateTimeUtc, Json, Uuid};

use crate::columns::{
    boolean_or_null, id, id_or_null, index, instant, instant_or_null, integer, json, json_or_null,
    primary_id, refers, text, text_or_null, unique,
};

/// Creates regimes and obligations.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// The starter set: laws with their stages, hours and sources.
const STARTER_REGIMES: &str = include_str!("starter_regimes.json");

/// When the starter set was written.
const WRITTEN_AT: &str = "2026-11-25T00:00:00Z";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_regimes(manager).await?;
        create_obligations(manager).await?;
        add_starter_regimes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["obligations", "regimes"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_regimes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("regimes")
                .col(primary_id())
                .col(id_or_null("organization_id"))
                .col(text("key"))
                .col(text("name"))
                .col(text_or_null("description"))
                .col(text_or_null("jurisdiction"))
                .col(text_or_null("source_url"))
                .col(json("stages"))
                .col(id_or_null("calendar_id"))
                .col(instant_or_null("archived_at"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("regimes", "organization_id", "organizations"))
                .foreign_key(&mut refers("regimes", "calendar_id", "calendars"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("regimes", &["organization_id", "key"]))
        .await?;
    for sorted_by in ["name", "created_at"] {
        manager
            .create_index(index("regimes", &["organization_id", sorted_by, "id"]))
            .await?;
    }
    manager
        .create_index(index("regimes", &["calendar_id"]))
        .await
}

async fn create_obligations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("obligations")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(id_or_null("regime_id"))
                .col(text_or_null("regime"))
                .col(text_or_null("stage"))
                .col(text("title"))
                .col(text_or_null("description"))
                .col(text("trigger"))
                .col(instant("trigger_at"))
                .col(instant_or_null("limit_trigger_at"))
                .col(json_or_null("clock"))
                .col(id_or_null("calendar_id"))
                .col(instant("due_at"))
                .col(json_or_null("owner"))
                .col(text_or_null("owner_key"))
                .col(instant_or_null("submitted_at"))
                .col(boolean_or_null("in_time"))
                .col(text_or_null("submitted_by"))
                .col(text_or_null("reference"))
                .col(instant_or_null("waived_at"))
                .col(text_or_null("waived_by"))
                .col(text_or_null("waiver_reason"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(
                    "obligations",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("obligations", "review_id", "reviews"))
                .foreign_key(&mut refers("obligations", "regime_id", "regimes"))
                .foreign_key(&mut refers("obligations", "calendar_id", "calendars"))
                .to_owned(),
        )
        .await?;
    for columns in [
        &["review_id", "due_at", "id"][..],
        &["review_id", "created_at", "id"],
        &["organization_id", "due_at", "id"],
        &["organization_id", "created_at", "id"],
        &["organization_id", "regime_id", "due_at", "id"],
        &["organization_id", "owner_key", "due_at", "id"],
        &["organization_id", "submitted_at", "due_at", "id"],
        &["regime_id"],
        &["calendar_id"],
    ] {
        manager.create_index(index("obligations", columns)).await?;
    }
    Ok(())
}

async fn add_starter_regimes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let broken = |what: &str| DbErr::Custom(format!("the starter regimes: {what}"));
    let regimes: Json = STARTER_REGIMES
        .parse()
        .map_err(|error| broken(&format!("{error}")))?;
    let at: DateTimeUtc = WRITTEN_AT.parse().map_err(|_| broken("their date"))?;
    for regime in regimes.as_array().into_iter().flatten() {
        let said = |name: &str| regime[name].as_str().map(str::to_owned);
        let id = said("id").and_then(|id| Uuid::parse_str(&id).ok());
        let texts = [said("key"), said("name"), said("description")];
        let search_text = texts.clone().map(Option::unwrap_or_default).join("\n");
        let [key, name, description] = texts;
        let values = [
            id.ok_or_else(|| broken("an id"))?.into(),
            Option::<Uuid>::None.into(),
            key.into(),
            name.into(),
            description.into(),
            said("jurisdiction").into(),
            said("source_url").into(),
            regime["stages"].clone().into(),
            search_text.to_lowercase().into(),
            1.into(),
            at.into(),
            "debrief".into(),
            at.into(),
        ];
        let insert = Query::insert()
            .into_table("regimes")
            .columns([
                "id",
                "organization_id",
                "key",
                "name",
                "description",
                "jurisdiction",
                "source_url",
                "stages",
                "search_text",
                "version",
                "created_at",
                "created_by",
                "updated_at",
            ])
            .values_panic(values)
            .to_owned();
        manager.get_connection().execute(&insert).await?;
    }
    Ok(())
}
