//! Routes of verifications.

use actix_web::{HttpResponse, get, post};
use entity::verification;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::list::ActionPath;
use super::super::steps::{
    RecordVerification, RecordedVerificationBody, VerificationBody, VerificationList,
};
use super::super::{life, store};
use super::shown;
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
        .service(list_action_verifications)
        .service(verify_action)
        .service(get_action_verification);
}

crate::sorts! {
    /// Order of a list of verifications.
    VerificationSort of verification::Entity, default CreatedAtDescending;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// In which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListVerifications {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: VerificationSort,
}

/// List an action's verifications
#[utoipa::path(tag = "Actions", params(ActionPath, ListVerifications, Paging), security(("oauth2" = ["actions:read"])), responses((status = 200, body = VerificationList)))]
#[get("/reviews/{review}/actions/{action}/verifications")]
async fn list_action_verifications(
    call: Call,
    path: Path<ActionPath>,
    Query(list): Query<ListVerifications>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), call.organization(), review.id, path.action).await?;
    let page = store::verifications(call.read(), &row, list.sort, &call.page(&paging)).await?;
    call.list(page, VerificationBody::from)
}

/// Verify an action
///
/// The action is implemented, or verified and looked at again. Its owner can't verify it.
/// `effective` makes it verified, unless it still waits for other actions; `ineffective` takes it
/// up again; `partially_effective` leaves it implemented; `inconclusive` leaves it as it is. The
/// answer's ETag is the action's.
#[utoipa::path(tag = "Actions", params(ActionPath), request_body = RecordVerification, extensions(("x-if-match" = json!(true))), security(("oauth2" = ["actions:verify"])), responses((status = 201, body = RecordedVerificationBody)))]
#[post("/reviews/{review}/actions/{action}/verifications")]
async fn verify_action(
    call: Call,
    path: Path<ActionPath>,
    Body(given): Body<RecordVerification>,
) -> Result<HttpResponse> {
    call.write(async |change| {
        let named = (path.review.as_str(), path.action);
        let (verification, row) = life::verify(change, named, &call.precondition, given).await?;
        let location = format!(
            "/api/v1/reviews/{}/actions/{}/verifications/{}",
            row.review_id, row.id, verification.id
        );
        let body = RecordedVerificationBody {
            verification: VerificationBody::from(verification),
            action: shown(change, row).await?,
        };
        Reply::created(location, body.action.tag(), &body)
    })
    .await
}

/// Which verification of which action.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct VerificationPath {
    /// Id or key of the review.
    #[param(example = "PIR-2026-0042")]
    pub review: String,
    /// Id of the action.
    pub action: Uuid,
    /// Id of the verification.
    pub verification: Uuid,
}

/// Read one verification of an action
#[utoipa::path(tag = "Actions", params(VerificationPath), security(("oauth2" = ["actions:read"])), responses((status = 200, body = VerificationBody)))]
#[get("/reviews/{review}/actions/{action}/verifications/{verification}")]
async fn get_action_verification(call: Call, path: Path<VerificationPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let row = store::find(call.read(), call.organization(), review.id, path.action).await?;
    let verification = store::one_verification(call.read(), &row, path.verification).await?;
    call.ok(&VerificationBody::from(verification))
}
