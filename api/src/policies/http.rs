//! Routes of policies.

use actix_web::{HttpResponse, delete, get, patch, post};
use entity::policy::Model;

use super::body::{
    DefinePolicy, EffectivePolicyBody, MatchingPolicyBody, PolicyBody, PolicyList, PolicyPatch,
    PolicyVersionBody, PolicyVersionList,
};
use super::list::{ListPolicies, ListPolicyVersions, MatchPolicy, PolicyPath};
use super::rules::{self, Situation};
use super::{service, store};
use crate::kernel::body::Body;
use crate::kernel::call::Call;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::kernel::mount::ServiceConfig;
use crate::kernel::page::{Page, Paging};
use crate::kernel::path::Path;
use crate::kernel::query::Query;
use crate::kernel::reply::Reply;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .service(list_policies)
        .service(define_policy)
        .service(get_effective_policy)
        .service(get_policy)
        .service(update_policy)
        .service(archive_policy)
        .service(restore_policy)
        .service(list_policy_versions);
}

fn tagged(row: Model) -> Result<Reply> {
    let tag = etag::tag(row.version, "");
    Ok(Reply::ok(&PolicyBody::from(row))?.with_tag(tag))
}

/// List policies
///
/// Those of the organisation; the built-in one, which applies where none of them matches, is
/// `/policies/default`.
#[utoipa::path(tag = "Policies", params(ListPolicies, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = PolicyList)))]
#[get("/policies")]
async fn list_policies(
    call: Call,
    Query(filter): Query<ListPolicies>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let (organization, request) = (call.organization(), call.page(&paging));
    let page = store::list(call.read(), organization, &filter, &request).await?;
    call.list(page, PolicyBody::from)
}

/// Define a policy
///
/// It applies to reviews that are opened from now on. When an incident is closed for which it makes
/// a review mandatory and which has none, the review is opened, unless `open_automatically` is off;
/// incidents that are backfilled, tests or false positives are left out.
#[utoipa::path(tag = "Policies", request_body = DefinePolicy, security(("oauth2" = ["policies:manage"])), responses((status = 201, body = PolicyBody)))]
#[post("/policies")]
async fn define_policy(call: Call, Body(policy): Body<DefinePolicy>) -> Result<HttpResponse> {
    call.write(async |change| {
        let row = service::define(change, policy).await?;
        let location = format!("/api/v1/policies/{}", row.id);
        let tag = etag::tag(row.version, "");
        Reply::created(location, tag, &PolicyBody::from(row))
    })
    .await
}

/// Read which policy would apply
///
/// Of the policies that match, the one with the highest rank applies; among equal ranks the one that
/// names more of severity, category and kind, then the one that names fewer terms, then the oldest.
/// Where none matches the built-in one applies.
#[utoipa::path(tag = "Policies", params(MatchPolicy), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = EffectivePolicyBody)))]
#[get("/policies/effective")]
async fn get_effective_policy(
    call: Call,
    Query(about): Query<MatchPolicy>,
) -> Result<HttpResponse> {
    let situation = Situation {
        severity: about.severity,
        categories: about.category,
        kind: about.kind,
    };
    let policies = store::current(call.read(), call.organization()).await?;
    let matching = rules::matching(policies, &situation);
    call.ok(&EffectivePolicyBody {
        matching: matching.iter().map(MatchingPolicyBody::from).collect(),
        policy: matching
            .into_iter()
            .next()
            .map_or_else(PolicyBody::built_in, PolicyBody::from),
    })
}

/// Read a policy
///
/// `default` is the built-in one.
#[utoipa::path(tag = "Policies", params(PolicyPath), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = PolicyBody)))]
#[get("/policies/{policy}")]
async fn get_policy(call: Call, path: Path<PolicyPath>) -> Result<HttpResponse> {
    let found = store::find(call.read(), call.organization(), &path.policy).await?;
    let body = found.map_or_else(PolicyBody::built_in, PolicyBody::from);
    call.ok_tagged(etag::tag(body.version(), ""), &body)
}

/// Change a policy
///
/// Makes a new version. Reviews that are open keep the version that was applied to them, until it is
/// applied again on request.
#[utoipa::path(tag = "Policies", params(PolicyPath), request_body(content((PolicyPatch = "application/merge-patch+json"), (PolicyPatch = "application/json"))), security(("oauth2" = ["policies:manage"])), responses((status = 200, body = PolicyBody)))]
#[patch("/policies/{policy}")]
async fn update_policy(
    call: Call,
    path: Path<PolicyPath>,
    patch: PolicyPatch,
) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::update(change, &path.policy, &call.precondition, &patch).await?)
    })
    .await
}

/// Archive a policy
///
/// It applies no longer. Its versions stay readable, and the reviews that it applies to keep theirs.
#[utoipa::path(tag = "Policies", params(PolicyPath), security(("oauth2" = ["policies:manage"])), responses((status = 204)))]
#[delete("/policies/{policy}")]
async fn archive_policy(call: Call, path: Path<PolicyPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        service::archive(change, &path.policy, &call.precondition).await?;
        Ok(Reply::no_content())
    })
    .await
}

/// Restore an archived policy
#[utoipa::path(tag = "Policies", params(PolicyPath), security(("oauth2" = ["policies:manage"])), extensions(("x-if-match" = json!(true))), responses((status = 200, body = PolicyBody)))]
#[post("/policies/{policy}/restore")]
async fn restore_policy(call: Call, path: Path<PolicyPath>) -> Result<HttpResponse> {
    call.write(async |change| {
        tagged(service::restore(change, &path.policy, &call.precondition).await?)
    })
    .await
}

/// List the versions of a policy
///
/// All of them, the current one too. The built-in policy has none that are kept.
#[utoipa::path(tag = "Policies", params(PolicyPath, ListPolicyVersions, Paging), security(("oauth2" = ["reviews:read"])), responses((status = 200, body = PolicyVersionList)))]
#[get("/policies/{policy}/versions")]
async fn list_policy_versions(
    call: Call,
    path: Path<PolicyPath>,
    Query(filter): Query<ListPolicyVersions>,
    Query(paging): Query<Paging>,
) -> Result<HttpResponse> {
    let found = store::find(call.read(), call.organization(), &path.policy).await?;
    let page = match found {
        Some(policy) => store::versions(call.read(), &policy, &filter, &call.page(&paging)).await?,
        None => Page {
            items: Vec::new(),
            next: None,
        },
    };
    call.list(page, PolicyVersionBody::from)
}
