//! How well each dimension of the response went.

use sea_orm_migration::prelude::*;

use crate::columns::{id, instant, integer, json, primary_id, refers, text, text_or_null, unique};

/// Creates the assessments.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("assessments")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("review_id"))
                    .col(text("dimension"))
                    .col(text("rating"))
                    .col(text_or_null("not_applicable_reason"))
                    .col(text("procedures_followed"))
                    .col(text("procedures_adequate"))
                    .col(json("strengths"))
                    .col(json("weaknesses"))
                    .col(text_or_null("summary"))
                    .col(integer("version"))
                    .col(instant("created_at"))
                    .col(text("created_by"))
                    .col(instant("updated_at"))
                    .foreign_key(&mut refers(
                        "assessments",
                        "organization_id",
                        "organizations",
                    ))
                    .foreign_key(&mut refers("assessments", "review_id", "reviews"))
                    .to_owned(),
            )
            .await?;
        // A review has eight at most, so whatever its list asks for starts from here.
        manager
            .create_index(unique("assessments", &["review_id", "dimension"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("assessments").to_owned())
            .await
    }
}
