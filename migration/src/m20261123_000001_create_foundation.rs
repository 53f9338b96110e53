//! Organisations, API keys, shared secrets, kept answers and the audit log.

use sea_orm_migration::prelude::*;

use crate::columns::{
    big_integer, bytes, bytes_or_null, id, id_or_null, index, instant, instant_or_null, integer,
    json, primary_id, refers, text, text_or_null, unique,
};

/// Creates the tables that every feature stands on.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("organizations")
                    .col(primary_id())
                    .col(text("slug"))
                    .col(text("name"))
                    .col(json("priority_weights"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("organizations", &["slug"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("api_keys")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(text("name"))
                    .col(bytes("digest"))
                    .col(bytes_or_null("previous_digest"))
                    .col(instant_or_null("previous_expires_at"))
                    .col(text("prefix"))
                    .col(text("scopes"))
                    .col(instant_or_null("expires_at"))
                    .col(instant_or_null("last_used_at"))
                    .col(instant_or_null("revoked_at"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(text("created_by"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut refers("api_keys", "organization_id", "organizations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("api_keys", &["digest"]))
            .await?;
        manager
            .create_index(unique("api_keys", &["previous_digest"]))
            .await?;
        manager
            .create_index(index("api_keys", &["organization_id", "created_at", "id"]))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("secrets")
                    .col(ColumnDef::new("name").text().not_null().primary_key())
                    .col(bytes("value"))
                    .col(instant("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency")
                    .col(ColumnDef::new("lookup").blob().not_null().primary_key())
                    .col(bytes("fingerprint"))
                    .col(bytes("answer"))
                    .col(instant("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("idempotency", &["expires_at"]))
            .await?;
        create_audit_log(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "audit_records",
            "idempotency",
            "secrets",
            "api_keys",
            "organizations",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_audit_log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("audit_records")
                .col(primary_id())
                .col(id("organization_id"))
                .col(big_integer("sequence"))
                .col(instant("at"))
                .col(text("actor_subject"))
                .col(text("actor_name"))
                .col(text("request_id"))
                .col(text("action"))
                .col(text("resource_type"))
                .col(id("resource_id"))
                .col(id_or_null("review_id"))
                .col(text_or_null("before"))
                .col(text_or_null("after"))
                .col(text("previous_hash"))
                .col(text("hash"))
                .foreign_key(&mut refers(
                    "audit_records",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("audit_records", &["organization_id", "sequence"]))
        .await?;
    manager
        .create_index(index(
            "audit_records",
            &["organization_id", "resource_id", "sequence"],
        ))
        .await
}
