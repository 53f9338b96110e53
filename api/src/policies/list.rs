//! Which policy, which policies in which order, and which of a policy's versions.

use entity::vocabulary::{IncidentCategory, Requirement, ReviewKind, Severity};
use entity::{policy, policy_version};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which policy.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PolicyPath {
    /// Id of the policy, or `default` for the built-in one.
    #[param(
        pattern = "^(default|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
        example = "default"
    )]
    pub policy: String,
}

crate::sorts! {
    /// Order of a list of policies.
    PolicySort of policy::Entity, default RankDescending;
    Rank RankDescending "rank" "-rank" Rank;
    Name NameDescending "name" "-name" Name;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which policies, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListPolicies {
    /// Any of these requirements.
    #[serde(default)]
    pub requirement: Vec<Requirement>,
    /// Only those that are archived, or only the others.
    pub archived: Option<bool>,
    /// Words that name or description hold, all of them.
    #[param(max_length = 200, example = "critical")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: PolicySort,
}

/// What a review would be about.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MatchPolicy {
    /// How bad it was. A policy for single severities does not match when it is left out.
    #[param(inline)]
    pub severity: Option<Severity>,
    /// The categories of the incidents. A policy for single categories matches any of them.
    #[serde(default)]
    pub category: Vec<IncidentCategory>,
    /// The kind of review. A policy for single kinds does not match when it is left out.
    #[param(inline)]
    pub kind: Option<ReviewKind>,
}

crate::sorts! {
    /// Order of a policy's versions.
    PolicyVersionSort of policy_version::Entity, default VersionDescending;
    Version VersionDescending "version" "-version" Version;
}

/// Which versions, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListPolicyVersions {
    /// Only this version.
    #[param(minimum = 1, maximum = 2_147_483_647, example = 1)]
    pub version: Option<i32>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: PolicyVersionSort,
}
