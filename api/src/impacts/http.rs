//! Routes of impacts.

use actix_web::{HttpResponse, delete, get, put};
use entity::impact::Model;

use super::body::{ImpactBody, ImpactList, ImpactPath, ListImpacts, PutImpact};
use super::comparison::{self, ImpactComparison};
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
        .service(list_impacts)
        .service(compare_impacts)
        .service(get_impact)
        .service(put_impact)
        .service(remove_impact);
}

/// List a review's impacts
#[utoipa::path(tag = "Impacts", params(ReviewPath, ListImpacts, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ImpactList)))]
#[get("/reviews/{review}/impacts")]
async fn list_impacts(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListImpacts>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, ImpactBody::from)
}

/// Compare the first estimate of the impact with the last
///
/// For each dimension: what changed in the rating, in each quantity and in the money of each
/// currency, and what only one of both names. Where the last likely amount lies outside the range
/// of the first estimate, the answer says so.
#[utoipa::path(tag = "Impacts", params(ReviewPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ImpactComparison)))]
#[get("/reviews/{review}/impacts/comparison")]
async fn compare_impacts(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let impacts = store::for_review(call.read(), review.id).await?;
    call.ok(&comparison::of(review.id, &impacts))
}

/// Read the impact in a dimension
#[utoipa::path(tag = "Impacts", params(ImpactPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = ImpactBody)))]
#[get("/reviews/{review}/impacts/{snapshot}/{dimension}")]
async fn get_impact(call: Call, path: Path<ImpactPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, (path.snapshot, path.dimension)).await?;
    let row = row.ok_or_else(|| Error::not_found("impact"))?;
    call.ok_tagged(etag::tag(row.version, ""), &ImpactBody::from(row))
}

/// Estimate the impact in a dimension
///
/// There is one for each estimate and dimension of a review: it is created, or replaced as a
/// whole. Sent again, it changes nothing. To put another in place of it takes its ETag in `If-Match`,
/// with which nothing is created. After publication the final estimate can still change, the others cannot.
#[utoipa::path(tag = "Impacts", params(ImpactPath), request_body = PutImpact, extensions(("x-if-match" = json!("to replace"))), security(("oauth2" = ["assessments:write"])), responses((status = 200, body = ImpactBody), (status = 201, body = ImpactBody)))]
#[put("/reviews/{review}/impacts/{snapshot}/{dimension}")]
async fn put_impact(
    call: Call,
    path: Path<ImpactPath>,
    Body(impact): Body<PutImpact>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let which = (path.review.as_str(), (path.snapshot, path.dimension));
        match service::put(change, which, &call.precondition, impact).await? {
            Put::Created(row) => {
                let (review, snapshot, dimension) = (row.review_id, row.snapshot, row.dimension);
                let location = format!("/api/v1/reviews/{review}/impacts/{snapshot}/{dimension}");
                let tag = etag::tag(row.version, "");
                Reply::created(location, tag, &ImpactBody::from(row))
            }
            Put::Stored(row) => tagged(row),
        }
    })
    .await
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&ImpactBody::from(row))?.with_tag(tag))
}

/// Remove the impact in a dimension
///
/// After publication only a final estimate can be removed.
#[utoipa::path(tag = "Impacts", params(ImpactPath), security(("oauth2" = ["assessments:write"])), responses((status = 204)))]
#[delete("/reviews/{review}/impacts/{snapshot}/{dimension}")]
async fn remove_impact(call: Call, path: Path<ImpactPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let which = (path.review.as_str(), (path.snapshot, path.dimension));
        service::remove(change, which, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}
