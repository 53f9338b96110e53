//! Routes of a review's life.

use actix_web::{HttpResponse, get, post};

use super::body::{
    ListSnapshots, ReadinessBody, SnapshotBody, SnapshotContent, SnapshotList, SnapshotPath,
    StepReadiness, TakeReasonedStep, TakeStep, WaiveReview,
};
use super::rules::{self, Step};
use super::service::{self, Grounds};
use super::store;
use crate::kernel::access::Scope;
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::{ReviewBody, ReviewPath};

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(get_readiness)
        .service(get_snapshot)
        .service(list_snapshots)
        .service(get_snapshot_by_hash)
        .service(start_review)
        .service(submit_review)
        .service(publish_review)
        .service(close_review)
        .service(waive_review)
        .service(cancel_review)
        .service(reopen_review);
}

/// Read what every step asks for
///
/// Every condition that is not met is listed with its code, for each step, ahead of time.
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ReadinessBody)))]
#[get("/reviews/{review}/readiness")]
async fn get_readiness(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let today = call.now.0.date_naive();
    let facts = store::facts(call.read(), &review, &call.caller, today).await?;
    let may = call.caller.scopes.contains(Scope::ReviewsTransition);
    let steps = Step::ALL.into_iter().map(|step| {
        let mut unmet = rules::unmet(step, &facts);
        if !may {
            let detail = "the credential lacks the scope reviews:transition";
            unmet.push(Fault::of("missing_scope", detail));
        }
        StepReadiness {
            step: step.name(),
            to: step.target(),
            ready: unmet.is_empty(),
            unmet,
        }
    });
    call.ok(&ReadinessBody {
        review_id: review.id,
        status: review.status,
        steps: steps.collect(),
    })
}

/// Read the published snapshot
///
/// The review as it was last published, byte for byte what `snapshot_sha256` is the SHA-256 of.
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = SnapshotContent)))]
#[get("/reviews/{review}/snapshot")]
async fn get_snapshot(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let snapshot = store::newest(call.read(), call.organization(), review.id).await?;
    let snapshot =
        snapshot.ok_or_else(|| Error::not_found("snapshot: the review was never published"))?;
    call.ok_text(format!("\"{}\"", snapshot.sha256), snapshot.content)
}

/// List a review's snapshots
///
/// One of each publication; a review that was reopened and published again has several.
#[utoipa::path(tag = "Reviews", params(ReviewPath, ListSnapshots, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = SnapshotList)))]
#[get("/reviews/{review}/snapshots")]
async fn list_snapshots(
    call: Call,
    path: Path<ReviewPath>,
    Query(list): Query<ListSnapshots>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let of = (call.organization(), review.id);
    let page = store::snapshots(call.read(), of, list.sort, &call.page(&paging)).await?;
    call.list(page, SnapshotBody::from)
}

/// Read a snapshot by its hash
///
/// The review as it was published then, byte for byte what the hash is the SHA-256 of.
#[utoipa::path(tag = "Reviews", params(SnapshotPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = SnapshotContent)))]
#[get("/reviews/{review}/snapshots/{sha256}")]
async fn get_snapshot_by_hash(call: Call, path: Path<SnapshotPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let of = (call.organization(), review.id);
    let snapshot = store::snapshot(call.read(), of, &path.sha256).await?;
    let snapshot = snapshot.ok_or_else(|| Error::not_found("snapshot"))?;
    call.ok_text(format!("\"{}\"", snapshot.sha256), snapshot.content)
}

async fn take(call: Call, review: &str, step: Step, grounds: Grounds) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::take(change, review, &call.precondition, step, grounds).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&ReviewBody::from(row))?.with_tag(tag))
    })
    .await
}

/// Start a review
///
/// From draft to in_progress.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/start")]
async fn start_review(
    call: Call,
    path: Path<ReviewPath>,
    OptionalBody(step): OptionalBody<TakeStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: step.reason,
        approver: None,
    };
    take(call, &path.review, Step::Start, grounds).await
}

/// Submit a review for approval
///
/// From in_progress to in_review. Asks for an owner, a summary, at least one event, and what the
/// review's policy asks for: assessments, impacts, functions, and a workshop that was held with a
/// neutral facilitator and every required function present or excused; and that no board of a session
/// that was held still collects or takes votes.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/submit")]
async fn submit_review(
    call: Call,
    path: Path<ReviewPath>,
    OptionalBody(step): OptionalBody<TakeStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: step.reason,
        approver: None,
    };
    take(call, &path.review, Step::Submit, grounds).await
}

/// Publish a review
///
/// From in_review to published; the caller approves, who must not be the owner. Freezes a snapshot
/// with its hash. Asks for a cause with evidence, never human error alone, a recommendation, an action
/// or a reason for none for every gap, a decision about every recommendation, an action for every
/// accepted one, owner, due date and closure criteria of every action, a strength, and that every note
/// on its wording was acknowledged or what it is on reworded. Boards that collect or take votes are
/// closed, but for those of sessions that follow the publication.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/publish")]
async fn publish_review(
    call: Call,
    path: Path<ReviewPath>,
    OptionalBody(step): OptionalBody<TakeStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: step.reason,
        approver: None,
    };
    take(call, &path.review, Step::Publish, grounds).await
}

/// Close a review
///
/// From published to closed. Asks that every action is verified, declined, cancelled, or its risk
/// accepted with approver and end; that every recommendation is decided about; and that every lesson
/// is embedded in a document or retired.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/close")]
async fn close_review(
    call: Call,
    path: Path<ReviewPath>,
    OptionalBody(step): OptionalBody<TakeStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: step.reason,
        approver: None,
    };
    take(call, &path.review, Step::Close, grounds).await
}

/// Waive a review
///
/// No review is needed: with a reason and an approver who is not the owner. Boards that collect or take
/// votes end: anonymous contributions that were not shown yet are destroyed, votes are counted.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = WaiveReview, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/waive")]
async fn waive_review(
    call: Call,
    path: Path<ReviewPath>,
    Body(step): Body<WaiveReview>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: Some(step.reason),
        approver: Some(step.approver.person()),
    };
    take(call, &path.review, Step::Waive, grounds).await
}

/// Cancel a review
///
/// It was opened in error: with a reason. Boards that collect or take votes end: anonymous contributions
/// that were not shown yet are destroyed, votes are counted.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeReasonedStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/cancel")]
async fn cancel_review(
    call: Call,
    path: Path<ReviewPath>,
    Body(step): Body<TakeReasonedStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: Some(step.reason),
        approver: None,
    };
    take(call, &path.review, Step::Cancel, grounds).await
}

/// Reopen a review
///
/// Back to in_progress, with a reason. What was published stays readable as its snapshot.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeReasonedStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/reopen")]
async fn reopen_review(
    call: Call,
    path: Path<ReviewPath>,
    Body(step): Body<TakeReasonedStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: Some(step.reason),
        approver: None,
    };
    take(call, &path.review, Step::Reopen, grounds).await
}
