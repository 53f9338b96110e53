//! Contributions to workshops: boards, what is sealed, what is shown, groups and votes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{
    boolean, bytes, id, id_or_null, index, instant, integer, integer_or_null, json, primary_id,
    refers, text, text_or_null,
};

/// Creates the tables. SQLite numbers the rows of a table in the order in which they come: where that
/// must not be told, the rows have no numbers and lie in the order of their keys.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 6] = [
    "ballots",
    "contribution_outcomes",
    "contributions",
    "contribution_groups",
    "sealed_boxes",
    "boards",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_boards(manager).await?;
        create_groups(manager).await?;
        create_contributions(manager).await?;
        create_votes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// A table that tells no order of its rows, as far as the engine has that.
fn orderless(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> TableCreateStatement {
    if manager.get_database_backend() == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

async fn create_boards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("boards")
                .col(id("workshop_id").primary_key())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(boolean("anonymous"))
                .col(json("prompts"))
                .col(integer("votes_per_person"))
                .col(text("phase"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("boards", "workshop_id", "workshops"))
                .foreign_key(&mut refers("boards", "organization_id", "organizations"))
                .foreign_key(&mut refers("boards", "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("boards", &["review_id"]))
        .await?;
    manager
        .create_table(orderless(
            manager,
            Table::create()
                .table("sealed_boxes")
                .col(id("workshop_id").primary_key())
                .col(bytes("secret"))
                .col(json("entries"))
                .foreign_key(&mut refers("sealed_boxes", "workshop_id", "workshops"))
                .to_owned(),
        ))
        .await
}

async fn create_groups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("contribution_groups")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(id("workshop_id"))
                .col(text("title"))
                .col(text_or_null("summary"))
                .col(integer_or_null("votes"))
                .col(json("outcomes"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(text("created_by"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(
                    "contribution_groups",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("contribution_groups", "review_id", "reviews"))
                .foreign_key(&mut refers(
                    "contribution_groups",
                    "workshop_id",
                    "workshops",
                ))
                .to_owned(),
        )
        .await?;
    for columns in [
        &["workshop_id", "created_at", "id"][..],
        &["workshop_id", "title", "id"],
        &["workshop_id", "votes", "id"],
    ] {
        manager
            .create_index(index("contribution_groups", columns))
            .await?;
    }
    Ok(())
}

async fn create_contributions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(orderless(
            manager,
            Table::create()
                .table("contributions")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id("review_id"))
                .col(id("workshop_id"))
                .col(text("prompt"))
                .col(text("text"))
                .col(text_or_null("author_subject"))
                .col(text_or_null("author_name"))
                .col(id_or_null("group_id"))
                .col(integer_or_null("votes"))
                .col(json("outcomes"))
                .col(text("search_text"))
                .col(integer("version"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers(
                    "contributions",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("contributions", "review_id", "reviews"))
                .foreign_key(&mut refers("contributions", "workshop_id", "workshops"))
                .foreign_key(&mut refers(
                    "contributions",
                    "group_id",
                    "contribution_groups",
                ))
                .to_owned(),
        ))
        .await?;
    for columns in [
        &["workshop_id", "prompt", "id"][..],
        &["workshop_id", "created_at", "id"],
        &["workshop_id", "votes", "id"],
        &["group_id"],
        &["review_id"],
    ] {
        manager
            .create_index(index("contributions", columns))
            .await?;
    }
    Ok(())
}

async fn create_votes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("contribution_outcomes")
                .col(id("source_id"))
                .col(id("resource_id"))
                .primary_key(Index::create().col("source_id").col("resource_id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("contribution_outcomes", &["resource_id"]))
        .await?;
    manager
        .create_table(orderless(
            manager,
            Table::create()
                .table("ballots")
                .col(id("workshop_id"))
                .col(bytes("voter"))
                .col(id("target_id"))
                .primary_key(
                    Index::create()
                        .col("workshop_id")
                        .col("voter")
                        .col("target_id"),
                )
                .foreign_key(&mut refers("ballots", "workshop_id", "workshops"))
                .to_owned(),
        ))
        .await?;
    manager
        .create_index(index("ballots", &["workshop_id", "target_id"]))
        .await
}
