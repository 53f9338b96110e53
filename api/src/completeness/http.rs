//! The route of completeness.

use actix_web::{HttpResponse, get};

use super::body::CompletenessBody;
use super::store;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;
use crate::reviews;
use crate::reviews::body::ReviewPath;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(get_completeness);
}

/// Read how complete a review is
///
/// Against the seven objectives of a post-incident review and the nine questions of NIST SP 800-61r2
/// §3.4.1: what each asks for, what of it is there, what is missing, and which operation would add it.
/// What the review honestly says does not apply is complete. `readiness` tells what the steps of its
/// life ask for; this tells what a whole review would hold.
#[utoipa::path(tag = "Reviews", params(ReviewPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = CompletenessBody)))]
#[get("/reviews/{review}/completeness")]
async fn get_completeness(call: Call, path: Path<ReviewPath>) -> Result<HttpResponse> {
    let review = reviews::store::find(call.read(), &call.caller, &path.review).await?;
    let facts = store::of(call.read(), &review).await?;
    call.ok(&CompletenessBody::of(&facts))
}
