//! Routes of lessons.

use actix_web::{HttpResponse, get, patch, post};
use entity::lesson::Model;

use super::body::{
    LessonBody, LessonList, LessonPatch, LessonPath, LessonReason, ListLessons, RecordLesson,
    ValidateLesson,
};
use super::{service, store};
use crate::chronology::body::OfReviews;
use crate::kernel::body::{Body, OptionalBody};
use crate::kernel::call::{Call, Change};
use crate::kernel::error::Result;
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
        .service(list_lessons)
        .service(list_review_lessons)
        .service(record_lesson)
        .service(get_lesson)
        .service(update_lesson)
        .service(validate_lesson)
        .service(retire_lesson)
        .service(repropose_lesson);
}

fn tagged(change: &Change, row: Model) -> Result<Reply> {
    let body = LessonBody::of(row, change.now);
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

/// List lessons across reviews
///
/// Of every review that exists for the caller. `embedded=false` lists those that have not reached a
/// document yet, each with its age.
#[utoipa::path(tag = "Lessons", params(OfReviews, ListLessons, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = LessonList)))]
#[get("/lessons")]
async fn list_lessons(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListLessons>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (read, caller, request) = (call.read(), &call.caller, call.page(&paging));
    let page = store::list_across(read, caller, &of.review_id, &filter, &request).await?;
    call.list(page, |row| LessonBody::of(row, call.now))
}

/// List a review's lessons
#[utoipa::path(tag = "Lessons", params(ReviewPath, ListLessons, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = LessonList)))]
#[get("/reviews/{review}/lessons")]
async fn list_review_lessons(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListLessons>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let page = store::list(call.read(), &review, &filter, &call.page(&paging)).await?;
    call.list(page, |row| LessonBody::of(row, call.now))
}

/// Record a lesson
///
/// It is proposed until it is validated. Refused once the review is closed, waived or cancelled.
#[utoipa::path(tag = "Lessons", params(ReviewPath), request_body = RecordLesson, security(("oauth2" = ["lessons:write"])), responses((status = 201, body = LessonBody)))]
#[post("/reviews/{review}/lessons")]
async fn record_lesson(
    call: Call,
    path: Path<ReviewPath>,
    Body(lesson): Body<RecordLesson>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::create(change, &path.review, lesson).await?;
        let location = format!("/api/v1/reviews/{}/lessons/{}", row.review_id, row.id);
        let body = LessonBody::of(row, change.now);
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read a lesson
///
/// Its ETag changes with its version and its age.
#[utoipa::path(tag = "Lessons", params(LessonPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = LessonBody)))]
#[get("/reviews/{review}/lessons/{lesson}")]
async fn get_lesson(call: Call, path: Path<LessonPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), &review, path.lesson).await?;
    let body = LessonBody::of(row, call.now);
    call.ok_tagged(body.tag(), &body)
}

/// Change a lesson
///
/// Only while it is proposed; what is validated or retired is reproposed first.
#[utoipa::path(tag = "Lessons", params(LessonPath), request_body(content((LessonPatch = "application/merge-patch+json"), (LessonPatch = "application/json"))), security(("oauth2" = ["lessons:write"])), responses((status = 200, body = LessonBody)))]
#[patch("/reviews/{review}/lessons/{lesson}")]
async fn update_lesson(
    call: Call,
    path: Path<LessonPath>,
    patch: LessonPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.lesson);
        let row = service::update(change, named, &call.precondition, &patch).await?;
        tagged(change, row)
    })
    .await
}

/// Validate a lesson
///
/// It is true and worth remembering; revisions of documents can name it from then on.
#[utoipa::path(tag = "Lessons", params(LessonPath), request_body = ValidateLesson, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["lessons:write"])), responses((status = 200, body = LessonBody)))]
#[post("/reviews/{review}/lessons/{lesson}/validate")]
async fn validate_lesson(
    call: Call,
    path: Path<LessonPath>,
    OptionalBody(given): OptionalBody<ValidateLesson>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.lesson);
        let row = service::validate(change, named, &call.precondition, given.reason).await?;
        tagged(change, row)
    })
    .await
}

/// Retire a lesson
///
/// It no longer applies. The revisions that name it stay as they are.
#[utoipa::path(tag = "Lessons", params(LessonPath), request_body = LessonReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["lessons:write"])), responses((status = 200, body = LessonBody)))]
#[post("/reviews/{review}/lessons/{lesson}/retire")]
async fn retire_lesson(
    call: Call,
    path: Path<LessonPath>,
    Body(why): Body<LessonReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.lesson);
        let row = service::retire(change, named, &call.precondition, why.reason).await?;
        tagged(change, row)
    })
    .await
}

/// Propose a lesson again
///
/// Takes a validation or a retirement back, so that the lesson can be changed. One that standing
/// revisions still name is embedded again once it is validated.
#[utoipa::path(tag = "Lessons", params(LessonPath), request_body = LessonReason, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["lessons:write"])), responses((status = 200, body = LessonBody)))]
#[post("/reviews/{review}/lessons/{lesson}/repropose")]
async fn repropose_lesson(
    call: Call,
    path: Path<LessonPath>,
    Body(why): Body<LessonReason>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.lesson);
        let row = service::repropose(change, named, &call.precondition, why.reason).await?;
        tagged(change, row)
    })
    .await
}
