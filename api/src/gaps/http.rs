//! Route of the gap register.

use actix_web::{HttpResponse, get};

use super::body::{GapList, ListGaps};
use super::store;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::{Page, Paging};
use crate::kernel::query::Query;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(list_gaps);
}

/// List gaps across reviews
///
/// Every gap that stands in a review that exists for the caller, the riskiest first, with the
/// recommendations and actions that answer it, or the reason why nothing does.
#[utoipa::path(tag = "Gaps", params(ListGaps, Paging), security(("oauth2" = ["reviews:read", "actions:read"])), responses((status = 200, body = GapList)))]
#[get("/gaps")]
async fn list_gaps(
    call: Call,
    Query(filter): Query<ListGaps>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let page = store::list(call.read(), &call.caller, &filter, &call.page(&paging)).await?;
    let page = Page {
        items: store::shown(call.read(), page.items).await?,
        next: page.next,
    };
    call.list(page, |gap| gap)
}
