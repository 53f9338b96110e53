//! Exporting a review, and importing one.

use chrono::Datelike as _;
use entity::review;

use super::body::{Arrived, ImportBody, ImportOutcome, ListCount};
use super::check::{self, Checked};
use super::differing;
use super::format::Written;
use super::naming::{self, Naming};
use super::resolve::{self, Matched};
use super::settle::{self, Place};
use super::{acknowledged, keep, store};
use crate::kernel::body::MAX_IMPORT;
use crate::kernel::call::{Call, Change};
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::parts;
use crate::reviews::body::ReviewBody;
use crate::whole::rows::Rows;
use crate::{milestones, reviews, whole};

/// A review as a document, with the key that it goes by.
///
/// It is held while it is read, so that nothing in the document is older than anything else in it.
pub async fn export(call: &Call, name: &str) -> Result<(String, String)> {
    // Before the review is held: who waits for a turn keeps nobody from writing.
    let _turn = whole::turn::turn().await?;
    let tx = call.state.database.begin().await?;
    let review = reviews::store::lock(&tx, &call.caller, name).await?;
    // Taken while it is held: what was closed just before is closed then.
    let now = call.state.clock.now();
    let rows = whole::store::rows(&tx, &review, now).await;
    tx.roll_back().await?;
    let rows = rows?;
    let key = review.key.clone();
    let text = parts::apart(move || serde_json::to_string(&Written::now(now, &review, &rows)));
    let text = text.await?;
    let text = text.map_err(|error| Error::Internal(format!("no export: {error}")))?;
    if text.len() > MAX_IMPORT {
        let detail =
            format!("the document would have more than the {MAX_IMPORT} bytes of an import");
        let fault = Fault::of("too_large", detail.clone());
        return Err(Error::state(detail, vec![fault]));
    }
    Ok((key, text))
}

/// A document as its parts are called here.
#[derive(Debug)]
struct Arrivals {
    review: review::Model,
    rows: Rows,
    matched: Matched,
    naming: Naming,
    document_key: String,
    counts: Vec<ListCount>,
    unresolved: Vec<Fault>,
}

/// Imports a review: all of it, or nothing.
pub async fn import(change: &Change, document: Checked, dry_run: bool) -> Result<ImportBody> {
    let organization = change.organization();
    // Two imports of one document must not both find nothing.
    change
        .serialize_on("import", organization.as_bytes())
        .await?;
    let shared = store::is_shared(&**change).await?;
    let naming = if shared {
        Naming::Own(organization)
    } else {
        Naming::Kept
    };
    let original = document.review();
    let ids = [original, naming.of(original)];
    if let Some(existing) = store::with_id(&**change, organization, ids).await? {
        // Where it comes from, everything has the document's ids; elsewhere those of the import.
        let naming = if existing.id == original {
            Naming::Kept
        } else {
            naming
        };
        let arrivals = arrive(change, document, naming).await?;
        return arrivals.compare(change, existing).await;
    }
    let mut arrivals = arrive(change, document, naming).await?;
    let wanted = arrivals.document_key.clone();
    let is_free = !store::has_key(&**change, organization, &wanted).await?;
    if dry_run {
        let key = is_free.then_some(wanted);
        let id = arrivals.review.id;
        return Ok(arrivals.told(ImportOutcome::WouldCreate, (id, key), None));
    }
    let key = if is_free {
        if let Some(numbered) = check::numbered(&wanted) {
            store::count_from(change, organization, numbered).await?;
        }
        wanted
    } else {
        let year = change.now.0.year();
        let number = reviews::store::next_number(change, organization, year).await?;
        format!("PIR-{year}-{number:04}")
    };
    arrivals.settle(change, &key);
    let known: Vec<_> = resolve::known(&arrivals.matched.incidents)
        .into_iter()
        .collect();
    crate::incidents::store::hold(change, organization, &known).await?;
    let rows = std::mem::take(&mut arrivals.rows);
    let review = keep::all(change, arrivals.review.clone(), rows, &arrivals.matched).await?;
    reviews::service::record(change, "review.import", None, &review)?;
    milestones::refill(change, review.id, &known).await?;
    let review = reviews::store::current(change, &review).await?;
    let named = (review.id, Some(review.key.clone()));
    let body = ReviewBody::from(review);
    Ok(arrivals.told(ImportOutcome::Created, named, Some(body)))
}

/// Names the parts of a document as they are called here, and looks up what is outside.
async fn arrive(change: &Change, document: Checked, naming: Naming) -> Result<Arrivals> {
    let Checked(mut document) = document;
    let (review, original) = typed(document.clone())?;
    let counts = original.counts().into_iter();
    let counts = counts
        .map(|(list, rows)| ListCount { list, rows })
        .collect();
    let mut matched = resolve::matched(change, (&document, &original), naming).await?;
    naming::rename(&mut document, &matched.names);
    let (mut renamed, mut rows) = typed(document)?;
    let mut seen = std::collections::HashSet::new();
    renamed.incident_ids.0.retain(|id| seen.insert(*id));
    acknowledged::rename((&review, &original), &renamed, &mut rows);
    let unresolved = resolve::outside(change, &mut rows).await?;
    differing::tell(change, &rows, &mut matched).await?;
    Ok(Arrivals {
        document_key: review.key,
        review: renamed,
        rows,
        matched,
        naming,
        counts,
        unresolved,
    })
}

/// The rows of a document that was checked.
fn typed(document: serde_json::Value) -> Result<(review::Model, Rows)> {
    let (typed, faults) = check::typed(document);
    match typed {
        Some(typed) if faults.is_empty() => Ok(typed),
        _ => Err(Error::invalid(faults)),
    }
}

impl Arrivals {
    /// Sets what the document does not say.
    fn settle(&mut self, change: &Change, key: &str) {
        let place = Place {
            organization: change.organization(),
            review: self.review.id,
            key,
        };
        settle::review(place, &mut self.review);
        settle::rows(place, &mut self.rows);
    }

    /// What is told of a document whose review is here: that nothing was to do, or that it differs.
    async fn compare(mut self, change: &Change, existing: review::Model) -> Result<ImportBody> {
        let stored = whole::store::rows(&**change, &existing, change.now).await?;
        self.settle(change, &existing.key);
        if existing == self.review && own(&stored) == own(&self.rows) {
            let named = (existing.id, Some(existing.key.clone()));
            let body = ReviewBody::from(existing);
            return Ok(self.told(ImportOutcome::Unchanged, named, Some(body)));
        }
        let key = &existing.key;
        let detail = format!("the review is here as {key}, and is not as the document has it");
        let fault = Fault::at("/review/id", "already_here", detail.clone());
        Err(Code::Conflict
            .because(detail)
            .with_faults(vec![fault])
            .into())
    }

    fn told(
        self,
        outcome: ImportOutcome,
        (review_id, review_key): (uuid::Uuid, Option<String>),
        review: Option<ReviewBody>,
    ) -> ImportBody {
        let moved = |arrived: &[Arrived]| arrived.iter().any(|one| one.id != one.document_id);
        let matched = self.matched;
        let ids_kept = self.naming == Naming::Kept
            && ![&matched.incidents, &matched.documents, &matched.revisions]
                .into_iter()
                .any(|arrived| moved(arrived));
        ImportBody {
            outcome,
            review_id,
            review_key,
            document_key: self.document_key,
            ids_kept,
            review,
            rows: self.counts,
            incidents: matched.incidents,
            documents: matched.documents,
            document_revisions: matched.revisions,
            unresolved: self.unresolved,
        }
    }
}

/// What belongs to the review alone.
fn own(rows: &Rows) -> Rows {
    Rows {
        incidents: Vec::new(),
        documents: Vec::new(),
        document_revisions: Vec::new(),
        ..rows.clone()
    }
}
