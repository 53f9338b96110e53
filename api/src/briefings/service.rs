//! Drafting and issuing briefings. How they reach people is in `delivery`.

use entity::briefing::Model;
use entity::review::Model as Review;
use entity::vocabulary::{BriefingAudience, BriefingSection, BriefingStatus};
use entity::{JsonColumn, Timestamp};
use ring::digest::{SHA256, digest};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::body::BriefingBody;
use super::compose;
use super::input::{BriefingPatch, ChangeBriefing, DraftBriefing};
use super::marks::{self, Marks};
use super::{render, store};
use crate::findings;
use crate::kernel::audit::{Entry, hex};
use crate::kernel::call::{Call, Change};
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag::Precondition;
use crate::kernel::ids;
use crate::references::repeated;
use crate::reviews;
use crate::text::searchable;

/// What a briefing tells: as JSON and as Markdown.
#[derive(Debug)]
pub struct Rendered {
    /// As JSON.
    pub json: String,
    /// As Markdown.
    pub markdown: String,
}

/// Drafts a briefing for an audience that the review's marks allow.
pub async fn create(change: &Change, review: &str, given: DraftBriefing) -> Result<Model> {
    let review = reviews::store::lock_shared(change, &change.caller, review).await?;
    if !findings::rules::amendable(review.status) {
        return Err(reviews::service::refused(review.status));
    }
    refuse_marks(given.audience, Marks::from(&review))?;
    check(&given.sections)?;
    let headline = given.headline.unwrap_or_else(|| review.title.clone());
    let row = Model {
        id: ids::next(),
        organization_id: review.organization_id,
        review_id: review.id,
        review_key: review.key.clone(),
        audience: given.audience,
        status: BriefingStatus::Draft,
        search_text: String::new(),
        headline,
        key_messages: JsonColumn(given.key_messages),
        decisions_wanted: JsonColumn(given.decisions_wanted),
        sections: JsonColumn(given.sections),
        deliveries: JsonColumn(Vec::new()),
        acknowledgements: JsonColumn(Vec::new()),
        superseded_by_id: None,
        content: None,
        markdown: None,
        sha256: None,
        markdown_sha256: None,
        issued_at: None,
        issued_by: None,
        version: 1,
        created_at: change.now,
        created_by: change.caller.subject.clone(),
        updated_at: change.now,
    };
    let row = store::insert(change, with_search_text(row)).await?;
    record(change, "briefing.draft", None, Some(&row))?;
    Ok(row)
}

/// Changes a draft.
pub async fn update(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
    patch: &BriefingPatch,
) -> Result<Model> {
    let (_, old) = locked(change, id, precondition).await?;
    require_draft(&old)?;
    let given = patch.apply(&ChangeBriefing::from(&old))?;
    check(&given.sections)?;
    let row = Model {
        headline: given.headline,
        key_messages: JsonColumn(given.key_messages),
        decisions_wanted: JsonColumn(given.decisions_wanted),
        sections: JsonColumn(given.sections),
        ..next_version(change, &old)
    };
    let row = store::save(change, with_search_text(row)).await?;
    record(change, "briefing.update", Some(&old), Some(&row))?;
    Ok(row)
}

/// Throws a draft away.
pub async fn discard(change: &Change, id: Uuid, precondition: &Precondition) -> Result<()> {
    let (_, old) = locked(change, id, precondition).await?;
    require_draft(&old)?;
    record(change, "briefing.discard", Some(&old), None)?;
    store::remove(change, old).await
}

/// Issues a draft: freezes what it tells by the marks that the review has now. It takes the place of
/// what was issued for the same audience before.
pub async fn issue(change: &Change, id: Uuid, precondition: &Precondition) -> Result<Model> {
    let (review, old) = locked(change, id, precondition).await?;
    require_draft(&old)?;
    let audience = old.audience;
    refuse_marks(audience, Marks::from(&review))?;
    // Two that are issued at once would not see each other.
    change
        .serialize_on("briefings", review.id.as_bytes())
        .await?;
    let rendered = rendered(&**change, &old, review, change.now).await?;
    let row = Model {
        status: BriefingStatus::Issued,
        sha256: Some(sha256(&rendered.json)),
        markdown_sha256: Some(sha256(&rendered.markdown)),
        content: Some(rendered.json),
        markdown: Some(rendered.markdown),
        issued_at: Some(change.now),
        issued_by: Some(change.caller.subject.clone()),
        ..next_version(change, &old)
    };
    for before in store::lock_issued(change, row.review_id, audience).await? {
        let superseded = Model {
            status: BriefingStatus::Superseded,
            superseded_by_id: Some(row.id),
            ..next_version(change, &before)
        };
        let superseded = store::save(change, superseded).await?;
        record(
            change,
            "briefing.supersede",
            Some(&before),
            Some(&superseded),
        )?;
    }
    let row = store::save(change, row).await?;
    record(change, "briefing.issue", Some(&old), Some(&row))?;
    Ok(row)
}

/// What a briefing tells a reader: as it was frozen, or, of a draft, as it would be now.
pub async fn read(call: &Call, id: Uuid) -> Result<Rendered> {
    let row = store::find(call.read(), &call.caller, id).await?;
    if let (Some(json), Some(markdown)) = (row.content.clone(), row.markdown.clone()) {
        return Ok(Rendered { json, markdown });
    }
    let review = row.review_id.to_string();
    let review = reviews::store::find(call.read(), &call.caller, &review).await?;
    rendered(call.read(), &row, review, call.now).await
}

/// What a briefing would be frozen as.
async fn rendered(
    connection: &impl ConnectionTrait,
    row: &Model,
    review: Review,
    now: Timestamp,
) -> Result<Rendered> {
    let source = store::source(connection, review).await?;
    let content = compose::content(row, source, now);
    let json = serde_json::to_string(&content)
        .map_err(|error| Error::Internal(format!("a briefing cannot be written: {error}")))?;
    Ok(Rendered {
        json,
        markdown: render::markdown(&content),
    })
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

/// Refuses an audience that a review must not reach, with every reason.
pub(super) fn refuse_marks(audience: BriefingAudience, marks: Marks) -> Result<()> {
    let refusals = marks::refusals(audience, marks);
    if refusals.is_empty() {
        return Ok(());
    }
    let detail = format!("the review must not reach the audience {audience}");
    Err(Error::state(detail, refusals))
}

fn require_draft(row: &Model) -> Result<()> {
    if row.status == BriefingStatus::Draft {
        return Ok(());
    }
    let detail = format!("the briefing is {}; draft another", row.status);
    let code = format!("briefing_is_{}", row.status);
    Err(Error::state(detail.clone(), vec![Fault::of(&code, detail)]))
}

fn check(sections: &[BriefingSection]) -> Result<()> {
    let faults = repeated("/sections", sections);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(faults))
    }
}

/// What lists search a briefing by: its own texts.
pub fn search_text(row: &Model) -> String {
    let own = row.key_messages.0.iter().chain(&row.decisions_wanted.0);
    let own = own.map(|text| Some(text.as_str()));
    let headline = Some(row.headline.as_str());
    searchable([headline].into_iter().chain(own))
}

fn with_search_text(row: Model) -> Model {
    Model {
        search_text: search_text(&row),
        ..row
    }
}

/// The review first, as everything that changes what is below it does.
pub(super) async fn held(change: &Change, id: Uuid) -> Result<(Review, Model)> {
    let known = store::find(&**change, &change.caller, id).await?;
    let review = known.review_id.to_string();
    let review = reviews::store::lock_shared(change, &change.caller, &review).await?;
    let row = store::lock(change, &review, id).await?;
    Ok((review, row))
}

pub(super) async fn locked(
    change: &Change,
    id: Uuid,
    precondition: &Precondition,
) -> Result<(Review, Model)> {
    let (review, row) = held(change, id).await?;
    precondition.check(row.version)?;
    Ok((review, row))
}

/// The same briefing, one version later.
pub(super) fn next_version(change: &Change, old: &Model) -> Model {
    Model {
        version: old.version + 1,
        updated_at: change.now,
        ..old.clone()
    }
}

/// Puts a change of a briefing on record.
pub(super) fn record(
    change: &Change,
    what: &'static str,
    before: Option<&Model>,
    after: Option<&Model>,
) -> Result<()> {
    let Some(row) = after.or(before) else {
        return Ok(());
    };
    let mut entry = Entry::new(what, store::RESOURCE, row.id).in_review(row.review_id);
    if let Some(before) = before {
        entry = entry.before(&BriefingBody::from(before.clone()))?;
    }
    if let Some(after) = after {
        entry = entry.after(&BriefingBody::from(after.clone()))?;
    }
    change.record(entry);
    Ok(())
}
