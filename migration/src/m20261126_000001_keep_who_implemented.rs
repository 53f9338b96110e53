//! Who owned an action when it was reported implemented, so that they do not verify it either.

use sea_orm_migration::prelude::*;

use crate::columns::json_or_null;

/// Gives actions a place for whoever implemented them.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter()
            .table("actions")
            .add_column(json_or_null("implemented_by"))
            .to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter()
            .table("actions")
            .drop_column("implemented_by")
            .to_owned();
        manager.alter_table(alter).await
    }
}
