//! Routes of what is appended to an action: progress and changes of its due date.

use actix_web::{HttpResponse, get, post};
use entity::{action_due_change, action_progress};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::list::ActionPath;
use super::super::steps::{
    DueDateChangeBody, DueDateChangeList, ProgressBody, ProgressList, ReportProgress,
    ReportedProgressBody, Reschedule,
};
use super::super::{life, service, store};
use super::{changed, shown};
use crate::actions::body::ActionBody;
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;
use crate::reviews;

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_action_progress)
        .service(report_action_progress)
        .service(get_action_progress)
        .service(list_action_due_date_changes)
        .service(reschedule_action);
}

crate::sorts! {
    /// Order of a list of progress.
    ProgressSort of action_progress::Entity, default AtDescending;
    At AtDescending "at" "-at" At;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListProgress {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ProgressSort,
}

/// List an action's progress
///
/// Reports of progress, and every step that the action took: also verifications and verbs leave
/// theirs.
#[utoipa::path(tag = "Actions", params(ActionPath, ListProgress, Paging), security(("oauth2" = ["actions:read"])), responses((status = 200, body = ProgressList)))]
#[get("/reviews/{review}/actions/{action}/progress")]
async fn list_action_progress(
    call: Call,
    path: Path<ActionPath>,
    Query(list): Query<ListProgress>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), call.organization(), review.id, path.action).await?;
    let page = store::progress(call.read(), &row, list.sort, &call.page(&paging)).await?;
    call.list(page, ProgressBody::from)
}

/// Report an action's progress
///
/// Appended, never changed; also after the review was closed. It takes no `If-Match`, so that
/// automation need not read first: the status is checked against the action as it is. From
/// `proposed` it moves to `open` only; `open`, `in_progress` and `blocked` to each other and to
/// `implemented`; out of `implemented` verifications and verbs lead. Unfinished dependencies do not
/// keep an action from being implemented, since what was done was done; they keep it from being
/// verified as effective.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = ReportProgress, security(("oauth2" = ["actions:write"])), responses((status = 201, body = ReportedProgressBody)))]
#[post("/reviews/{review}/actions/{action}/progress")]
async fn report_action_progress(
    call: Call,
    path: Path<ActionPath>,
    Body(report): Body<ReportProgress>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let (progress, row) = life::report(change, named, report).await?;
        let location = format!(
            "/api/v1/reviews/{}/actions/{}/progress/{}",
            row.review_id, row.id, progress.id
        );
        let body = ReportedProgressBody {
            progress: ProgressBody::from(progress),
            action: shown(change, row).await?,
        };
        Reply::created(location, body.action.tag(), &body)
    })
    .await
}

/// Which progress of which action.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProgressPath {
    /// Id or key of the review.
    #[param(example = "PIR-2026-0042")]
    pub review: String,
    /// Id of the action.
    pub action: Uuid,
    /// Id of the progress.
    pub progress: Uuid,
}

/// Read one report of an action's progress
#[utoipa::path(tag = "Actions", params(ProgressPath), security(("oauth2" = ["actions:read"])), responses((status = 200, body = ProgressBody)))]
#[get("/reviews/{review}/actions/{action}/progress/{progress}")]
async fn get_action_progress(call: Call, path: Path<ProgressPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), call.organization(), review.id, path.action).await?;
    let progress = store::one_progress(call.read(), &row, path.progress).await?;
    call.ok(&ProgressBody::from(progress))
}

crate::sorts! {
    /// Order of a list of changes of a due date.
    DueDateChangeSort of action_due_change::Entity, default AtDescending;
    At AtDescending "at" "-at" CreatedAt;
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListDueDateChanges {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: DueDateChangeSort,
}

/// List the changes of an action's due date
#[utoipa::path(tag = "Actions", params(ActionPath, ListDueDateChanges, Paging), security(("oauth2" = ["actions:read"])), responses((status = 200, body = DueDateChangeList)))]
#[get("/reviews/{review}/actions/{action}/due-date-changes")]
async fn list_action_due_date_changes(
    call: Call,
    path: Path<ActionPath>,
    Query(list): Query<ListDueDateChanges>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), call.organization(), review.id, path.action).await?;
    let page = store::due_changes(call.read(), &row, list.sort, &call.page(&paging)).await?;
    call.list(page, DueDateChangeBody::from)
}

/// Reschedule an action
///
/// Moves the due date of an unfinished action and keeps the reason. A later date than the one that
/// was set counts as a slip.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = Reschedule, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:write"])), responses((status = 200, body = ActionBody)))]
#[post("/reviews/{review}/actions/{action}/reschedule")]
async fn reschedule_action(
    call: Call,
    path: Path<ActionPath>,
    Body(new): Body<Reschedule>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let to = (new.due_on, new.reason);
        let row = service::reschedule(change, named, &call.precondition, to).await?;
        changed(change, row).await
    })
    .await
}
