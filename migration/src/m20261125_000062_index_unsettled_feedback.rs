//! An index of the boxes of feedback that still tell who has answered.

use sea_orm_migration::prelude::*;

/// Indexes the boxes of rounds that are not settled: few, however many there are.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "ix_feedback_boxes_unsettled";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let create =
            format!("CREATE INDEX {NAME} ON feedback_boxes (round_id) WHERE answered <> '[]'");
        manager.get_connection().execute_unprepared(&create).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name(NAME).table("feedback_boxes").to_owned();
        manager.drop_index(index).await
    }
}
