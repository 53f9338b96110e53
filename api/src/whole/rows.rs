//! The one list of what belongs to a review. A table that is added here is read, exported, and asked
//! for by everything that takes the rows apart, where the compiler says what is missing.

use entity::{
    action, communication, decision, document_revision_action, document_revision_lesson, event,
    feedback_round, finding, improvement_measure, lesson, review_incident, workshop,
};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::kernel::error::{Error, Fault, Result};

/// How many rows of one kind are read of a review at once.
pub const MOST: u64 = 50_000;

/// A row of a table, by its columns.
#[derive(Clone, Copy, Debug)]
pub struct Record;

impl PartialSchema for Record {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .description(Some(
                "A row, by its columns, as version 1 of the format has them.",
            ))
            .examples([serde_json::json!({ "id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11" })])
            .into()
    }
}

impl ToSchema for Record {}

/// Defines the rows: the name of each list, its table, which of its rows belong to a review, and
/// their order.
macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $list:ident: $table:ident where $belongs:expr, by $($order:ident),+;)+) => {
        /// The rows of everything that a review holds, besides its own.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct Rows { $($(#[doc = $doc])+ pub $list: Vec<entity::$table::Model>,)+ }

        impl Rows {
            /// The names of the lists, in their order.
            pub const LISTS: &'static [&'static str] = &[$(stringify!($list)),+];

            /// How many rows each list has.
            pub fn counts(&self) -> Vec<(&'static str, usize)> {
                vec![$((stringify!($list), self.$list.len())),+]
            }

            /// How many rows each list would have: one query, so that nothing is read of what is too
            /// much.
            ///
            /// # Errors
            /// When the database is away.
            pub async fn counted(
                connection: &impl ConnectionTrait,
                review: Uuid,
            ) -> Result<Vec<(&'static str, i64)>> {
                let mut counts = Query::select();
                $({
                    use entity::$table::{Column, Entity};
                    let belongs: fn(Uuid) -> SimpleExpr = $belongs;
                    let count = Entity::find().filter(belongs(review)).select_only();
                    let count = count.column_as(Expr::cust("count(*)"), "n").into_query();
                    let count = SimpleExpr::SubQuery(None, Box::new(count.into()));
                    counts.expr_as(count, Alias::new(stringify!($list)));
                })+
                let row = connection.query_one(&counts).await?;
                let row = row.ok_or_else(|| Error::Internal("nothing was counted".to_owned()))?;
                Ok(vec![$((stringify!($list), row.try_get("", stringify!($list))?)),+])
            }

            /// Reads them: as many queries, however many rows there are.
            pub(super) async fn read(
                connection: &impl ConnectionTrait,
                review: Uuid,
            ) -> Result<Self> {
                require_bounded(&Self::counted(connection, review).await?)?;
                Ok(Self { $($list: {
                    use entity::$table::{Column, Entity};
                    let belongs: fn(Uuid) -> SimpleExpr = $belongs;
                    Entity::find()
                        .filter(belongs(review))
                        $(.order_by_asc(Column::$order))+
                        .all(connection)
                        .await?
                },)+ })
            }

            /// Reads them from a document, list by list; `refuse` hears of each row that is none.
            pub fn from_document(
                document: &mut serde_json::Value,
                mut refuse: impl FnMut(&str, usize, &serde_path_to_error::Error<serde_json::Error>),
            ) -> Self {
                Self { $($list: {
                    let list = stringify!($list);
                    let given = document.get_mut(list).map(serde_json::Value::take);
                    let mut rows = Vec::new();
                    let items = match given {
                        Some(serde_json::Value::Array(items)) => items,
                        _ => Vec::new(),
                    };
                    for (at, item) in items.into_iter().enumerate() {
                        match serde_path_to_error::deserialize(item) {
                            Ok(row) => rows.push(row),
                            Err(error) => refuse(list, at, &error),
                        }
                    }
                    rows
                },)+ }
            }
        }

        /// A whole review as a document, to be imported by a service of this or a later version.
        #[derive(Debug, ToSchema)]
        #[schema(as = ReviewExport)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "stands for a schema")]
        pub struct Document {
            /// What kind of document it is.
            #[schema(pattern = "^debrief-review$", example = "debrief-review")]
            format: String,
            /// Version of the format. A service reads those up to its own.
            #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
            format_version: u32,
            /// Version of the service that wrote it.
            #[schema(min_length = 1, max_length = 64, example = "0.1.0")]
            service_version: String,
            /// When it was written.
            exported_at: entity::Timestamp,
            /// The review's own row, with its transitions and what it keeps of its policy.
            review: Record,
            $($(#[doc = $doc])+ #[schema(max_items = 50_000)] #[serde(default)] $list: Vec<Record>,)+
        }
    };
}

rows! {
    /// The incidents that it is about.
    incidents: incident where |review| Column::Id.in_subquery(incidents_of(review)), by CreatedAt, Id;
    /// Everybody in it.
    participants: participant where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// Its chronology, the retracted too.
    events: event where |review| Column::ReviewId.eq(review), by OccurredAt, Id;
    /// Its decision log, the retracted too.
    decisions: decision where |review| Column::ReviewId.eq(review), by DecidedAt, Id;
    /// Its communication log, the retracted too.
    communications: communication where |review| Column::ReviewId.eq(review), by SentAt, Id;
    /// How well the response went, by dimension.
    assessments: assessment where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What the incident cost, by estimate and dimension.
    impacts: impact where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What it established, the retracted too.
    findings: finding where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What it proposes, with every decision about it.
    recommendations: recommendation where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What somebody committed to.
    actions: action where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What was reported of actions, and every step of their lives.
    action_progress: action_progress where |review| Column::ActionId.in_subquery(actions_of(review)), by CreatedAt, Id;
    /// Every change of an action's due date.
    action_due_changes: action_due_change where |review| Column::ActionId.in_subquery(actions_of(review)), by CreatedAt, Id;
    /// The proofs that actions work, or do not.
    verifications: verification where |review| Column::ActionId.in_subquery(actions_of(review)), by CreatedAt, Id;
    /// What should be remembered, with every step of it.
    lessons: lesson where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// Its sessions, with agenda and minutes.
    workshops: workshop where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// Who was invited to them, answered and came.
    invitations: invitation where |review| Column::WorkshopId.in_subquery(workshops_of(review)), by CreatedAt, Id;
    /// The boards of its sessions. What is still sealed, and who votes for what, is in no list.
    boards: board where |review| Column::ReviewId.eq(review), by CreatedAt, WorkshopId;
    /// The groups that contributions to its sessions were put into.
    contribution_groups: contribution_group where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What people said in its sessions, as far as everybody in it is shown that.
    contributions: contribution where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// Which actions the sessions carried over, and how they stood.
    carried_actions: carried_action where |review| Column::WorkshopId.in_subquery(workshops_of(review)), by Id;
    /// Its rounds of feedback.
    feedback_rounds: feedback_round where |review| Column::ReviewId.eq(review), by OpensAt, Id;
    /// What the answers to its rounds came to, as far as their summaries tell: of those that are settled
    /// and that enough people answered.
    feedback_results: feedback_result where |review| Column::RoundId.in_subquery(rounds_of(review)), by RoundId;
    /// What was told of it to whom, byte for byte.
    briefings: briefing where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// Which phrases in its texts somebody has seen and leaves as they are.
    wording_acknowledgements: wording_acknowledgement where |review| Column::ReviewId.eq(review), by AcknowledgedAt, Id;
    /// Its regulatory clocks.
    obligations: obligation where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// Whether its improvements helped.
    improvement_measures: improvement_measure where |review| Column::ReviewId.eq(review), by CreatedAt, Id;
    /// What its measures came to, each time.
    measure_evaluations: measure_evaluation where |review| Column::MeasureId.in_subquery(measures_of(review)), by CreatedAt, Id;
    /// The documents of the organisation that its lessons and actions have reached.
    documents: document where |review| Column::Id.in_subquery(documents_of(review)), by CreatedAt, Id;
    /// The revisions of those documents that name its lessons and actions.
    document_revisions: document_revision where |review| Column::Id.in_subquery(revisions_of(review)), by CreatedAt, Id;
    /// Which revision names which lesson of it.
    document_revision_lessons: document_revision_lesson where |review| Column::LessonId.in_subquery(lessons_of(review)), by RevisionId, LessonId;
    /// Which revision names which action of it.
    document_revision_actions: document_revision_action where |review| Column::ActionId.in_subquery(actions_of(review)), by RevisionId, ActionId;
    /// How what was amended was before.
    revisions: revision where |review| Column::ResourceId.in_subquery(amended_of(review)), by ResourceId, Revision;
    /// What was published of it, byte for byte.
    review_snapshots: review_snapshot where |review| Column::ReviewId.eq(review), by PublishedAt, Id;
}

/// Refuses a review that holds more of a kind than is read at once.
fn require_bounded(counts: &[(&'static str, i64)]) -> Result<()> {
    let many = counts.iter();
    let many = many.filter(|(_, count)| u64::try_from(*count).is_ok_and(|one| one > MOST));
    let faults: Vec<Fault> = many
        .map(|(list, count)| {
            let detail = format!("there are {count} {list}, of which {MOST} are read at once; read them by their list");
            Fault::of("too_many", detail)
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    let detail = "the review holds more than is read at once";
    Err(Error::state(detail, faults))
}

/// The ids of what belongs to a review, as a subquery.
macro_rules! ids {
    ($($name:ident: $table:ident . $id:ident by $of:ident;)+) => {
        $(fn $name(review: Uuid) -> SelectStatement {
            use $table::{Column, Entity};
            Query::select()
                .column((Entity, Column::$id))
                .from(Entity)
                .and_where(Column::$of.eq(review))
                .to_owned()
        })+
    };
}

ids! {
    incidents_of: review_incident.IncidentId by ReviewId;
    events_of: event.Id by ReviewId;
    decisions_of: decision.Id by ReviewId;
    communications_of: communication.Id by ReviewId;
    findings_of: finding.Id by ReviewId;
    actions_of: action.Id by ReviewId;
    lessons_of: lesson.Id by ReviewId;
    workshops_of: workshop.Id by ReviewId;
    rounds_of: feedback_round.Id by ReviewId;
    measures_of: improvement_measure.Id by ReviewId;
}

/// What has revisions.
fn amended_of(review: Uuid) -> SelectStatement {
    events_of(review)
        .union(UnionType::All, decisions_of(review))
        .union(UnionType::All, communications_of(review))
        .union(UnionType::All, findings_of(review))
        .to_owned()
}

fn revisions_of(review: Uuid) -> SelectStatement {
    named_in(review, Named::Revision)
}

fn documents_of(review: Uuid) -> SelectStatement {
    named_in(review, Named::Document)
}

#[derive(Clone, Copy)]
enum Named {
    Revision,
    Document,
}

/// The revisions that name lessons or actions of a review, or their documents.
fn named_in(review: Uuid, named: Named) -> SelectStatement {
    use document_revision_action::{Column as Action, Entity as Actions};
    use document_revision_lesson::{Column as Lesson, Entity as Lessons};
    let (of_lesson, of_action) = match named {
        Named::Revision => (Lesson::RevisionId, Action::RevisionId),
        Named::Document => (Lesson::DocumentId, Action::DocumentId),
    };
    let actions = Query::select()
        .column((Actions, of_action))
        .from(Actions)
        .and_where(Action::ActionId.in_subquery(actions_of(review)))
        .to_owned();
    Query::select()
        .column((Lessons, of_lesson))
        .from(Lessons)
        .and_where(Lesson::LessonId.in_subquery(lessons_of(review)))
        .union(UnionType::All, actions)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::ResourceKind;

    /// Kinds that no list of a review holds, and why.
    const ELSEWHERE: &[(ResourceKind, &str)] = &[
        (ResourceKind::Review, "it is the document itself"),
        (
            ResourceKind::RecommendationTemplate,
            "the library is the organisation's",
        ),
        (
            ResourceKind::DocumentAcknowledgement,
            "who has read a document is the organisation's",
        ),
        (
            ResourceKind::Regime,
            "a regime is the organisation's; an obligation keeps its clock",
        ),
        (
            ResourceKind::Policy,
            "a policy is the organisation's; a review keeps what applied",
        ),
        (
            ResourceKind::Calendar,
            "a calendar is the organisation's; computed dates are kept",
        ),
        (
            ResourceKind::Deadline,
            "a deadline follows from what has it, and is set anew",
        ),
        (ResourceKind::ApiKey, "a key is nobody else's"),
        (
            ResourceKind::Organization,
            "an organisation is in no review",
        ),
    ];

    /// The list that holds a kind, where it is not called as the kind is.
    fn list_of(kind: ResourceKind) -> String {
        match kind {
            ResourceKind::Progress => "action_progress".to_owned(),
            other => format!("{}s", other.as_str()),
        }
    }

    #[test]
    fn more_of_a_kind_than_is_read_at_once_is_refused_by_its_name() {
        let most = i64::try_from(MOST).expect("few");
        assert!(require_bounded(&[("events", most), ("lessons", 0)]).is_ok());
        let refused = require_bounded(&[("events", most), ("lessons", most + 1)]);
        let refused = refused.expect_err("too many").into_refusal();
        assert_eq!(refused.code, crate::kernel::error::Code::StateConflict);
        assert_eq!(refused.faults.len(), 1);
        assert!(refused.faults[0].detail.contains("50001 lessons"));
    }

    #[test]
    fn every_kind_of_resource_is_in_a_list_or_said_to_be_elsewhere() {
        for kind in ResourceKind::ALL {
            let listed = Rows::LISTS.contains(&list_of(*kind).as_str());
            let elsewhere = ELSEWHERE.iter().any(|(other, _)| other == kind);
            assert!(
                listed != elsewhere,
                "{kind:?}: give it a list in whole/rows.rs, or say here why it has none"
            );
        }
    }
}
