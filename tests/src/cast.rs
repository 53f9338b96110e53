//! The cast of characters: who calls in the tests, and with which rights.

use debrief::identity::bootstrap::{self, command_line, first_key_scopes};
use debrief::identity::{keys, organizations};
use debrief::kernel::access::{Role, ScopeSet};
use debrief::kernel::call::Change;
use debrief::kernel::state::State;

/// Short name of the organisation that the stranger belongs to.
pub const STRANGE_ORGANIZATION: &str = "elsewhere";

/// Somebody who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Character {
    /// Has no credential.
    Anonymous,
    /// Reads.
    Reader,
    /// Records.
    Contributor,
    /// Leads reviews.
    Facilitator,
    /// Reads, the audit log too.
    Auditor,
    /// Does everything within the organisation.
    Admin,
    /// Holds the installation's first key.
    Platform,
    /// Is the admin of another organisation.
    Stranger,
}

impl Character {
    /// Everybody with a credential of the organisation `default`.
    pub const MEMBERS: [Self; 6] = [
        Self::Reader,
        Self::Contributor,
        Self::Facilitator,
        Self::Auditor,
        Self::Admin,
        Self::Platform,
    ];

    /// The character's API key.
    pub fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::Anonymous => return None,
            Self::Reader => "dbf_reader-reader-reader-reader-reader-reader",
            Self::Contributor => "dbf_contributor-contributor-contributor-contri",
            Self::Facilitator => "dbf_facilitator-facilitator-facilitator-facili",
            Self::Auditor => "dbf_auditor-auditor-auditor-auditor-auditor-au",
            Self::Admin => "dbf_admin-admin-admin-admin-admin-admin-admin-",
            Self::Platform => "dbf_platform-platform-platform-platform-platfo",
            Self::Stranger => "dbf_stranger-stranger-stranger-stranger-strang",
        })
    }

    /// What the character may do.
    pub fn scopes(self) -> ScopeSet {
        match self {
            Self::Anonymous => ScopeSet::default(),
            Self::Reader => Role::Reader.scopes(),
            Self::Contributor => Role::Contributor.scopes(),
            Self::Facilitator => Role::Facilitator.scopes(),
            Self::Auditor => Role::Auditor.scopes(),
            Self::Admin | Self::Stranger => Role::Admin.scopes(),
            Self::Platform => first_key_scopes(),
        }
    }
}

/// Adds both organisations and everybody's key.
///
/// # Panics
/// When the database refuses.
pub async fn install(state: &State) {
    bootstrap::ensure_key(state, Character::Platform.key())
        .await
        .expect("the first key can be installed");
    let own = bootstrap::named(state, bootstrap::DEFAULT_ORGANIZATION)
        .await
        .expect("the default organisation is there");
    let tx = state.database.begin().await.expect("a transaction begins");
    let now = state.clock.now();
    let change = Change::new(tx, command_line(own.id), now);
    let other = organizations::create(
        &change,
        STRANGE_ORGANIZATION.to_owned(),
        "Elsewhere".to_owned(),
    )
    .await
    .expect("another organisation can be created");
    for member in Character::MEMBERS
        .into_iter()
        .filter(|one| *one != Character::Platform)
    {
        add(&change, member).await;
    }
    change.commit().await.expect("the cast is committed");
    let tx = state.database.begin().await.expect("a transaction begins");
    let change = Change::new(tx, command_line(other.id), now);
    add(&change, Character::Stranger).await;
    change.commit().await.expect("the stranger is committed");
}

async fn add(change: &Change, character: Character) {
    let key = character.key().expect("who is added has a key");
    let name = format!("{character:?}").to_lowercase();
    keys::install(change, name, key, character.scopes(), None)
        .await
        .expect("a key can be installed");
}
