//! The texts that search finds: kept beside what they are of, in the transaction of its change.
//!
//! A text is told into words by the service. Which engine keeps them shows here only: SQLite in a table
//! of FTS5, PostgreSQL in a `tsvector`.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::organization::OrganizationId;
use entity::search_text::{self, Column};
use entity::{Timestamp, search_trait};
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Statement, Value,
};
use uuid::Uuid;

use super::Tx;
use super::insert::{Inserts, parts};

mod index;
mod newest;
mod statements;

pub use newest::{BEGINNING, Found, Sought, newest};

/// The text of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Whose it is.
    pub organization: OrganizationId,
    /// In which review, which decides who finds it.
    pub review: Option<Uuid>,
    /// What kind of resource.
    pub kind: &'static str,
    /// Which one.
    pub id: Uuid,
    /// What it is part of, where its address needs that.
    pub parent: Option<Uuid>,
    /// What it is called, or says first.
    pub title: String,
    /// Whatever else it says.
    pub body: String,
    /// What others may have in common with it: `kind:value`.
    pub traits: Vec<String>,
    /// When it happened, or was recorded.
    pub at: Timestamp,
}

impl Text {
    /// The traits as they are kept.
    fn kept_traits(&self) -> String {
        self.traits.join("\n")
    }
}

/// A change of what is found, about to be committed.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Put(Box<Text>),
    Forget(Uuid),
}

impl Entry {
    fn id(&self) -> Uuid {
        match self {
            Self::Put(text) => text.id,
            Self::Forget(id) => *id,
        }
    }
}

impl Tx {
    /// Has a resource found by this text from the commit on, and no longer by the one before.
    pub fn index(&self, text: Text) {
        self.find_later(Entry::Put(Box::new(text)));
    }

    /// Has a resource not found any more from the commit on.
    pub fn forget(&self, id: Uuid) {
        self.find_later(Entry::Forget(id));
    }

    /// Has a resource found by its text from the commit on, or not any more when it has none.
    pub fn index_or_forget(&self, id: Uuid, text: Option<Text>) {
        self.find_later(text.map_or(Entry::Forget(id), |text| Entry::Put(Box::new(text))));
    }

    /// Has resources found at once that are not found yet; what is found already stays as it is.
    pub async fn fill(&self, texts: Vec<Text>) -> Result<(), DbErr> {
        add(self, texts).await.map(drop)
    }
}

/// Makes changes of what is found: among the last things before the commit.
pub(super) async fn append(
    connection: &impl ConnectionTrait,
    entries: Vec<Entry>,
) -> Result<(), DbErr> {
    let mut texts = Vec::with_capacity(entries.len());
    for entry in last_of_each(entries) {
        match entry {
            Entry::Put(text) => texts.push(*text),
            Entry::Forget(id) => forget(connection, id).await?,
        }
    }
    for text in add(connection, texts).await? {
        replace(connection, text).await?;
    }
    Ok(())
}

/// Of several changes of one resource the last counts.
fn last_of_each(entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = HashSet::with_capacity(entries.len());
    let newest_first = entries.into_iter().rev();
    let mut kept: Vec<Entry> = newest_first.filter(|one| seen.insert(one.id())).collect();
    kept.reverse();
    kept
}

/// Adds texts; returns those whose resources have one already. The index is told last: a statement of
/// several rows that follows has it write down what it keeps in memory until the commit.
async fn add(connection: &impl ConnectionTrait, texts: Vec<Text>) -> Result<Vec<Text>, DbErr> {
    let (mut new, mut known) = (Vec::with_capacity(texts.len()), Vec::new());
    for some in parts(connection.get_database_backend(), texts) {
        let numbers = insert(connection, &some).await?;
        for text in some {
            match numbers.get(&text.id) {
                Some(number) => new.push((*number, text)),
                None => known.push(text),
            }
        }
    }
    let traits: Vec<_> = new.iter().flat_map(|(_, text)| trait_rows(text)).collect();
    add_traits(connection, &traits).await?;
    index::add(connection, new).await?;
    Ok(known)
}

/// Inserts the rows of those that have none yet; their numbers.
async fn insert(
    connection: &impl ConnectionTrait,
    texts: &[Text],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let backend = connection.get_database_backend();
    let mut values: Vec<Value> = Vec::with_capacity(texts.len() * 10);
    for text in texts {
        values.extend([
            text.organization.into(),
            text.review.into(),
            text.kind.into(),
            text.id.into(),
            text.parent.into(),
            text.title.as_str().into(),
            text.body.as_str().into(),
            text.kept_traits().into(),
            text.at.into(),
        ]);
        values.extend(index::value(backend, text));
    }
    let insert = statements::insert_texts(backend, texts.len());
    let insert = Statement::from_sql_and_values(backend, insert, values);
    index::inserted(connection, texts, insert).await
}

/// Replaces the text of a resource, unless it is as it was.
async fn replace(connection: &impl ConnectionTrait, text: Text) -> Result<(), DbErr> {
    let traits = text.kept_traits();
    let backend = connection.get_database_backend();
    let differs = Condition::any()
        .add(Column::Title.ne(text.title.as_str()))
        .add(Column::Body.ne(text.body.as_str()))
        .add(Column::Traits.ne(traits.as_str()))
        .add(Column::At.ne(text.at));
    let mut update = Query::update();
    update
        .table(search_text::Entity)
        .value(Column::Title, text.title.as_str())
        .value(Column::Body, text.body.as_str())
        .value(Column::Traits, traits)
        .value(Column::At, Value::from(text.at))
        .and_where(Column::ResourceId.eq(text.id))
        .cond_where(differs)
        .returning(Query::returning().expr(index::number()));
    if let Some((column, words)) = index::column(backend, &text) {
        update.value(column, words);
    }
    let Some(row) = connection.query_one(&update).await? else {
        return Ok(());
    };
    let number = row.try_get("", index::NUMBER)?;
    index::remove(connection, number).await?;
    remove_traits(connection, text.id).await?;
    add_traits(connection, &trait_rows(&text)).await?;
    index::add(connection, vec![(number, text)]).await
}

async fn forget(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    let mut delete = Query::delete();
    delete
        .from_table(search_text::Entity)
        .and_where(Column::ResourceId.eq(id))
        .returning(Query::returning().expr(index::number()));
    let Some(row) = connection.query_one(&delete).await? else {
        return Ok(());
    };
    index::remove(connection, row.try_get("", index::NUMBER)?).await?;
    remove_traits(connection, id).await
}

/// The rows of a text's traits, each once.
fn trait_rows(text: &Text) -> Vec<search_trait::Model> {
    let unique: BTreeSet<&String> = text.traits.iter().collect();
    let row = |value: &String| search_trait::Model {
        resource_id: text.id,
        value: value.clone(),
        organization_id: text.organization,
        review_id: text.review,
    };
    unique.into_iter().map(row).collect()
}

static TRAITS: Inserts = Inserts::new();

async fn add_traits(
    connection: &impl ConnectionTrait,
    rows: &[search_trait::Model],
) -> Result<(), DbErr> {
    TRAITS.run::<search_trait::Entity>(connection, rows).await?;
    Ok(())
}

async fn remove_traits(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    search_trait::Entity::delete_many()
        .filter(search_trait::Column::ResourceId.eq(id))
        .exec(connection)
        .await?;
    Ok(())
}
