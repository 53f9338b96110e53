//! Routes of briefings.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::briefing::Model;

use super::body::{BriefingBody, BriefingList, BriefingPath, ListBriefings};
use super::content::BriefingContent;
use super::input::{AcknowledgeBriefing, BriefingPatch, DeliverBriefing, DraftBriefing};
use super::{delivery, service, store};
use crate::chronology::body::OfReviews;
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
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
        .service(list_briefings)
        .service(list_review_briefings)
        .service(draft_briefing)
        .service(get_briefing)
        .service(update_briefing)
        .service(discard_briefing)
        .service(get_briefing_content)
        .service(get_briefing_markdown)
        .service(issue_briefing)
        .service(deliver_briefing)
        .service(acknowledge_briefing);
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&BriefingBody::from(row))?.with_tag(tag))
}

/// List briefings across reviews
///
/// Of every review that exists for the caller.
#[utoipa::path(tag = "Briefings", params(OfReviews, ListBriefings, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = BriefingList)))]
#[get("/briefings")]
async fn list_briefings(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListBriefings>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, of.review_id.as_slice());
    let page = store::list_across(call.read(), whose, &filter, &call.page(&paging)).await?;
    call.list(page, BriefingBody::from)
}

/// List a review's briefings
#[utoipa::path(tag = "Briefings", params(ReviewPath, ListBriefings, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = BriefingList)))]
#[get("/reviews/{review}/briefings")]
async fn list_review_briefings(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListBriefings>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), review.id, &filter, &call.page(&paging)).await?;
    call.list(page, BriefingBody::from)
}

/// Draft a briefing
///
/// Of what the review holds, for an audience that its marks allow: TLP:RED is for named persons, so
/// never `internal` or `external`; TLP:AMBER and a review that is not published are never `external`; a
/// restricted review is for its members, so never `internal` or `external`; one under legal privilege is
/// never `external`, and its analysis is for `legal` only. What is forbidden is refused with each reason;
/// what only parts of a review forbid is left out, and the briefing says so.
#[utoipa::path(tag = "Briefings", params(ReviewPath), request_body = DraftBriefing, security(("oauth2" = ["briefings:write"])), responses((status = 201, body = BriefingBody)))]
#[post("/reviews/{review}/briefings")]
async fn draft_briefing(
    call: Call,
    path: Path<ReviewPath>,
    Body(briefing): Body<DraftBriefing>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, &path.review, briefing).await?;
        let location = format!("/api/v1/briefings/{}", row.id);
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &BriefingBody::from(row))
    })
    .await
}

/// Read a briefing
///
/// Where it stands and whom it has reached. What it tells is read as `content` or as `markdown`.
#[utoipa::path(tag = "Briefings", params(BriefingPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = BriefingBody)))]
#[get("/briefings/{briefing}")]
async fn get_briefing(call: Call, path: Path<BriefingPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.briefing).await?;
    call.ok_tagged(etag::tag(row.version, ""), &BriefingBody::from(row))
}

/// Change a draft
#[utoipa::path(tag = "Briefings", params(BriefingPath), request_body(content((BriefingPatch = "application/merge-patch+json"), (BriefingPatch = "application/json"))), security(("oauth2" = ["briefings:write"])), responses((status = 200, body = BriefingBody)))]
#[patch("/briefings/{briefing}")]
async fn update_briefing(
    call: Call,
    path: Path<BriefingPath>,
    patch: BriefingPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, path.briefing, &call.precondition, &patch).await?)
    })
    .await
}

/// Discard a draft
///
/// What was issued stays.
#[utoipa::path(tag = "Briefings", params(BriefingPath), security(("oauth2" = ["briefings:write"])), responses((status = 204)))]
#[delete("/briefings/{briefing}")]
async fn discard_briefing(call: Call, path: Path<BriefingPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::discard(change, path.briefing, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Read what a briefing tells
///
/// As it was frozen, byte for byte what `sha256` is the SHA-256 of; of a draft, as it would be frozen
/// now.
#[utoipa::path(tag = "Briefings", params(BriefingPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = BriefingContent)))]
#[get("/briefings/{briefing}/content")]
async fn get_briefing_content(call: Call, path: Path<BriefingPath>) -> Result<HttpResponse> {
    let rendered = service::read(&call, path.briefing).await?;
    let tag = format!("\"{}\"", service::sha256(&rendered.json));
    call.ok_text(tag, rendered.json)
}

/// Read a briefing as Markdown
///
/// The same as `content` for people to read, byte for byte what `markdown_sha256` is the SHA-256 of.
/// Texts of the review stand in it as text, never as markup.
#[utoipa::path(tag = "Briefings", params(BriefingPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = String, content_type = "text/markdown")))]
#[get("/briefings/{briefing}/markdown")]
async fn get_briefing_markdown(call: Call, path: Path<BriefingPath>) -> Result<HttpResponse> {
    let rendered = service::read(&call, path.briefing).await?;
    let name = format!("briefing-{}.md", path.briefing);
    Ok(call.ok_as("text/markdown; charset=utf-8", &name, rendered.markdown))
}

/// Issue a briefing
///
/// Freezes what it tells by the marks that the review has now. What was issued for the same audience
/// before is superseded by it.
#[utoipa::path(tag = "Briefings", params(BriefingPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["briefings:write"])), responses((status = 200, body = BriefingBody)))]
#[post("/briefings/{briefing}/issue")]
async fn issue_briefing(call: Call, path: Path<BriefingPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::issue(change, path.briefing, &call.precondition).await?)
    })
    .await
}

/// Record to whom a briefing was delivered
///
/// Of a restricted review, or one that is TLP:RED, to its members only.
#[utoipa::path(tag = "Briefings", params(BriefingPath), request_body = DeliverBriefing, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["briefings:write"])), responses((status = 200, body = BriefingBody)))]
#[post("/briefings/{briefing}/deliver")]
async fn deliver_briefing(
    call: Call,
    path: Path<BriefingPath>,
    Body(given): Body<DeliverBriefing>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(delivery::deliver(change, path.briefing, &call.precondition, given).await?)
    })
    .await
}

/// Acknowledge a briefing
///
/// For oneself, by whoever it was delivered to; for others with `briefings:write`. Said again, it
/// changes nothing.
#[utoipa::path(tag = "Briefings", params(BriefingPath), request_body = AcknowledgeBriefing, security(("oauth2" = ["reviews:read"])), responses((status = 200, body = BriefingBody)))]
#[post("/briefings/{briefing}/acknowledge")]
async fn acknowledge_briefing(
    call: Call,
    path: Path<BriefingPath>,
    OptionalBody(given): OptionalBody<AcknowledgeBriefing>,
) -> Result<HttpResponse> {
    call.write(async |change| tagged(delivery::acknowledge(change, path.briefing, &given).await?))
        .await
}
