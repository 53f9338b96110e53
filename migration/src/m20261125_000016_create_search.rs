//! What is found by search: texts, the index of their words, and what resources have in common.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{
    boolean, id, id_or_null, index, instant, primary_id_counted, refers, text, unique,
};

/// Creates the texts and their index. What is there already is filled in by the service.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_texts(manager).await?;
        index_words(manager).await?;
        create_traits(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("search_fills")
                    .col(text("resource_type").primary_key())
                    .col(id_or_null("after_id"))
                    .col(boolean("done"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            let drop = Table::drop().table("search_index").to_owned();
            manager.drop_table(drop).await?;
        }
        for table in ["search_fills", "search_traits", "search_texts"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_texts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("search_texts")
                .col(primary_id_counted())
                .col(id("organization_id"))
                .col(id_or_null("review_id"))
                .col(text("resource_type"))
                .col(id("resource_id"))
                .col(id_or_null("parent_id"))
                .col(text("title"))
                .col(text("body"))
                .col(text("traits"))
                .col(instant("at"))
                .foreign_key(&mut refers(
                    "search_texts",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("search_texts", "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("search_texts", &["resource_id"]))
        .await
}

/// The words of each text, in what the engine has for that: a table of its own on SQLite, a column
/// on PostgreSQL. Both are given words that the service has told apart.
async fn index_words(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        let create = "CREATE VIRTUAL TABLE search_index USING fts5(\
                      words, content = '', contentless_delete = 1, tokenize = 'ascii')";
        manager.get_connection().execute_unprepared(create).await?;
        return Ok(());
    }
    let words = ColumnDef::new("words")
        .custom("tsvector")
        .not_null()
        .to_owned();
    manager
        .alter_table(
            Table::alter()
                .table("search_texts")
                .add_column(words)
                .to_owned(),
        )
        .await?;
    let mut by_word = index("search_texts", &["words"]);
    by_word.full_text();
    manager.create_index(by_word).await?;
    manager
        .create_index(index("search_texts", &["organization_id", "id"]))
        .await
}

async fn create_traits(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("search_traits")
                .col(id("resource_id"))
                .col(text("value"))
                .col(id("organization_id"))
                .col(id_or_null("review_id"))
                .primary_key(Index::create().col("resource_id").col("value"))
                .foreign_key(&mut refers(
                    "search_traits",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut refers("search_traits", "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "search_traits",
            &["organization_id", "value", "review_id", "resource_id"],
        ))
        .await?;
    manager
        .create_index(index("search_traits", &["review_id", "value"]))
        .await
}
