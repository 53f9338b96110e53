//! Recording what happened, hash-chained per organisation, in the transaction of the change.
//!
//! Reading the log and verifying its chain is the feature `audit`.

use entity::Timestamp;
use entity::audit_record::{ActiveModel, Column, Entity};
use entity::organization::OrganizationId;
use ring::digest::{Context, SHA256};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use uuid::Uuid;

use super::database::Tx;
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

fn written(state: &impl Serialize) -> Result<String> {
    serde_json::to_string(state)
        .map_err(|error| Error::Internal(format!("a state cannot be written: {error}")))
}

/// Who did it and when.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// Whose chain it goes into.
    pub organization: OrganizationId,
    /// The caller's subject.
    pub subject: &'a str,
    /// The caller's name.
    pub name: &'a str,
    /// The request.
    pub request_id: &'a str,
    /// The moment.
    pub at: Timestamp,
}

/// Appends entries to the organisation's chain: the last thing before the commit.
#[expect(
    clippy::assigning_clones,
    reason = "the previous hash has moved into its row"
)]
pub async fn append(tx: &Tx, author: Author<'_>, entries: Vec<Entry>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    tx.serialize_on("audit", author.organization.as_bytes())
        .await?;
    let (mut sequence, mut previous) = head(tx, author.organization).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        sequence += 1;
        let row = entity::audit_record::Model {
            id: ids::next(),
            organization_id: author.organization,
            sequence,
            at: author.at,
            actor_subject: author.subject.to_owned(),
            actor_name: author.name.to_owned(),
            request_id: author.request_id.to_owned(),
            action: entry.action.to_owned(),
            resource_type: entry.resource.to_owned(),
            resource_id: entry.id,
            review_id: entry.review,
            before: entry.before,
            after: entry.after,
            previous_hash: previous,
            hash: String::new(),
        };
        let hash = hash(&row);
        previous = hash.clone();
        rows.push(active(entity::audit_record::Model { hash, ..row }));
    }
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Sequence and hash of the newest record.
pub async fn head(
    connection: &impl sea_orm::ConnectionTrait,
    organization: OrganizationId,
) -> Result<(i64, String)> {
    let newest: Option<(i64, String)> = Entity::find()
        .select_only()
        .column(Column::Sequence)
        .column(Column::Hash)
        .filter(Column::OrganizationId.eq(organization))
        .order_by_desc(Column::Sequence)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(newest.unwrap_or_else(|| (0, GENESIS.to_owned())))
}

fn active(row: entity::audit_record::Model) -> ActiveModel {
    ActiveModel {
        id: Set(row.id),
        organization_id: Set(row.organization_id),
        sequence: Set(row.sequence),
        at: Set(row.at),
        actor_subject: Set(row.actor_subject),
        actor_name: Set(row.actor_name),
        request_id: Set(row.request_id),
        action: Set(row.action),
        resource_type: Set(row.resource_type),
        resource_id: Set(row.resource_id),
        review_id: Set(row.review_id),
        before: Set(row.before),
        after: Set(row.after),
        previous_hash: Set(row.previous_hash),
        hash: Set(row.hash),
    }
}

/// The hash of a record: SHA-256 over every field, each preceded by its length, in this order.
pub fn hash(row: &entity::audit_record::Model) -> String {
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
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
