//! Deadlines, and those of the reviews, actions, risks and verifications that are there already.

use std::collections::HashMap;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::QueryResult;
use sea_orm_migration::sea_orm::prelude::{Date, DateTimeUtc, Json, Uuid};

use crate::columns::{
    id, id_or_null, index, instant, instant_or_null, integer, primary_id, refers, text,
    text_or_null, unique,
};

/// Creates the deadlines.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// How many rows are read at once.
const CHUNK: u64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager).await?;
        fill_from(manager, "reviews", REVIEW, of_review).await?;
        let rechecks = rechecks(manager).await?;
        fill_from(manager, "actions", ACTION, |row| of_action(row, &rechecks)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("deadlines").to_owned())
            .await
    }
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("deadlines")
                .col(primary_id())
                .col(id("organization_id"))
                .col(id_or_null("review_id"))
                .col(text("kind"))
                .col(id("resource_id"))
                .col(text("title"))
                .col(text_or_null("owner"))
                .col(instant("due_at"))
                .col(instant_or_null("met_at"))
                .col(text_or_null("outcome"))
                .col(instant_or_null("announce_at"))
                .col(integer("announced"))
                .col(instant("created_at"))
                .col(instant("updated_at"))
                .foreign_key(&mut refers("deadlines", "organization_id", "organizations"))
                .foreign_key(&mut refers("deadlines", "review_id", "reviews"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("deadlines", &["resource_id", "kind"]))
        .await?;
    // What the upkeep asks for every few seconds.
    manager
        .create_index(index("deadlines", &["announce_at", "id"]))
        .await?;
    for columns in [
        &["organization_id", "due_at", "id"][..],
        &["organization_id", "created_at", "id"],
        &["organization_id", "kind", "due_at", "id"],
        &["organization_id", "outcome", "due_at", "id"],
        &["organization_id", "owner", "due_at", "id"],
        &["review_id", "due_at", "id"],
    ] {
        manager.create_index(index("deadlines", columns)).await?;
    }
    Ok(())
}

const REVIEW: &[&str] = &[
    "id",
    "organization_id",
    "title",
    "owner",
    "status",
    "workshop_due_at",
    "publish_due_at",
    "published_at",
    "updated_at",
];

const ACTION: &[&str] = &[
    "id",
    "organization_id",
    "review_id",
    "title",
    "owner_key",
    "status",
    "due_on",
    "implemented_at",
    "verified_at",
    "ended",
    "updated_at",
];

/// A deadline to be.
struct Deadline {
    kind: &'static str,
    review: Uuid,
    owner: Option<String>,
    due_at: DateTimeUtc,
    met_at: Option<DateTimeUtc>,
}

/// Reads a table in the order of its ids and adds the deadlines of each row.
async fn fill_from(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    due: impl Fn(&QueryResult) -> Result<Vec<Deadline>, DbErr>,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let mut last: Option<Uuid> = None;
    loop {
        let mut next = Query::select()
            .columns(columns.iter().copied())
            .from(table)
            .order_by("id", Order::Asc)
            .limit(CHUNK)
            .to_owned();
        if let Some(last) = last {
            next.and_where(Expr::col("id").gt(last));
        }
        let rows = connection.query_all(&next).await?;
        let Some(newest) = rows.last() else {
            return Ok(());
        };
        last = Some(newest.try_get("", "id")?);
        for row in &rows {
            for (at, due) in due(row)?.into_iter().enumerate() {
                let insert = insert(row, &due, at)?;
                connection.execute(&insert).await?;
            }
        }
    }
}

/// The statement that adds a deadline; it is announced by the first upkeep when its time has come.
fn insert(row: &QueryResult, due: &Deadline, at: usize) -> Result<InsertStatement, DbErr> {
    let resource: Uuid = row.try_get("", "id")?;
    let organization: Uuid = row.try_get("", "organization_id")?;
    let title: String = row.try_get("", "title")?;
    let updated_at: DateTimeUtc = row.try_get("", "updated_at")?;
    let outcome = due
        .met_at
        .map(|met| if met <= due.due_at { "met" } else { "breached" });
    // The upkeep says what there is to announce of what is not met.
    let announce_at = due.met_at.is_none().then_some(updated_at);
    let values = [
        derived(resource, at).into(),
        organization.into(),
        due.review.into(),
        due.kind.into(),
        resource.into(),
        title.into(),
        due.owner.clone().into(),
        due.due_at.into(),
        due.met_at.into(),
        outcome.map(str::to_owned).into(),
        announce_at.into(),
        0.into(),
        updated_at.into(),
        updated_at.into(),
    ];
    Ok(Query::insert()
        .into_table("deadlines")
        .columns([
            "id",
            "organization_id",
            "review_id",
            "kind",
            "resource_id",
            "title",
            "owner",
            "due_at",
            "met_at",
            "outcome",
            "announce_at",
            "announced",
            "created_at",
            "updated_at",
        ])
        .values_panic(values)
        .to_owned())
}

/// An id of its own for each deadline of a resource: the resource's, with other last bits.
fn derived(resource: Uuid, at: usize) -> Uuid {
    Uuid::from_u128(resource.as_u128() ^ (at as u128 + 1))
}

fn of_review(row: &QueryResult) -> Result<Vec<Deadline>, DbErr> {
    let review: Uuid = row.try_get("", "id")?;
    let status: String = row.try_get("", "status")?;
    let is_published = matches!(status.as_str(), "published" | "closed");
    if !is_published && !matches!(status.as_str(), "draft" | "in_progress" | "in_review") {
        return Ok(Vec::new());
    }
    let owner: Option<Json> = row.try_get("", "owner")?;
    let owner = owner.and_then(|one| {
        let known = one["subject"].as_str().or_else(|| one["name"].as_str());
        known.map(str::to_owned)
    });
    let due = |kind, due_at: Option<DateTimeUtc>, met_at| {
        due_at.map(|due_at| Deadline {
            kind,
            review,
            owner: owner.clone(),
            due_at,
            met_at,
        })
    };
    let published: Option<DateTimeUtc> = row.try_get("", "published_at")?;
    let workshop = due("workshop_due", row.try_get("", "workshop_due_at")?, None);
    let publication = due(
        "publication_due",
        row.try_get("", "publish_due_at")?,
        published.filter(|_| is_published),
    );
    let workshop = workshop.filter(|_| !is_published);
    Ok(workshop.into_iter().chain(publication).collect())
}

/// When each action is to be looked at again, as its latest verification says.
async fn rechecks(manager: &SchemaManager<'_>) -> Result<HashMap<Uuid, Date>, DbErr> {
    let connection = manager.get_connection();
    let mut latest = HashMap::new();
    let mut last: Option<Uuid> = None;
    loop {
        let mut next = Query::select()
            .columns(["id", "action_id", "recheck_on"])
            .from("verifications")
            .order_by("id", Order::Asc)
            .limit(CHUNK)
            .to_owned();
        if let Some(last) = last {
            next.and_where(Expr::col("id").gt(last));
        }
        let rows = connection.query_all(&next).await?;
        let Some(newest) = rows.last() else {
            return Ok(latest);
        };
        last = Some(newest.try_get("", "id")?);
        for row in &rows {
            let action: Uuid = row.try_get("", "action_id")?;
            match row.try_get::<Option<Date>>("", "recheck_on")? {
                Some(on) => latest.insert(action, on),
                None => latest.remove(&action),
            };
        }
    }
}

fn of_action(row: &QueryResult, rechecks: &HashMap<Uuid, Date>) -> Result<Vec<Deadline>, DbErr> {
    let due = |kind, on: Date, met_at| {
        Ok(Deadline {
            kind,
            review: row.try_get("", "review_id")?,
            owner: row.try_get("", "owner_key")?,
            due_at: end_of(on)?,
            met_at,
        })
    };
    let status: String = row.try_get("", "status")?;
    let due_on: Option<Date> = row.try_get("", "due_on")?;
    let deadline = match status.as_str() {
        "risk_accepted" => {
            let ended: Option<Json> = row.try_get("", "ended")?;
            let on = ended.and_then(|end| end["expires_on"].as_str()?.parse().ok());
            on.map(|on| due("risk_expiry", on, None))
        }
        "declined" | "cancelled" => None,
        "implemented" | "verified" => {
            let implemented: Option<DateTimeUtc> = row.try_get("", "implemented_at")?;
            let verified: Option<DateTimeUtc> = row.try_get("", "verified_at")?;
            due_on.map(|on| due("action_due", on, implemented.or(verified)))
        }
        _ => due_on.map(|on| due("action_due", on, None)),
    };
    let id: Uuid = row.try_get("", "id")?;
    let is_done = matches!(status.as_str(), "implemented" | "verified");
    let recheck = rechecks.get(&id).filter(|_| is_done);
    let recheck = recheck.map(|on| due("verification_recheck", *on, None));
    deadline.into_iter().chain(recheck).collect()
}

/// The last microsecond of a day in UTC.
fn end_of(day: Date) -> Result<DateTimeUtc, DbErr> {
    let end = day.and_hms_micro_opt(23, 59, 59, 999_999);
    let end = end.ok_or_else(|| DbErr::Custom("a day has an end".to_owned()))?;
    Ok(end.and_utc())
}
