//! Bodies and parameters of regimes.

use entity::Timestamp;
use entity::regime::{self, Model, Stage};
use entity::shared::WebUrl;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::body::Patch;

/// A regime as it is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineRegime {
    /// Its short name, unique in the organisation.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9][a-z0-9_]*$",
        example = "central_bank"
    )]
    pub key: String,
    /// Its name to show.
    #[schema(
        min_length = 1,
        max_length = 200,
        example = "Central bank incident reporting"
    )]
    pub name: String,
    /// What it is, and whom it binds.
    #[serde(default)]
    #[schema(
        max_length = 4000,
        example = "Cross-industry guidance, as agreed with the supervisor."
    )]
    pub description: Option<String>,
    /// Where it applies.
    #[serde(default)]
    #[schema(max_length = 200, example = "Ireland")]
    pub jurisdiction: Option<String>,
    /// Where its text is.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>, example = "https://regulator.example/incident-reporting")]
    pub source_url: Option<String>,
    /// What it asks for, in order.
    #[schema(min_items = 1, max_items = 20)]
    pub stages: Vec<Stage>,
    /// The business calendar that its business time, days and months are counted by; the
    /// organisation's default, when it is left out.
    #[serde(default)]
    pub calendar_id: Option<Uuid>,
}

/// A change of a regime.
pub type RegimePatch = Patch<DefineRegime>;

impl From<&Model> for DefineRegime {
    fn from(row: &Model) -> Self {
        Self {
            key: row.key.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            jurisdiction: row.jurisdiction.clone(),
            source_url: row.source_url.clone(),
            stages: row.stages.0.clone(),
            calendar_id: row.calendar_id,
        }
    }
}

/// A regime.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegimeBody {
    /// Its id.
    id: Uuid,
    /// Its short name.
    #[schema(example = "nis2")]
    key: String,
    /// Its name to show.
    #[schema(example = "NIS2")]
    name: String,
    /// What it is, and whom it binds.
    #[schema(
        example = "Directive (EU) 2022/2555 on measures for a high common level of cybersecurity."
    )]
    description: Option<String>,
    /// Where it applies.
    #[schema(example = "European Union")]
    jurisdiction: Option<String>,
    /// Where its text is.
    #[schema(value_type = Option<WebUrl>, example = "https://eur-lex.europa.eu/eli/dir/2022/2555/oj")]
    source_url: Option<String>,
    /// What it asks for, in order.
    stages: Vec<Stage>,
    /// The business calendar that its business time, days and months are counted by; the
    /// organisation's default, where there is none.
    calendar_id: Option<Uuid>,
    /// Whether it came with the service: every organisation sees it, and none can change it.
    #[schema(example = true)]
    is_built_in: bool,
    /// When it was archived: no new obligation can name it.
    archived_at: Option<Timestamp>,
    /// Version of the resource, as in its ETag.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// When it was created.
    created_at: Timestamp,
    /// Who created it.
    #[schema(example = "key:0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")]
    created_by: String,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl From<Model> for RegimeBody {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            key: row.key,
            name: row.name,
            description: row.description,
            jurisdiction: row.jurisdiction,
            source_url: row.source_url,
            stages: row.stages.0,
            calendar_id: row.calendar_id,
            is_built_in: row.organization_id.is_none(),
            archived_at: row.archived_at,
            version: row.version,
            created_at: row.created_at,
            created_by: row.created_by,
            updated_at: row.updated_at,
        }
    }
}

/// A page of regimes.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegimeList {
    /// The regimes, in order.
    items: Vec<RegimeBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which regime.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RegimePath {
    /// Id of the regime.
    pub regime: Uuid,
}

crate::sorts! {
    /// Order of a list of regimes.
    RegimeSort of regime::Entity, default Name;
    Name NameDescending "name" "-name" Name;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
}

/// Which regimes, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListRegimes {
    /// Any of these short names.
    #[serde(default)]
    #[param(example = json!(["nis2"]))]
    pub key: Vec<String>,
    /// Only those that came with the service, or only the organisation's own.
    pub is_built_in: Option<bool>,
    /// Only those that are archived, or only the others.
    pub archived: Option<bool>,
    /// Words that key, name or description hold, all of them.
    #[param(max_length = 200, example = "directive")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: RegimeSort,
}
