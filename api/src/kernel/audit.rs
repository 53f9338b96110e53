//! Recording what happened, hash-chained per organisation, in the transaction of the change.
//!
//! Reading the log and verifying its chain is the feature `audit`.

use std::collections::HashMap;
use std::sync::Arc;

use entity::Timestamp;
use entity::audit_record::{Column, Entity, Model};
use entity::organization::OrganizationId;
use ring::digest::{Context, SHA256};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use uuid::Uuid;

use super::access::Caller;
use super::database::Inserts;
use super::error::{Error, Result};
use super::ids;

/// The hash before the first record of an organisation.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a record says; who and when comes from the change it belongs to.
#[derive(Debug)]
pub struct Entry {
    /// What was done: `event.append`, `review.publish`.
    pub action: &'static str,
    /// Kind of resource.
    pub resource: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The review it belongs to, if it belongs to one.
    pub review: Option<Uuid>,
    before: Option<String>,
    after: Option<String>,
}

impl Entry {
    /// A record that `action` was done to a resource.
    pub fn new(action: &'static str, resource: &'static str, id: Uuid) -> Self {
        Self {
            action,
            resource,
            id,
            review: None,
            before: None,
            after: None,
        }
    }

    /// Names the review it belongs to, which decides who may see the record.
    #[must_use]
    pub fn in_review(mut self, review: Uuid) -> Self {
        self.review = Some(review);
        self
    }

    /// How the resource was before.
    pub fn before(mut self, state: &impl Serialize) -> Result<Self> {
        self.before = Some(written(state)?);
        Ok(self)
    }

    /// How the resource is now.
    pub fn after(mut self, state: &impl Serialize) -> Result<Self> {
        self.after = Some(written(state)?);
        Ok(self)
    }
}

/// What is put on record of a resource: what is stored of it, without the fields that are computed
/// anew for everybody who reads it.
pub fn stored(body: &impl Serialize, computed: &[&str]) -> Result<serde_json::Value> {
    let state = serde_json::to_value(body);
    let mut state =
        state.map_err(|error| Error::Internal(format!("a state cannot be written: {error}")))?;
    if let Some(fields) = state.as_object_mut() {
        for name in computed {
            fields.shift_remove(*name);
        }
    }
    Ok(state)
}

fn written(state: &impl Serialize) -> Result<String> {
    serde_json::to_string(state)
        .map_err(|error| Error::Internal(format!("a state cannot be written: {error}")))
}

/// Who did something, when, and in whose chain it is told.
#[derive(Clone, Debug)]
pub struct Author {
    /// Whose chain it goes into.
    pub organization: OrganizationId,
    /// Who did it.
    pub caller: Arc<Caller>,
    /// In which request; empty when it was not one.
    pub request_id: String,
    /// The moment.
    pub at: Timestamp,
}

/// An entry with its author: all of a record but its place in the chain.
#[derive(Debug)]
pub struct Record {
    /// Who did it.
    pub author: Author,
    /// What was done.
    pub entry: Entry,
}

impl Record {
    /// Whose chain it goes into.
    pub fn organization(&self) -> OrganizationId {
        self.author.organization
    }

    /// The row after the chain's `head`.
    fn after(self, (sequence, hash_before): (i64, String)) -> Model {
        let Self { author, entry } = self;
        let row = Model {
            id: ids::next(),
            organization_id: author.organization,
            sequence: sequence + 1,
            at: author.at,
            actor_subject: author.caller.subject.clone(),
            actor_name: author.caller.name.clone(),
            request_id: author.request_id,
            action: entry.action.to_owned(),
            resource_type: entry.resource.to_owned(),
            resource_id: entry.id,
            review_id: entry.review,
            before: entry.before,
            after: entry.after,
            previous_hash: hash_before,
            hash: String::new(),
        };
        Model {
            hash: hash(&row),
            ..row
        }
    }
}

/// Inserts them by texts that are built once.
static RECORDS: Inserts = Inserts::new();

/// Appends records to the chains of their organisations: the last thing before the commit.
pub(super) async fn append(
    connection: &impl ConnectionTrait,
    records: Vec<Record>,
) -> Result<(), DbErr> {
    let mut heads: HashMap<OrganizationId, (i64, String)> = HashMap::new();
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let organization = record.organization();
        let before = match heads.remove(&organization) {
            Some(known) => known,
            None => head(connection, organization).await?,
        };
        let row = record.after(before);
        heads.insert(organization, (row.sequence, row.hash.clone()));
        rows.push(row);
    }
    RECORDS.run::<Entity>(connection, &rows).await?;
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct Head {
    sequence: i64,
    hash: String,
}

/// Sequence and hash of the newest record.
pub async fn head(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<(i64, String), DbErr> {
    let newest: Option<Head> = Entity::find()
        .select_only()
        .column(Column::Sequence)
        .column(Column::Hash)
        .filter(Column::OrganizationId.eq(organization))
        .order_by_desc(Column::Sequence)
        .into_model()
        .one(connection)
        .await?;
    Ok(newest.map_or_else(
        || (0, GENESIS.to_owned()),
        |head| (head.sequence, head.hash),
    ))
}

/// The hash of a record: SHA-256 over every field, each preceded by its length, in this order.
pub fn hash(row: &Model) -> String {
    let mut context = Context::new(&SHA256);
    let mut field = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    };
    field(row.previous_hash.as_bytes());
    field(row.organization_id.as_bytes());
    field(&row.sequence.to_be_bytes());
    field(row.id.as_bytes());
    field(&row.at.micros().to_be_bytes());
    field(row.actor_subject.as_bytes());
    field(row.actor_name.as_bytes());
    field(row.request_id.as_bytes());
    field(row.action.as_bytes());
    field(row.resource_type.as_bytes());
    field(row.resource_id.as_bytes());
    field(row.review_id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    field(row.before.as_deref().unwrap_or("\0").as_bytes());
    field(row.after.as_deref().unwrap_or("\0").as_bytes());
    hex(context.finish().as_ref())
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    let digits = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(digits).collect()
}
