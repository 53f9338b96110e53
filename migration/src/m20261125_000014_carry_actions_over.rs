//! What a follow-up session carries over: each action as it was at the start and at the end.

use sea_orm_migration::prelude::*;

use crate::columns::{id, index, json_or_null, primary_id, refers, unique};

/// Creates the carried actions.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("carried_actions")
                    .col(primary_id())
                    .col(id("organization_id"))
                    .col(id("workshop_id"))
                    .col(id("action_id"))
                    .col(json_or_null("at_start"))
                    .col(json_or_null("at_end"))
                    .foreign_key(&mut refers(
                        "carried_actions",
                        "organization_id",
                        "organizations",
                    ))
                    .foreign_key(&mut refers("carried_actions", "workshop_id", "workshops"))
                    .foreign_key(&mut refers("carried_actions", "action_id", "actions"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("carried_actions", &["workshop_id", "action_id"]))
            .await?;
        manager
            .create_index(index("carried_actions", &["action_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("carried_actions").to_owned())
            .await
    }
}
