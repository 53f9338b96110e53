//! Routes and bodies of vocabularies.

use actix_web::{HttpResponse, get};
use entity::vocabulary::{self, Term, VocabularyEntry};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::call::Call;
use crate::kernel::error::{Error, Result};
use crate::kernel::mount::ServiceConfig;
use crate::kernel::path::Path;

/// Mounts the routes.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config.service(list_vocabularies).service(get_vocabulary);
}

/// One term of a vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermBody {
    /// What is sent and stored.
    #[schema(example = "near_miss")]
    value: &'static str,
    /// What a person reads.
    #[schema(example = "Near miss")]
    label: &'static str,
    /// What it means, in one sentence.
    #[schema(example = "Something that could have become an incident and did not.")]
    description: &'static str,
}

/// A closed list of terms.
#[derive(Debug, Serialize, ToSchema)]
pub struct VocabularyBody {
    /// Its name.
    #[schema(example = "review_kind")]
    name: &'static str,
    /// What its terms tell apart.
    #[schema(example = "What a review looks back on.")]
    description: &'static str,
    /// The taxonomy or standard that its terms follow; `Debrief` when they are its own.
    #[schema(example = "ISO/IEC 27035, NIST CSF 2.0 ID.IM-02")]
    source: &'static str,
    /// The terms, in their published order.
    terms: Vec<TermBody>,
}

impl From<&Term> for TermBody {
    fn from(term: &Term) -> Self {
        Self {
            value: term.value,
            label: term.label,
            description: term.description,
        }
    }
}

impl From<&VocabularyEntry> for VocabularyBody {
    fn from(vocabulary: &VocabularyEntry) -> Self {
        Self {
            name: vocabulary.name,
            description: vocabulary.description,
            source: vocabulary.source,
            terms: vocabulary.terms.iter().map(TermBody::from).collect(),
        }
    }
}

/// Every vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub struct VocabularyList {
    /// The vocabularies, by name.
    items: Vec<VocabularyBody>,
    /// Always `null`: one page holds them all.
    next_cursor: Option<String>,
}

/// Which vocabulary.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct VocabularyPath {
    /// Name of the vocabulary.
    #[param(pattern = "^[a-z][a-z0-9_]{0,63}$", example = "review_kind")]
    vocabulary: String,
}

/// List the vocabularies
#[utoipa::path(tag = "Vocabularies", security(("oauth2" = [])), responses((status = 200, body = VocabularyList)))]
#[get("/vocabularies")]
async fn list_vocabularies(call: Call) -> Result<HttpResponse> {
    call.ok(&VocabularyList {
        items: vocabulary::all().iter().map(VocabularyBody::from).collect(),
        next_cursor: None,
    })
}

/// Read a vocabulary
#[utoipa::path(tag = "Vocabularies", params(VocabularyPath), security(("oauth2" = [])), responses((status = 200, body = VocabularyBody)))]
#[get("/vocabularies/{vocabulary}")]
async fn get_vocabulary(call: Call, path: Path<VocabularyPath>) -> Result<HttpResponse> {
    let found = vocabulary::all()
        .iter()
        .find(|one| one.name == path.vocabulary);
    let found = found.ok_or_else(|| Error::not_found("vocabulary"))?;
    call.ok(&VocabularyBody::from(found))
}
