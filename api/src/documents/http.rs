//! Routes of documents.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::document::Model;

use super::body::{
    AddDocument, DocumentBody, DocumentList, DocumentPatch, DocumentPath, ListDocuments,
};
use super::{acknowledgements, revisions, service, store};
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
        .service(list_documents)
        .service(add_document)
        .service(get_document)
        .service(update_document)
        .service(remove_document)
        .service(restore_document);
    revisions::http::routes(config);
    acknowledgements::http::routes(config);
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&DocumentBody::from(row))?.with_tag(tag))
}

/// List documents
#[utoipa::path(tag = "Documents", params(ListDocuments, Paging), security(("oauth2" = ["documents:read"])), responses((status = 200, body = DocumentList)))]
#[get("/documents")]
async fn list_documents(
    call: Call,
    Query(filter): Query<ListDocuments>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let request = call.page(&paging);
    let page = store::list(call.read(), call.organization(), &filter, &request).await?;
    call.list(page, DocumentBody::from)
}

/// Add a document
#[utoipa::path(tag = "Documents", request_body = AddDocument, security(("oauth2" = ["documents:write"])), responses((status = 201, body = DocumentBody)))]
#[post("/documents")]
async fn add_document(call: Call, Body(document): Body<AddDocument>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, document).await?;
        let location = format!("/api/v1/documents/{}", row.id);
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &DocumentBody::from(row))
    })
    .await
}

/// Read a document
#[utoipa::path(tag = "Documents", params(DocumentPath), security(("oauth2" = ["documents:read"])), responses((status = 200, body = DocumentBody)))]
#[get("/documents/{document}")]
async fn get_document(call: Call, path: Path<DocumentPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), call.organization(), path.document).await?;
    call.ok_tagged(etag::tag(row.version, ""), &DocumentBody::from(row))
}

/// Change a document
#[utoipa::path(tag = "Documents", params(DocumentPath), request_body(content((DocumentPatch = "application/merge-patch+json"), (DocumentPatch = "application/json"))), security(("oauth2" = ["documents:write"])), responses((status = 200, body = DocumentBody)))]
#[patch("/documents/{document}")]
async fn update_document(
    call: Call,
    path: Path<DocumentPath>,
    patch: DocumentPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, path.document, &call.precondition, &patch).await?)
    })
    .await
}

/// Remove a document
///
/// One that has had a revision stays, archived: it takes no more revisions.
#[utoipa::path(tag = "Documents", params(DocumentPath), security(("oauth2" = ["documents:write"])), responses((status = 204)))]
#[delete("/documents/{document}")]
async fn remove_document(call: Call, path: Path<DocumentPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::remove(change, path.document, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Restore a document
///
/// What was archived is in use again.
#[utoipa::path(tag = "Documents", params(DocumentPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["documents:write"])), responses((status = 200, body = DocumentBody)))]
#[post("/documents/{document}/restore")]
async fn restore_document(call: Call, path: Path<DocumentPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::restore(change, path.document, &call.precondition).await?)
    })
    .await
}
