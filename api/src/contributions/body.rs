//! Bodies and parameters of contributions.

use entity::Timestamp;
use entity::contribution::{self, Model, Outcomes};
use entity::sealed_box::{Said, Sealed};
use entity::vocabulary::ContributionPrompt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kernel::audit::stored;
use crate::kernel::body::Patch;
use crate::kernel::error::Result;
use crate::kernel::etag;
use crate::wording::body::{PlacedText, Worded, WordingNote, at, notes, notes_on};

/// What somebody has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contribute {
    /// What it answers: one of the prompts of the board.
    pub prompt: ContributionPrompt,
    /// What there is to say. Where it is to stay anonymous, it should not say who speaks.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "The alert mailbox had no owner, so the first alert waited for nine hours"
    )]
    pub text: String,
}

/// A change of a contribution.
pub type ContributionPatch = Patch<Contribute>;

impl From<Contribute> for Said {
    fn from(given: Contribute) -> Self {
        Self {
            prompt: given.prompt,
            text: given.text,
        }
    }
}

impl From<&Model> for Contribute {
    fn from(row: &Model) -> Self {
        Self {
            prompt: row.prompt,
            text: row.text.clone(),
        }
    }
}

/// What takes an anonymous contribution back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawContribution {
    /// What was handed out for it when it was made.
    #[schema(
        min_length = 1,
        max_length = 64,
        example = "dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4uLi4"
    )]
    pub withdrawal_token: String,
}

/// Into which group a contribution is put.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArrangeContribution {
    /// A group of the same workshop; without it the contribution is in none.
    #[serde(default)]
    pub group_id: Option<Uuid>,
}

/// Who said something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributionAuthor {
    /// Their subject.
    #[schema(example = "kim@example.org")]
    subject: String,
    /// Name to show.
    #[schema(example = "Kim Larsen")]
    name: String,
}

/// A contribution.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributionBody {
    /// Its id; of an anonymous one it is random and says nothing of when it was made.
    id: Uuid,
    /// The review.
    review_id: Uuid,
    /// The workshop.
    workshop_id: Uuid,
    /// What it answers.
    prompt: ContributionPrompt,
    /// What somebody has to say.
    #[schema(example = "The alert mailbox had no owner, so the first alert waited for nine hours")]
    text: String,
    /// Whether nobody knows whose it is.
    #[schema(example = true)]
    anonymous: bool,
    /// Who said it; null where it is anonymous.
    author: Option<ContributionAuthor>,
    /// The group that it is in.
    group_id: Option<Uuid>,
    /// How many votes it got, once they were counted.
    #[schema(minimum = 0, example = 3)]
    votes: Option<i32>,
    /// What came of it.
    outcomes: Outcomes,
    /// Version of the resource, which its ETag begins with.
    #[schema(minimum = 1, example = 1)]
    version: i32,
    /// Since when it is shown: since it was made, or where it is anonymous, since the collection was
    /// closed, which is the same for all of them. Null before.
    created_at: Option<Timestamp>,
    /// When it was last changed. Null before it is shown.
    updated_at: Option<Timestamp>,
    /// Phrases in its text that blame or judge with hindsight: advice, never a refusal.
    wording_notes: Vec<WordingNote>,
}

impl Worded for Model {
    fn texts(&self) -> Vec<PlacedText<'_>> {
        vec![at("/text", self.text.as_str())]
    }
}

impl From<Model> for ContributionBody {
    fn from(row: Model) -> Self {
        let wording_notes = notes(&row);
        let author = row.author_subject.map(|subject| ContributionAuthor {
            name: row.author_name.unwrap_or_else(|| subject.clone()),
            subject,
        });
        Self {
            id: row.id,
            review_id: row.review_id,
            workshop_id: row.workshop_id,
            prompt: row.prompt,
            wording_notes,
            text: row.text,
            anonymous: author.is_none(),
            author,
            group_id: row.group_id,
            votes: row.votes,
            outcomes: row.outcomes.0,
            version: row.version,
            created_at: Some(row.created_at),
            updated_at: Some(row.updated_at),
        }
    }
}

impl ContributionBody {
    /// A contribution that only whoever made it sees, this once.
    pub fn sealed((review_id, workshop_id): (Uuid, Uuid), id: Uuid, said: Said) -> Self {
        Self {
            id,
            review_id,
            workshop_id,
            prompt: said.prompt,
            wording_notes: notes_on([at("/text", said.text.as_str())]),
            text: said.text,
            anonymous: true,
            author: None,
            group_id: None,
            votes: None,
            outcomes: Outcomes::default(),
            version: 1,
            created_at: None,
            updated_at: None,
        }
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The entity tag: the version, and the votes, which are counted without another.
    pub fn tag(&self) -> String {
        tag(self.version, self.votes)
    }
}

/// The tag of what was voted on.
pub fn tag(version: i32, votes: Option<i32>) -> String {
    let votes = votes.map(|votes| votes.to_string());
    etag::tag(version, &votes.unwrap_or_default())
}

/// A contribution that was made just now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewContributionBody {
    /// Takes an anonymous contribution back as long as the board collects; it is shown this once, and
    /// proves whose the contribution is to whoever sees it. Null where the contribution is signed.
    #[schema(example = "dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgdG9rZW4uLi4")]
    pub withdrawal_token: Option<String>,
    /// What else there is to it.
    #[serde(flatten)]
    pub contribution: ContributionBody,
}

/// A page of contributions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContributionList {
    /// The contributions, in order.
    items: Vec<ContributionBody>,
    /// Cursor of the next page, if there is one.
    next_cursor: Option<String>,
}

/// Which contribution.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ContributionPath {
    /// Id of the contribution.
    pub contribution: Uuid,
}

crate::sorts! {
    /// Order of a list of contributions. Those that are equal come in the order of their ids, which
    /// of anonymous ones is random.
    ContributionSort of contribution::Entity, default Prompt;
    Prompt PromptDescending "prompt" "-prompt" Prompt;
    CreatedAt CreatedAtDescending "created_at" "-created_at" CreatedAt;
    Votes VotesDescending "votes" "-votes" Votes nullable;
}

/// Which contributions, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListContributions {
    /// To any of these prompts.
    #[serde(default)]
    pub prompt: Vec<ContributionPrompt>,
    /// In any of these groups.
    #[serde(default)]
    pub group_id: Vec<Uuid>,
    /// Only those that are in a group, or only the others.
    pub grouped: Option<bool>,
    /// Signed by any of these subjects.
    #[serde(default)]
    #[param(example = json!(["kim@example.org"]))]
    pub author: Vec<String>,
    /// That led to any of these findings, actions or lessons.
    #[serde(default)]
    pub outcome_id: Vec<Uuid>,
    /// Words that the text holds, all of them.
    #[param(max_length = 200, example = "alert owner")]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    pub sort: ContributionSort,
}

/// What an audit record keeps of a contribution: of an anonymous one neither its text nor when it
/// came, but what those who lead the workshop did with it.
pub fn audited(row: &Model) -> Result<serde_json::Value> {
    if row.author_subject.is_none() {
        return Ok(json!({
            "id": row.id,
            "workshop_id": row.workshop_id,
            "anonymous": true,
            "group_id": row.group_id,
            "outcomes": row.outcomes,
            "version": row.version,
        }));
    }
    let body = ContributionBody::from(row.clone());
    stored(&body, &["wording_notes"])
}

/// What is on record of many contributions at once: a digest over what they say, in the order of
/// their ids.
pub fn digest<'a>(rows: impl IntoIterator<Item = &'a Model>) -> String {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for row in rows {
        let line = json!({ "id": row.id, "prompt": row.prompt, "text": row.text });
        context.update(line.to_string().as_bytes());
        context.update(b"\n");
    }
    crate::kernel::audit::hex(context.finish().as_ref())
}

/// A contribution that lies in the box, if it was not withdrawn.
pub fn living(entry: Sealed) -> Option<(Uuid, Said)> {
    Some((entry.id, entry.said?))
}
