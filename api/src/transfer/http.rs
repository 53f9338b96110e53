//! Routes of export and import.

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::body::{ImportBody, ImportOutcome, ImportReview};
use super::{check, service};
use crate::kernel::body::{MAX_IMPORT, read};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::kernel::{etag, parts};
use crate::reviews::body::{ReviewBody, ReviewPath};
use crate::whole::rows::Document;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(export_review).service(import_review);
}

/// Export a whole review
///
/// One document with everything of the review, to keep or to import elsewhere: its rows as they are
/// stored, with earlier revisions, every step of every life, and what was published byte for byte.
/// Incidents and documents of the organisation come along as far as the review is about them or has
/// reached them. What people were promised holds in it: of an anonymous board that collects it has no
/// contribution, of one that takes votes no vote, of a round of feedback no more than its summary tells,
/// and that without anything that leads to who answered. Left behind: who has read a document, deadlines
/// (they are set anew), the audit log. It holds no secret, and no id of the organisation. The review is
/// held while it is read, so that all of it is of one moment. A review of more than 50,000 rows of a kind, or 32 MiB, is refused with 409.
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:read", "incidents:read", "actions:read", "documents:read", "metrics:read"])), responses((status = 200, body = Document, headers(("Content-Disposition" = String, description = "A name for the file"))), (status = 409, description = "It holds more than can be imported", body = crate::kernel::error::Problem, content_type = "application/problem+json")))]
#[get("/reviews/{review}/export")]
async fn export_review(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let (key, text) = service::export(&call, &path.review).await?;
    Ok(call.ok_as("application/json", &format!("{key}.json"), text))
}

/// Import a whole review
///
/// A document of up to 32 MiB that a service has exported, of this version of the format or an earlier
/// one: all of it, or nothing, and then every fault is listed (up to 1,000). The review gets its key
/// where that is free, or else the next. A service of one organisation keeps all ids; where several
/// share it, an organisation has ids of its own for what it imports, the same each time. Incidents are
/// those that are here by id or external reference, documents by id, external reference, or kind and
/// title; what is not here comes with the document. Sent again, a document changes nothing; one
/// that differs from the review that is here is refused with 409. A board that collects goes on empty
/// where it did so anonymously, and without the votes that were given where it takes some; a round of
/// feedback that is open takes answers here, apart from those there. The import is on record as one
/// change, `review.import`.
#[utoipa::path(tag = "Reviews", params(ImportReview), request_body = Document, security(("oauth2" = ["reviews:restricted", "reviews:import"])), responses((status = 201, body = ImportBody), (status = 200, description = "Nothing was changed: the review is here already, or it is a dry run", body = ImportBody)))]
#[post("/reviews/import")]
async fn import_review(
    call: Call,
    request: HttpRequest,
    Query(how): Query<ImportReview>,
    payload: Payload,
) -> Result<HttpResponse> {
    let bytes = read(
        &request,
        payload.into_inner(),
        MAX_IMPORT,
        &["application/json"],
    )
    .await?;
    let now = call.now;
    let document = parts::apart(move || check::document(&bytes, now)).await??;
    call.write(async |change| {
        let body = service::import(change, document, how.dry_run).await?;
        let version = body.review.as_ref().map_or(1, ReviewBody::version);
        let tag = etag::tag(version, "");
        if body.outcome == ImportOutcome::Created {
            let location = format!("/api/v1/reviews/{}", body.review_id);
            return Reply::created(location, tag, &body);
        }
        let reply = Reply::ok(&body)?;
        Ok(match &body.review {
            Some(_) => reply.with_tag(tag),
            None => reply,
        })
    })
    .await
}
