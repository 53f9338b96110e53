//! Rights: scopes, the roles that bundle them, and the caller who holds them.

use std::sync::Arc;

use entity::organization::OrganizationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{Code, Error, Result};

// Literals are matched as `tt`: a `literal` fragment reaches utoipa inside an invisible group, in
// which it does not find the renamed value.
macro_rules! scopes {
    ($($variant:ident $name:tt $text:tt;)+) => {
        /// One right.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[schema(example = "events:write")]
        pub enum Scope { $(#[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in tokens and in the OpenAPI document.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it allows.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The scope of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|scope| scope.as_str() == name)
            }
        }
    };
}

scopes! {
    IncidentsRead "incidents:read" "Read incidents.";
    IncidentsWrite "incidents:write" "Record and change incidents.";
    ReviewsRead "reviews:read" "Read reviews and what they hold: participants, chronologies, logs, findings, assessments, impacts, recommendations, lessons, gaps.";
    ReviewsWrite "reviews:write" "Open and change reviews and their participants.";
    ReviewsTransition "reviews:transition" "Move reviews through their life: publish, close, waive, cancel, reopen.";
    ReviewsRestricted "reviews:restricted" "See restricted reviews without being a member.";
    EventsWrite "events:write" "Append, amend and retract events, decisions and communications.";
    AssessmentsWrite "assessments:write" "Assess the response and estimate the impact.";
    FindingsWrite "findings:write" "Record, change and retract findings.";
    ActionsRead "actions:read" "Read actions, their progress and verifications.";
    ActionsWrite "actions:write" "Add and change actions and report progress on them.";
    WorkshopsWrite "workshops:write" "Plan, change and hold workshops, invite to them and record who came.";
    ContributionsWrite "contributions:write" "Take part in workshops: answer invitations, acknowledge ground rules, contribute.";
    ActionsVerify "actions:verify" "Verify actions; decline them, accept their risk, cancel or reopen them.";
    RecommendationsWrite "recommendations:write" "Propose recommendations and change them while they are only proposed.";
    RecommendationsDecide "recommendations:decide" "Decide about recommendations; keep the library of those that are made again and again.";
    LessonsWrite "lessons:write" "Record, validate and retire lessons.";
    DocumentsRead "documents:read" "Read documents and their revisions, and acknowledge them for oneself.";
    DocumentsWrite "documents:write" "Keep documents, publish and withdraw their revisions, record who has read them.";
    ObligationsWrite "obligations:write" "Record regulatory obligations, submit and waive them.";
    ReviewsImport "reviews:import" "Import whole reviews that a service has exported.";
    BriefingsWrite "briefings:write" "Draft and issue briefings, record whom they reached and who took note of them.";
    PoliciesManage "policies:manage" "Define and change policies, business calendars and regimes.";
    MetricsRead "metrics:read" "Read metrics.";
    ChangesRead "changes:read" "Read the feed of changes, as far as what was changed may be read.";
    AuditRead "audit:read" "Read the audit log and verify its chain.";
    KeysManage "keys:manage" "Create, list, rotate and revoke API keys.";
    OrganizationManage "organization:manage" "Change the organisation's settings.";
    PlatformAdmin "platform:admin" "Create and list organisations of this installation.";
}

macro_rules! roles {
    ($($variant:ident $name:tt $text:tt [$($base:ident)? $(+ $scope:ident)*];)+) => {
        /// A named bundle of scopes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[schema(example = "contributor")]
        pub enum Role { $(#[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The role of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|role| role.as_str() == name)
            }

            /// The scopes in it.
            pub fn scopes(self) -> ScopeSet {
                match self {
                    $(Self::$variant => {
                        let scopes = ScopeSet::default();
                        $(let scopes = scopes.union(Self::$base.scopes());)?
                        $(let scopes = scopes.with(Scope::$scope);)*
                        scopes
                    })+
                }
            }
        }
    };
}

roles! {
    Reader "reader" "Reads everything that is not restricted." [+ IncidentsRead + ReviewsRead + ActionsRead + DocumentsRead + MetricsRead + ChangesRead];
    Contributor "contributor" "Records incidents, reviews, events, assessments, findings, recommendations, lessons, documents, obligations and actions, and takes part in workshops." [Reader + IncidentsWrite + ReviewsWrite + EventsWrite + AssessmentsWrite + FindingsWrite + ActionsWrite + RecommendationsWrite + LessonsWrite + DocumentsWrite + ObligationsWrite + ContributionsWrite];
    Facilitator "facilitator" "Leads reviews and their workshops through their life and verifies actions." [Contributor + ReviewsTransition + ActionsVerify + RecommendationsDecide + WorkshopsWrite + BriefingsWrite];
    Auditor "auditor" "Reads everything that is not restricted, and the audit log." [Reader + AuditRead];
    Admin "admin" "Does everything within the organisation." [Facilitator + ReviewsRestricted + ReviewsImport + PoliciesManage + AuditRead + KeysManage + OrganizationManage];
}

/// The refusal that the credential lacks scopes, named and separated by spaces.
pub fn missing_scope(what: &str, scopes: &str) -> Error {
    let challenge =
        format!("Bearer realm=\"debrief\", error=\"insufficient_scope\", scope=\"{scopes}\"");
    Code::MissingScope
        .because(format!("{what} needs the scope {scopes}"))
        .with_header("www-authenticate", challenge)
        .into()
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(u32);

impl ScopeSet {
    /// Every scope there is.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// This set and one more.
    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u32)
    }

    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the scope is in the set.
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u32) != 0
    }

    /// Whether every scope of `other` is in this set.
    pub fn contains_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its scopes in their order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .iter()
            .copied()
            .filter(move |scope| self.contains(*scope))
    }

    /// The roles whose every scope is in this set.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL
            .iter()
            .copied()
            .filter(move |role| self.contains_all(role.scopes()))
    }

    /// The known scopes and roles among names, as tokens and stored keys carry them.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names
            .into_iter()
            .fold(Self::default(), |set, name| match Scope::from_name(name) {
                Some(scope) => set.with(scope),
                None => Role::from_name(name).map_or(set, |role| set.union(role.scopes())),
            })
    }

    /// The names, separated by spaces.
    pub fn to_names(self) -> String {
        self.iter().map(Scope::as_str).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::default(), Self::with)
    }
}

/// How a caller proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "api_key")]
pub enum CredentialKind {
    /// An opaque key of this service.
    ApiKey,
    /// A token that this service issued for client credentials.
    ClientCredentials,
    /// A token of the configured identity provider.
    IdentityProvider,
    /// The command line of the service itself.
    CommandLine,
    /// The service itself, when time passes.
    System,
}

/// Who is calling, for whom, with which rights.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The organisation that everything the caller sees belongs to.
    pub organization: OrganizationId,
    /// Stable name of the person or program: `key:<id>` or the token's subject.
    pub subject: String,
    /// Name to show.
    pub name: String,
    /// Rights.
    pub scopes: ScopeSet,
    /// Kind of credential.
    pub kind: CredentialKind,
    /// The API key behind it, if there is one.
    pub key: Option<uuid::Uuid>,
    /// When the credential ends, in seconds since the epoch.
    pub expires_at: Option<i64>,
}

impl Caller {
    /// Refuses with 403, naming the scope, when the caller lacks it: for what a body decides.
    pub fn require(&self, scope: Scope, what: &str) -> Result<()> {
        if self.scopes.contains(scope) {
            return Ok(());
        }
        Err(missing_scope(what, scope.as_str()))
    }

    /// The service itself, which acts when time passes.
    pub fn system(organization: OrganizationId) -> Arc<Self> {
        Arc::new(Self {
            organization,
            subject: "system".to_owned(),
            name: "system".to_owned(),
            scopes: ScopeSet::all(),
            kind: CredentialKind::System,
            key: None,
            expires_at: None,
        })
    }

    /// Nobody: who does what is done without a name.
    pub fn nobody(organization: OrganizationId) -> Arc<Self> {
        Arc::new(Self {
            organization,
            subject: "anonymous".to_owned(),
            name: "anonymous".to_owned(),
            scopes: ScopeSet::default(),
            kind: CredentialKind::System,
            key: None,
            expires_at: None,
        })
    }

    /// Whether restricted reviews are visible without membership.
    pub fn sees_restricted(&self) -> bool {
        self.scopes.contains(Scope::ReviewsRestricted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_grow_and_no_role_reaches_the_platform() {
        assert!(
            Role::Admin
                .scopes()
                .contains_all(Role::Facilitator.scopes())
        );
        assert!(
            Role::Facilitator
                .scopes()
                .contains_all(Role::Contributor.scopes())
        );
        assert!(!Role::Contributor.scopes().contains(Scope::ActionsVerify));
        assert!(
            Role::ALL
                .iter()
                .all(|role| !role.scopes().contains(Scope::PlatformAdmin))
        );
    }

    #[test]
    fn names_of_roles_and_scopes_are_read_and_others_ignored() {
        let set = ScopeSet::from_names(["reader", "audit:read", "nonsense"]);
        assert_eq!(set, Role::Auditor.scopes());
    }
}
