//! The route of search.

use actix_web::{HttpResponse, get};

use super::body::{SearchHitBody, SearchHitList, SearchTexts};
use super::{service, store};
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::Paging;
use crate::kernel::query::Query;

/// Mounts the route.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(search_texts);
}

/// Search everything
///
/// Finds incidents, reviews, and everything in them by its text, the best first. What the caller may
/// not read is not found: kinds of resource without the scope that reads them, and what is in
/// reviews that do not exist for the caller.
///
/// Of more than 1,000 texts that fit, the newest 1,000 come first, ranked by `score` (of equals the
/// newest first); then the next 1,000. The pages go on where they ended, whatever is added meanwhile.
#[utoipa::path(tag = "Search", params(SearchTexts, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = SearchHitList)))]
#[get("/search")]
async fn search_texts(
    call: Call,
    Query(asked): Query<SearchTexts>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let answer = service::search(&call, &asked, &paging).await?;
    let body = SearchHitList {
        items: answer.hits.into_iter().map(SearchHitBody::from).collect(),
        next_cursor: answer.next,
        counts: answer.counts.map(Into::into),
        complete: store::is_filled(call.read()).await?,
    };
    call.ok_listed(body.next_cursor.as_deref(), &body)
}
