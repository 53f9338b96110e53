//! Routes of a review's life.

use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::body::{
    ReadinessBody, SnapshotContent, StepReadiness, TakeReasonedStep, TakeStep, WaiveReview,
};
use super::rules::{self, Step};
use super::service::{self, Grounds};
use super::store;
use crate::kernel::access::Scope;
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::etag;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::{ReviewBody, ReviewPath};

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_readiness)
        .service(get_snapshot)
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
async fn get_readiness(call: Call, path: web::Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let facts = store::facts(call.read(), &review, &call.caller).await?;
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
async fn get_snapshot(call: Call, path: web::Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let snapshot = store::newest(call.read(), call.organization(), review.id).await?;
    let snapshot =
        snapshot.ok_or_else(|| Error::not_found("snapshot: the review was never published"))?;
    call.ok_text(format!("\"{}\"", snapshot.sha256), snapshot.content)
}

async fn take(call: Call, review: &str, step: Step, grounds: Grounds) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::take(change, review, &call.if_match, step, grounds).await?;
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
    path: web::Path<ReviewPath>,
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
/// From in_progress to in_review. Asks for an owner, a summary and at least one event.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/submit")]
async fn submit_review(
    call: Call,
    path: web::Path<ReviewPath>,
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
/// with its hash. Asks for a cause with evidence, never human error alone, an answer to every gap,
/// owner, due date and closure criteria of every action, and a strength.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/publish")]
async fn publish_review(
    call: Call,
    path: web::Path<ReviewPath>,
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
/// accepted with approver and end.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/close")]
async fn close_review(
    call: Call,
    path: web::Path<ReviewPath>,
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
/// No review is needed: with a reason and an approver who is not the owner.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = WaiveReview, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/waive")]
async fn waive_review(
    call: Call,
    path: web::Path<ReviewPath>,
    Body(step): Body<WaiveReview>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: Some(step.reason),
        approver: Some(step.approver),
    };
    take(call, &path.review, Step::Waive, grounds).await
}

/// Cancel a review
///
/// It was opened in error: with a reason.
#[utoipa::path(tag = "Reviews", params(ReviewPath), request_body = TakeReasonedStep, security(("oauth2" = ["reviews:transition"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = ReviewBody)))]
#[post("/reviews/{review}/cancel")]
async fn cancel_review(
    call: Call,
    path: web::Path<ReviewPath>,
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
    path: web::Path<ReviewPath>,
    Body(step): Body<TakeReasonedStep>,
) -> Result<HttpResponse> {
    let grounds = Grounds {
        reason: Some(step.reason),
        approver: None,
    };
    take(call, &path.review, Step::Reopen, grounds).await
}
