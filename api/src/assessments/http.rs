//! Routes of assessments.

use actix_web::{HttpResponse, delete, get, put};
use entity::assessment::Model;

use super::body::{AssessmentBody, AssessmentList, AssessmentPath, ListAssessments, PutAssessment};
use super::{service, store};
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::{Put, Reply};
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_assessments)
        .service(get_assessment)
        .service(put_assessment)
        .service(remove_assessment);
}

/// List a review's assessments
#[utoipa::path(tag = "Assessments", params(ReviewPath, ListAssessments, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = AssessmentList)))]
#[get("/reviews/{review}/assessments")]
async fn list_assessments(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListAssessments>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, AssessmentBody::from)
}

/// Read the assessment of a dimension
#[utoipa::path(tag = "Assessments", params(AssessmentPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = AssessmentBody)))]
#[get("/reviews/{review}/assessments/{dimension}")]
async fn get_assessment(call: Call, path: Path<AssessmentPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.dimension).await?;
    let row = row.ok_or_else(|| Error::not_found("assessment"))?;
    call.ok_tagged(etag::tag(row.version, ""), &AssessmentBody::from(row))
}

/// Assess a dimension
///
/// There is one assessment for each dimension of a review: it is created, or replaced as a whole.
/// Sent again, it changes nothing. To put another in place of it takes its ETag in `If-Match`, with which
/// nothing is created. A published review has to be reopened first.
#[utoipa::path(tag = "Assessments", params(AssessmentPath), request_body = PutAssessment, extensions(("x-if-match" = json!("to replace"))), security(("oauth2" = ["assessments:write"])), responses((status = 200, body = AssessmentBody), (status = 201, body = AssessmentBody)))]
#[put("/reviews/{review}/assessments/{dimension}")]
async fn put_assessment(
    call: Call,
    path: Path<AssessmentPath>,
    Body(assessment): Body<PutAssessment>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let which = (path.review.as_str(), path.dimension);
        match service::put(change, which, &call.precondition, assessment).await? {
            Put::Created(row) => {
                let (review, dimension) = (row.review_id, row.dimension);
                let location = format!("/api/v1/reviews/{review}/assessments/{dimension}");
                let tag = etag::tag(row.version, "");
                Reply::created(location, tag, &AssessmentBody::from(row))
            }
            Put::Stored(row) => tagged(row),
        }
    })
    .await
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&AssessmentBody::from(row))?.with_tag(tag))
}

/// Remove the assessment of a dimension
#[utoipa::path(tag = "Assessments", params(AssessmentPath), security(("oauth2" = ["assessments:write"])), responses((status = 204)))]
#[delete("/reviews/{review}/assessments/{dimension}")]
async fn remove_assessment(call: Call, path: Path<AssessmentPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let which = (path.review.as_str(), path.dimension);
        service::remove(change, which, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}
