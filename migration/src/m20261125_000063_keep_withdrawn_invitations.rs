//! Who is no longer invited to a workshop, to whom its cancellation goes.

use sea_orm_migration::prelude::*;

use crate::columns::json;

/// Gives workshops a place for those who are no longer invited.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let withdrawn = json("withdrawn").default("[]").to_owned();
        let table = Table::alter()
            .table("workshops")
            .add_column(withdrawn)
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("workshops")
            .drop_column("withdrawn")
            .to_owned();
        manager.alter_table(table).await
    }
}
