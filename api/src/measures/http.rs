//! Routes of improvement measures.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use entity::improvement_measure::Model;

use super::body::{
    MeasureBody, MeasureEvaluationBody, MeasureEvaluationList, MeasureList, MeasureWithResult,
};
use super::evaluation::MeasureResult;
use super::input::{DefineMeasure, ListMeasures, MeasureEvaluationPath, MeasurePatch, MeasurePath};
use super::store::MeasureEvaluationSort;
use super::{service, store};
use crate::chronology::body::OfReviews;
use crate::kernel::audit::hex;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_improvement_measures)
        .service(list_review_improvement_measures)
        .service(define_improvement_measure)
        .service(get_improvement_measure)
        .service(update_improvement_measure)
        .service(delete_improvement_measure)
        .service(evaluate_improvement_measure)
        .service(list_measure_evaluations)
        .service(get_measure_evaluation);
}

/// List improvement measures across reviews
///
/// Of every review that exists for the caller; changes are made below the review.
#[utoipa::path(tag = "Improvement measures", params(ListMeasures, OfReviews, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = MeasureList)))]
#[get("/improvement-measures")]
async fn list_improvement_measures(
    call: Call,
    Query(filter): Query<ListMeasures>,
    Query(of): Query<OfReviews>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, request) = (call.read(), call.page(&paging));
    let page = store::list_across(read, &call.caller, &of.review_id, &filter, &request).await?;
    call.list(page, MeasureBody::from)
}

/// List a review's improvement measures
#[utoipa::path(tag = "Improvement measures", params(ReviewPath, ListMeasures, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = MeasureList)))]
#[get("/reviews/{review}/improvement-measures")]
async fn list_review_improvement_measures(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListMeasures>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), &review, &filter, &call.page(&paging)).await?;
    call.list(page, MeasureBody::from)
}

/// Define an improvement measure
///
/// Also after the review was published or closed; refused once it was waived or cancelled.
#[utoipa::path(tag = "Improvement measures", params(ReviewPath), request_body = DefineMeasure, security(("oauth2" = ["actions:write"])), responses((status = 201, body = MeasureBody)))]
#[post("/reviews/{review}/improvement-measures")]
async fn define_improvement_measure(
    call: Call,
    path: Path<ReviewPath>,
    Body(measure): Body<DefineMeasure>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::define(change, &path.review, measure).await?;
        let location = location(&row);
        Reply::created(
            location,
            etag::tag(row.version, ""),
            &MeasureBody::from(row),
        )
    })
    .await
}

fn location(row: &Model) -> String {
    let (review, measure) = (row.review_id, row.id);
    format!("/api/v1/reviews/{review}/improvement-measures/{measure}")
}

/// What a measure shows, computed on a thread that nobody waits for.
async fn answered(call: &Call, path: &MeasurePath) -> Result<(Model, MeasureResult)> {
    let named = (path.review.as_str(), path.measure);
    let looked = service::look(call.read(), &call.caller, named, call.now).await?;
    web::block(move || looked.answer())
        .await
        .map_err(|_| Error::Internal("an evaluation was not finished".to_owned()))
}

/// Read an improvement measure and what it shows now
///
/// The rates of incidents in both times are compared by their ratio with its exact interval, the
/// medians of a duration by their difference with a bootstrap interval that is the same whenever it
/// is computed. The verdict is `no_change` when the whole interval lies within the tolerance,
/// `improved` or `worse` when it leaves out no change, and `inconclusive` otherwise, when fewer than 5
/// incidents would be expected in one of the times, or fewer than 5 durations were measured. Its ETag
/// changes with its version and with what it shows.
#[utoipa::path(tag = "Improvement measures", params(MeasurePath), security(("oauth2" = ["reviews:read", "metrics:read"])), responses((status = 200, body = MeasureWithResult)))]
#[get("/reviews/{review}/improvement-measures/{measure}")]
async fn get_improvement_measure(call: Call, path: Path<MeasurePath>) -> Result<HttpResponse> {
    let (row, result) = answered(&call, &path).await?;
    let tag = etag::tag(row.version, &digest(&result)?);
    let body = MeasureWithResult {
        measure: MeasureBody::from(row),
        result,
    };
    call.ok_tagged(tag, &body)
}

/// What tells results of one version apart, whenever they were computed.
fn digest(result: &MeasureResult) -> Result<String> {
    let timeless = MeasureResult {
        as_of: result.baseline.from,
        ..result.clone()
    };
    let written = serde_json::to_vec(&timeless)
        .map_err(|error| Error::Internal(format!("a result cannot be written: {error}")))?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &written);
    Ok(hex(&digest.as_ref()[..6]))
}

/// Change an improvement measure
///
/// What was kept of it before stays as it was, with the definition that it had.
#[utoipa::path(tag = "Improvement measures", params(MeasurePath), request_body(content((MeasurePatch = "application/merge-patch+json"), (MeasurePatch = "application/json"))), security(("oauth2" = ["actions:write"])), responses((status = 200, body = MeasureBody)))]
#[patch("/reviews/{review}/improvement-measures/{measure}")]
async fn update_improvement_measure(
    call: Call,
    path: Path<MeasurePath>,
    patch: MeasurePatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.measure);
        let row = service::update(change, named, &call.precondition, &patch).await?;
        let tag = etag::tag(row.version, "");
        Ok(Reply::ok(&MeasureBody::from(row))?.with_tag(tag))
    })
    .await
}

/// Delete an improvement measure
///
/// Refused once it was evaluated: what it showed is kept.
#[utoipa::path(tag = "Improvement measures", params(MeasurePath), security(("oauth2" = ["actions:write"])), responses((status = 204)))]
#[delete("/reviews/{review}/improvement-measures/{measure}")]
async fn delete_improvement_measure(call: Call, path: Path<MeasurePath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.measure);
        service::delete(change, named, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Evaluate an improvement measure and keep what it shows
///
/// The numbers, the verdict and the measure's definition are kept as they are now. The measure's own
/// ETag changes, as it shows its last verdict.
#[utoipa::path(tag = "Improvement measures", params(MeasurePath), security(("oauth2" = ["actions:write", "metrics:read"])), extensions(("x-if-match" = json!(true))), responses((status = 201, body = MeasureEvaluationBody)))]
#[post("/reviews/{review}/improvement-measures/{measure}/evaluate")]
async fn evaluate_improvement_measure(call: Call, path: Path<MeasurePath>) -> Result<HttpResponse> {
    let (row, result) = answered(&call, &path).await?;
    call.write(async |change| {
        let seen = (&row, &result);
        let kept = service::keep(change, &path.review, &call.precondition, seen).await?;
        let location = format!("{}/evaluations/{}", location(&row), kept.id);
        Reply::created(
            location,
            etag::tag(1, ""),
            &MeasureEvaluationBody::from(kept),
        )
    })
    .await
}

/// List the evaluations of an improvement measure
///
/// What was kept of it, the newest first.
#[utoipa::path(tag = "Improvement measures", params(MeasurePath, Paging), security(("oauth2" = ["reviews:read", "metrics:read"])), responses((status = 200, body = MeasureEvaluationList)))]
#[get("/reviews/{review}/improvement-measures/{measure}/evaluations")]
async fn list_measure_evaluations(
    call: Call,
    path: Path<MeasurePath>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let measure = store::find(call.read(), &review, path.measure).await?;
    let (sort, request) = (MeasureEvaluationSort::default(), call.page(&paging));
    let page = store::evaluations(call.read(), &measure, sort, &request).await?;
    call.list(page, MeasureEvaluationBody::from)
}

/// Read an evaluation of an improvement measure
#[utoipa::path(tag = "Improvement measures", params(MeasureEvaluationPath), security(("oauth2" = ["reviews:read", "metrics:read"])), responses((status = 200, body = MeasureEvaluationBody)))]
#[get("/reviews/{review}/improvement-measures/{measure}/evaluations/{evaluation}")]
async fn get_measure_evaluation(
    call: Call,
    path: Path<MeasureEvaluationPath>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let measure = store::find(call.read(), &review, path.measure).await?;
    let row = store::evaluation(call.read(), &measure, path.evaluation).await?;
    call.ok_tagged(etag::tag(1, ""), &MeasureEvaluationBody::from(row))
}
