//! Routes of a document's revisions.

use actix_web::{HttpResponse, get, post};
use entity::document_revision::Model;
use uuid::Uuid;

use super::body::{
    DocumentRevisionBody, DocumentRevisionList, DocumentRevisionPath, ListDocumentRevisions,
    PublishRevision, WithdrawRevision,
};
use super::{service, store};
use crate::documents;
use crate::documents::body::DocumentPath;
use crate::kernel::body::Body;
use crate::kernel::call::{Call, Change};
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_document_revisions)
        .service(publish_document_revision)
        .service(get_document_revision)
        .service(withdraw_document_revision);
}

/// A revision as the caller sees it within a change.
async fn shown(change: &Change, row: Model) -> Result<DocumentRevisionBody> {
    let mut named = store::named(&**change, &change.caller, &[row.id]).await?;
    let own = named.remove(&row.id).unwrap_or_default();
    Ok(DocumentRevisionBody::of(row, own))
}

/// List a document's revisions
///
/// Each names the lessons and actions in it that exist for the caller, and no others.
#[utoipa::path(tag = "Documents", params(DocumentPath, ListDocumentRevisions, Paging), security(("oauth2" = ["documents:read"])), responses((status = 200, body = DocumentRevisionList)))]
#[get("/documents/{document}/revisions")]
async fn list_document_revisions(
    call: Call,
    path: Path<DocumentPath>,
    Query(filter): Query<ListDocumentRevisions>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let document = documents::store::find(call.read(), call.organization(), path.document).await?;
    let page = store::list(call.read(), &document, &filter, &call.page(&paging)).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let mut named = store::named(call.read(), &call.caller, &ids).await?;
    call.list(page, |row| {
        let own = named.remove(&row.id).unwrap_or_default();
        DocumentRevisionBody::of(row, own)
    })
}

/// Publish a revision of a document
///
/// Appended, never changed. The lessons that it names must exist for the caller and be validated;
/// they are embedded by that. The last published revision that stands is the document's current one.
#[utoipa::path(tag = "Documents", params(DocumentPath), request_body = PublishRevision, security(("oauth2" = ["documents:write"])), responses((status = 201, body = DocumentRevisionBody)))]
#[post("/documents/{document}/revisions")]
async fn publish_document_revision(
    call: Call,
    path: Path<DocumentPath>,
    Body(revision): Body<PublishRevision>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::publish(change, path.document, revision).await?;
        let location = format!("/api/v1/documents/{}/revisions/{}", row.document_id, row.id);
        let body = shown(change, row).await?;
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read a revision of a document
///
/// Its ETag changes with its version, and with what exists for the caller of what it names.
#[utoipa::path(tag = "Documents", params(DocumentRevisionPath), security(("oauth2" = ["documents:read"])), responses((status = 200, body = DocumentRevisionBody)))]
#[get("/documents/{document}/revisions/{revision}")]
async fn get_document_revision(
    call: Call,
    path: Path<DocumentRevisionPath>,
) -> Result<HttpResponse> {
    let document = documents::store::find(call.read(), call.organization(), path.document).await?;
    let row = store::find(call.read(), &document, path.revision).await?;
    let mut named = store::named(call.read(), &call.caller, &[row.id]).await?;
    let own = named.remove(&row.id).unwrap_or_default();
    let body = DocumentRevisionBody::of(row, own);
    call.ok_tagged(body.tag(), &body)
}

/// Withdraw a revision of a document
///
/// It stays readable. Lessons that no other standing revision names wait for a document again.
#[utoipa::path(tag = "Documents", params(DocumentRevisionPath), request_body = WithdrawRevision, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["documents:write"])), responses((status = 200, body = DocumentRevisionBody)))]
#[post("/documents/{document}/revisions/{revision}/withdraw")]
async fn withdraw_document_revision(
    call: Call,
    path: Path<DocumentRevisionPath>,
    Body(why): Body<WithdrawRevision>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.document, path.revision);
        let row = service::withdraw(change, named, &call.precondition, why.reason).await?;
        let body = shown(change, row).await?;
        Ok(Reply::ok(&body)?.with_tag(body.tag()))
    })
    .await
}
