//! Routes of feedback.

use actix_web::{HttpResponse, get, patch, post, put};
use entity::feedback_round::Model;

use super::body::{
    FeedbackParticipation, FeedbackReceipt, FeedbackRoundBody, FeedbackRoundList,
    FeedbackRoundPath, ListFeedbackRounds,
};
use super::input::{
    CancelFeedbackRound, FeedbackRoundPatch, PutFeedbackAnswers, ScheduleFeedbackRound,
};
use super::summary::FeedbackSummary;
use super::{answers, service, store};
use crate::chronology::body::OfReviews;
use crate::kernel::body::Body;
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
        .service(list_feedback_rounds)
        .service(list_review_feedback_rounds)
        .service(schedule_feedback_round)
        .service(get_feedback_round)
        .service(update_feedback_round)
        .service(open_feedback_round)
        .service(close_feedback_round)
        .service(cancel_feedback_round)
        .service(put_feedback_answers)
        .service(get_feedback_participation)
        .service(get_feedback_summary);
}

fn tagged(change: &Change, row: Model) -> Result<Reply> {
    let body = FeedbackRoundBody::of(row, change.now);
    Ok(Reply::ok(&body)?.with_tag(body.tag()))
}

/// List feedback rounds across reviews
///
/// Of every review that exists for the caller.
#[utoipa::path(tag = "Feedback", params(OfReviews, ListFeedbackRounds, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FeedbackRoundList)))]
#[get("/feedback-rounds")]
async fn list_feedback_rounds(
    call: Call,
    Query(of): Query<OfReviews>,
    Query(filter): Query<ListFeedbackRounds>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, of.review_id.as_slice());
    let which = (&filter, call.now);
    let page = store::list_across(call.read(), whose, which, &call.page(&paging)).await?;
    call.list(page, |row| FeedbackRoundBody::of(row, call.now))
}

/// List a review's feedback rounds
#[utoipa::path(tag = "Feedback", params(ReviewPath, ListFeedbackRounds, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FeedbackRoundList)))]
#[get("/reviews/{review}/feedback-rounds")]
async fn list_review_feedback_rounds(
    call: Call,
    path: Path<ReviewPath>,
    Query(filter): Query<ListFeedbackRounds>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let which = (&filter, call.now);
    let page = store::list(call.read(), review.id, which, &call.page(&paging)).await?;
    call.list(page, |row| FeedbackRoundBody::of(row, call.now))
}

/// Schedule a feedback round
///
/// Rounds follow by themselves when a lessons-learned workshop or an exercise debrief is held, and 30
/// and 90 days after a review is published; this is for what they leave out. When a round opens, the
/// service itself puts `feedback.opened` on record, once.
#[utoipa::path(tag = "Feedback", params(ReviewPath), request_body = ScheduleFeedbackRound, security(("oauth2" = ["workshops:write"])), responses((status = 201, body = FeedbackRoundBody)))]
#[post("/reviews/{review}/feedback-rounds")]
async fn schedule_feedback_round(
    call: Call,
    path: Path<ReviewPath>,
    Body(round): Body<ScheduleFeedbackRound>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::schedule(change, &path.review, round).await?;
        let location = format!("/api/v1/feedback-rounds/{}", row.id);
        let body = FeedbackRoundBody::of(row, change.now);
        Reply::created(location, body.tag(), &body)
    })
    .await
}

/// Read a feedback round
///
/// Its ETag changes with its version and with where it stands, not with answers.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FeedbackRoundBody)))]
#[get("/feedback-rounds/{round}")]
async fn get_feedback_round(call: Call, path: Path<FeedbackRoundPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.round).await?;
    let body = FeedbackRoundBody::of(row, call.now);
    call.ok_tagged(body.tag(), &body)
}

/// Change a feedback round
///
/// What it asks and when it opens only until it opens; when it closes until it closes.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), request_body(content((FeedbackRoundPatch = "application/merge-patch+json"), (FeedbackRoundPatch = "application/json"))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = FeedbackRoundBody)))]
#[patch("/feedback-rounds/{round}")]
async fn update_feedback_round(
    call: Call,
    path: Path<FeedbackRoundPath>,
    patch: FeedbackRoundPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::update(change, path.round, &call.precondition, &patch).await?;
        tagged(change, row)
    })
    .await
}

/// Open a feedback round before its time
///
/// It stays open for as long as it was to.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = FeedbackRoundBody)))]
#[post("/feedback-rounds/{round}/open")]
async fn open_feedback_round(call: Call, path: Path<FeedbackRoundPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::open(change, path.round, &call.precondition).await?;
        tagged(change, row)
    })
    .await
}

/// Close a feedback round before its time
///
/// Its summary can be read from then on. When fewer than `minimum_group` have answered, nothing is
/// ever shown of it.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = FeedbackRoundBody)))]
#[post("/feedback-rounds/{round}/close")]
async fn close_feedback_round(call: Call, path: Path<FeedbackRoundPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::close(change, path.round, &call.precondition).await?;
        tagged(change, row)
    })
    .await
}

/// Cancel a feedback round
///
/// Until it closes. What was answered is thrown away, and another round can take its place.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), request_body = CancelFeedbackRound, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["workshops:write"])), responses((status = 200, body = FeedbackRoundBody)))]
#[post("/feedback-rounds/{round}/cancel")]
async fn cancel_feedback_round(
    call: Call,
    path: Path<FeedbackRoundPath>,
    Body(why): Body<CancelFeedbackRound>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::cancel(change, path.round, &call.precondition, why.reason).await?;
        tagged(change, row)
    })
    .await
}

/// Answer a feedback round
///
/// Anonymously: who answered cannot be found from what was answered, not from the database either.
/// Each of those who are asked answers once, and replaces that, as a whole, with the `receipt` of the
/// first time. The asked are the participants whose subject is known and who took part before the round
/// opened; after a workshop to which people were invited, those who were invited and are not known to
/// have stayed away. A participant without a subject cannot answer, since nobody can prove to be them:
/// give whoever is to be asked their `subject`. Send a receipt of your own to be able to repeat the
/// request.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), request_body = PutFeedbackAnswers, security(("oauth2" = ["contributions:write"])), responses((status = 200, body = FeedbackReceipt)))]
#[put("/feedback-rounds/{round}/answers")]
async fn put_feedback_answers(
    call: Call,
    path: Path<FeedbackRoundPath>,
    Body(given): Body<PutFeedbackAnswers>,
) -> Result<HttpResponse> {
    call.hide_caller();
    // Answers cannot be read, so they have no version that could be named.
    call.precondition.check_if_present(0)?;
    call.write(async |change| {
        let receipt = answers::put(change, &call.state.cursor_key, path.round, given).await?;
        Reply::ok(&receipt)
    })
    .await
}

/// Read whether one is asked in a feedback round
///
/// And whether one has answered.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FeedbackParticipation)))]
#[get("/feedback-rounds/{round}/participation")]
async fn get_feedback_participation(
    call: Call,
    path: Path<FeedbackRoundPath>,
) -> Result<HttpResponse> {
    let whose = (&*call.caller, &call.state.cursor_key);
    let body = answers::participation(call.read(), whose, path.round, call.now).await?;
    call.ok(&body)
}

/// Read the summary of a feedback round
///
/// There is one, of all answers, once the round has closed and its answers have settled (`summary_at`):
/// two summaries that differ by one answer would tell that answer. When fewer than `minimum_group` have
/// answered, nothing is shown, not even how many; of a question that fewer have judged nothing is shown
/// either. Answers are not broken down further, by function or otherwise. `invited` and
/// `response_rate` count those who can answer: participants without a subject are not among them.
#[utoipa::path(tag = "Feedback", params(FeedbackRoundPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = FeedbackSummary)))]
#[get("/feedback-rounds/{round}/summary")]
async fn get_feedback_summary(call: Call, path: Path<FeedbackRoundPath>) -> Result<HttpResponse> {
    let row = store::find(call.read(), &call.caller, path.round).await?;
    let invited = store::invited(call.read(), &row).await?.len() as u64;
    let kept = store::read_result(call.read(), row.id).await?;
    call.ok(&FeedbackSummary::of(&row, kept, invited, call.now))
}
