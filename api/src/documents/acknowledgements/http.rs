//! Routes of acknowledgements.

use actix_web::{HttpResponse, get, post};

use super::body::{
    AcknowledgeRevision, AcknowledgementList, AcknowledgementPath, ListAcknowledgements,
    ReadershipBody, RevisionAcknowledgementBody,
};
use super::service::{self, Acknowledged};
use super::{rules, store};
use crate::documents::revisions::body::DocumentRevisionPath;
use crate::documents::{self, revisions};
use crate::kernel::body::OptionalBody;
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
        .service(list_document_acknowledgements)
        .service(acknowledge_document_revision)
        .service(get_document_acknowledgement)
        .service(get_document_readership);
}

/// An acknowledgement never changes, so that it has one version.
fn only_tag() -> String {
    etag::tag(1, "")
}

/// List the acknowledgements of a revision
#[utoipa::path(tag = "Documents", params(DocumentRevisionPath, ListAcknowledgements, Paging), security(("oauth2" = ["documents:read"])), responses((status = 200, body = AcknowledgementList)))]
#[get("/documents/{document}/revisions/{revision}/acknowledgements")]
async fn list_document_acknowledgements(
    call: Call,
    path: Path<DocumentRevisionPath>,
    Query(list): Query<ListAcknowledgements>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let document = documents::store::find(call.read(), call.organization(), path.document).await?;
    let revision = revisions::store::find(call.read(), &document, path.revision).await?;
    let page = store::list(call.read(), &revision, list.sort, &call.page(&paging)).await?;
    call.list(page, RevisionAcknowledgementBody::from)
}

/// Acknowledge a revision of a document
///
/// The caller has read it; with `documents:write`, also somebody else. A repeat answers 200 with the
/// acknowledgement that is there, never a second one.
#[utoipa::path(tag = "Documents", params(DocumentRevisionPath), request_body = AcknowledgeRevision, security(("oauth2" = ["documents:read"])), responses((status = 201, body = RevisionAcknowledgementBody), (status = 200, body = RevisionAcknowledgementBody)))]
#[post("/documents/{document}/revisions/{revision}/acknowledgements")]
async fn acknowledge_document_revision(
    call: Call,
    path: Path<DocumentRevisionPath>,
    OptionalBody(given): OptionalBody<AcknowledgeRevision>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.document, path.revision);
        match service::acknowledge(change, named, given).await? {
            Acknowledged::Created(row) => {
                let location = format!(
                    "/api/v1/documents/{}/revisions/{}/acknowledgements/{}",
                    row.document_id, row.revision_id, row.id
                );
                Reply::created(
                    location,
                    only_tag(),
                    &RevisionAcknowledgementBody::from(row),
                )
            }
            Acknowledged::Duplicate(row) => {
                Ok(Reply::ok(&RevisionAcknowledgementBody::from(row))?.with_tag(only_tag()))
            }
        }
    })
    .await
}

/// Read an acknowledgement of a revision
#[utoipa::path(tag = "Documents", params(AcknowledgementPath), security(("oauth2" = ["documents:read"])), responses((status = 200, body = RevisionAcknowledgementBody)))]
#[get("/documents/{document}/revisions/{revision}/acknowledgements/{acknowledgement}")]
async fn get_document_acknowledgement(
    call: Call,
    path: Path<AcknowledgementPath>,
) -> Result<HttpResponse> {
    let document = documents::store::find(call.read(), call.organization(), path.document).await?;
    let revision = revisions::store::find(call.read(), &document, path.revision).await?;
    let row = store::find(call.read(), &revision, path.acknowledgement).await?;
    call.ok_tagged(only_tag(), &RevisionAcknowledgementBody::from(row))
}

/// Read who has not read a revision
///
/// Of those that the document names as required readers now.
#[utoipa::path(tag = "Documents", params(DocumentRevisionPath), security(("oauth2" = ["documents:read"])), responses((status = 200, body = ReadershipBody)))]
#[get("/documents/{document}/revisions/{revision}/readership")]
async fn get_document_readership(
    call: Call,
    path: Path<DocumentRevisionPath>,
) -> Result<HttpResponse> {
    let document = documents::store::find(call.read(), call.organization(), path.document).await?;
    let revision = revisions::store::find(call.read(), &document, path.revision).await?;
    let required = &document.required_readers.0;
    let read = store::among(call.read(), &revision, required).await?;
    let missing = rules::missing(required, &read);
    call.ok(&ReadershipBody {
        document_id: document.id,
        revision_id: revision.id,
        required: required.len(),
        acknowledged: required.len() - missing.len(),
        missing,
    })
}
