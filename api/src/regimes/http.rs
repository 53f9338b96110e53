//! Routes of regimes.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::regime::Model;

use super::body::{DefineRegime, ListRegimes, RegimeBody, RegimeList, RegimePatch, RegimePath};
use super::{service, store};
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_regimes)
        .service(define_regime)
        .service(get_regime)
        .service(update_regime)
        .service(remove_regime)
        .service(restore_regime);
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&RegimeBody::from(row))?.with_tag(tag))
}

/// List regulatory regimes
///
/// Those that came with the service (GDPR, NIS2, DORA, SEC Form 8-K, CIRCIA, HIPAA) and the
/// organisation's own, each stage with its hours and where they are written. They are data to work
/// with, not legal advice.
#[utoipa::path(tag = "Obligations", params(ListRegimes, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RegimeList)))]
#[get("/regimes")]
async fn list_regimes(
    call: Call,
    Query(filter): Query<ListRegimes>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (organization, request) = (call.organization(), call.page(&paging));
    let page = store::list(call.read(), organization, &filter, &request).await?;
    call.list(page, RegimeBody::from)
}

/// Define a regulatory regime
#[utoipa::path(tag = "Obligations", request_body = DefineRegime, security(("oauth2" = ["policies:manage"])), responses((status = 201, body = RegimeBody)))]
#[post("/regimes")]
async fn define_regime(call: Call, Body(regime): Body<DefineRegime>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::define(change, regime).await?;
        let location = format!("/api/v1/regimes/{}", row.id);
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &RegimeBody::from(row))
    })
    .await
}

/// Read a regulatory regime
#[utoipa::path(tag = "Obligations", params(RegimePath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = RegimeBody)))]
#[get("/regimes/{regime}")]
async fn get_regime(call: Call, path: Path<RegimePath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), call.organization(), path.regime).await?;
    call.ok_tagged(etag::tag(row.version, ""), &RegimeBody::from(row))
}

/// Change a regulatory regime
///
/// One of the organisation's own. Obligations that were recorded keep the hours that it had then.
#[utoipa::path(tag = "Obligations", params(RegimePath), request_body(content((RegimePatch = "application/merge-patch+json"), (RegimePatch = "application/json"))), security(("oauth2" = ["policies:manage"])), responses((status = 200, body = RegimeBody)))]
#[patch("/regimes/{regime}")]
async fn update_regime(
    call: Call,
    path: Path<RegimePath>,
    patch: RegimePatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, path.regime, &call.precondition, &patch).await?)
    })
    .await
}

/// Remove a regulatory regime
///
/// One of the organisation's own. One that an obligation names is archived instead: it stays
/// readable, but no new obligation can name it.
#[utoipa::path(tag = "Obligations", params(RegimePath), security(("oauth2" = ["policies:manage"])), responses((status = 204)))]
#[delete("/regimes/{regime}")]
async fn remove_regime(call: Call, path: Path<RegimePath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::remove(change, path.regime, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Restore an archived regulatory regime
#[utoipa::path(tag = "Obligations", params(RegimePath), security(("oauth2" = ["policies:manage"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = RegimeBody)))]
#[post("/regimes/{regime}/restore")]
async fn restore_regime(call: Call, path: Path<RegimePath>) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::restore(change, path.regime, &call.precondition).await?)
    })
    .await
}
