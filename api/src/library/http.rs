//! Routes of the library of recommendations.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::recommendation_template::Model;

use super::body::{
    AddRecommendationTemplate, ListRecommendationTemplates, RecommendationTemplateBody,
    RecommendationTemplateList, RecommendationTemplatePatch, TemplatePath,
};
use super::{service, store};
use crate::kernel::body::Body;
use crate::kernel::call::{Call, Change};
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use uuid::Uuid;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_recommendation_templates)
        .service(add_recommendation_template)
        .service(get_recommendation_template)
        .service(update_recommendation_template)
        .service(remove_recommendation_template)
        .service(restore_recommendation_template);
}

/// A recommendation of the library as the caller sees it within a change.
async fn shown(change: &Change, row: Model) -> Result<RecommendationTemplateBody> {
    let uses = store::uses(&**change, &change.caller, &[row.id]).await?;
    let own = uses.get(&row.id).copied().unwrap_or_default();
    Ok(RecommendationTemplateBody::of(row, own))
}

/// List the library of recommendations
#[utoipa::path(tag = "Recommendations", params(ListRecommendationTemplates, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RecommendationTemplateList)))]
#[get("/recommendation-templates")]
async fn list_recommendation_templates(
    call: Call,
    Query(filter): Query<ListRecommendationTemplates>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let request = call.page(&paging);
    let page = store::list(call.read(), call.organization(), &filter, &request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let uses = store::uses(call.read(), &call.caller, &ids).await?;
    call.list(page, |row| {
        let own = uses.get(&row.id).copied().unwrap_or_default();
        RecommendationTemplateBody::of(row, own)
    })
}

/// Add a recommendation to the library
#[utoipa::path(tag = "Recommendations", request_body = AddRecommendationTemplate, security(("oauth2" = ["recommendations:decide"])), responses((status = 201, body = RecommendationTemplateBody)))]
#[post("/recommendation-templates")]
async fn add_recommendation_template(
    call: Call,
    Body(template): Body<AddRecommendationTemplate>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, template).await?;
        let location = format!("/api/v1/recommendation-templates/{}", row.id);
        let body = shown(change, row).await?;
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read a recommendation of the library
///
/// Its ETag changes with its version, and with how often the caller sees it used.
#[utoipa::path(tag = "Recommendations", params(TemplatePath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RecommendationTemplateBody)))]
#[get("/recommendation-templates/{template}")]
async fn get_recommendation_template(call: Call, path: Path<TemplatePath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), call.organization(), path.template).await?;
    let uses = store::uses(call.read(), &call.caller, &[row.id]).await?;
    let own = uses.get(&row.id).copied().unwrap_or_default();
    let body = RecommendationTemplateBody::of(row, own);
    call.ok_tagged(body.tag(), &body)
}

/// Change a recommendation of the library
///
/// What was made from it stays as it is.
#[utoipa::path(tag = "Recommendations", params(TemplatePath), request_body(content((RecommendationTemplatePatch = "application/merge-patch+json"), (RecommendationTemplatePatch = "application/json"))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationTemplateBody)))]
#[patch("/recommendation-templates/{template}")]
async fn update_recommendation_template(
    call: Call,
    path: Path<TemplatePath>,
    patch: RecommendationTemplatePatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::update(change, path.template, &call.precondition, &patch).await?;
        let body = shown(change, row).await?;
        Ok(Reply::ok(&body)?.with_tag(body.tag()))
    })
    .await
}

/// Remove a recommendation from the library
///
/// One that was ever used stays, archived: nothing more is made from it.
#[utoipa::path(tag = "Recommendations", params(TemplatePath), security(("oauth2" = ["recommendations:decide"])), responses((status = 204)))]
#[delete("/recommendation-templates/{template}")]
async fn remove_recommendation_template(
    call: Call,
    path: Path<TemplatePath>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        service::remove(change, path.template, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Restore a recommendation of the library
///
/// What was archived is in use again.
#[utoipa::path(tag = "Recommendations", params(TemplatePath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["recommendations:decide"])), responses((status = 200, body = RecommendationTemplateBody)))]
#[post("/recommendation-templates/{template}/restore")]
async fn restore_recommendation_template(
    call: Call,
    path: Path<TemplatePath>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::restore(change, path.template, &call.precondition).await?;
        let body = shown(change, row).await?;
        Ok(Reply::ok(&body)?.with_tag(body.tag()))
    })
    .await
}
