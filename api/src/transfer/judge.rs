//! Whether the rows of a document could be rows of this service: each is judged by the schema of the body
//! that the API takes for it, so that no bound is said twice. Pure.

use std::collections::HashSet;

use entity::contribution::Outcomes;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::graph::rows;
use crate::actions::input::CreateAction;
use crate::assessments::body::PutAssessment;
use crate::briefings::input::{AcknowledgeBriefing, DeliverBriefing, DraftBriefing};
use crate::chronology::body::AppendEvent;
use crate::communications::body::AppendCommunication;
use crate::contributions::board::body::SetBoard;
use crate::contributions::body::Contribute;
use crate::contributions::groups::body::MakeGroup;
use crate::decisions::body::AppendDecision;
use crate::documents::body::AddDocument;
use crate::feedback::input::{GivenComment, ScheduleFeedbackRound};
use crate::findings::body::RecordFinding;
use crate::impacts::body::PutImpact;
use crate::incidents::input::RecordIncident;
use crate::kernel::audit::hex;
use crate::kernel::error::Fault;
use crate::kernel::schema::{self, escape};
use crate::lessons::body::RecordLesson;
use crate::measures::input::DefineMeasure;
use crate::obligations::body::RecordObligation;
use crate::participants::http::AddParticipant;
use crate::recommendations::input::ProposeRecommendation;
use crate::reviews::body::OpenReview;
use crate::whole::rows::Rows;
use crate::wording_notes::body::AcknowledgeWording;
use crate::workshops::input::PlanWorkshop;

/// How long a text may be that no body bounds more closely.
const LONGEST: usize = 65_536;

/// Columns whose texts are as long as what they keep: earlier revisions, published snapshots, what
/// briefings were frozen as.
const KEPT_WHOLE: &[&str] = &["body", "content", "markdown"];

/// Every fault of the rows by themselves.
pub fn faults(document: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let review = std::iter::once((String::from("/review"), &document["review"]));
    judge::<OpenReview>(review, &[], &mut faults);
    let of = |list: &'static str| {
        let rows = rows(document, list).enumerate();
        rows.map(move |(at, row)| (format!("/{list}/{at}"), row))
    };
    judge::<RecordIncident>(of("incidents"), &["timestamps"], &mut faults);
    judge::<AddParticipant>(of("participants"), &[], &mut faults);
    judge::<AppendEvent>(of("events"), &[], &mut faults);
    judge::<AppendDecision>(of("decisions"), &[], &mut faults);
    judge::<AppendCommunication>(of("communications"), &[], &mut faults);
    judge::<PutAssessment>(of("assessments"), &[], &mut faults);
    judge::<PutImpact>(of("impacts"), &[], &mut faults);
    judge::<RecordFinding>(of("findings"), &[], &mut faults);
    judge::<ProposeRecommendation>(of("recommendations"), &[], &mut faults);
    judge::<CreateAction>(of("actions"), &["status"], &mut faults);
    judge::<RecordLesson>(of("lessons"), &[], &mut faults);
    judge::<PlanWorkshop>(of("workshops"), &[], &mut faults);
    judge::<SetBoard>(of("boards"), &[], &mut faults);
    judge::<MakeGroup>(of("contribution_groups"), &[], &mut faults);
    judge::<Contribute>(of("contributions"), &[], &mut faults);
    judge::<ScheduleFeedbackRound>(of("feedback_rounds"), &[], &mut faults);
    judge::<DraftBriefing>(of("briefings"), &[], &mut faults);
    judge::<AcknowledgeWording>(of("wording_acknowledgements"), &[], &mut faults);
    for list in ["contributions", "contribution_groups"] {
        let outcomes = of(list).map(|(at, row)| (format!("{at}/outcomes"), &row["outcomes"]));
        judge::<Outcomes>(outcomes, &[], &mut faults);
    }
    judge::<GivenComment>(each(of("feedback_results"), "comments"), &[], &mut faults);
    judge::<DeliverBriefing>(each(of("briefings"), "deliveries"), &[], &mut faults);
    for list in ["deliveries", "acknowledgements"] {
        judge::<AcknowledgeBriefing>(each(of("briefings"), list), &[], &mut faults);
    }
    judge::<RecordObligation>(of("obligations"), &[], &mut faults);
    judge::<DefineMeasure>(of("improvement_measures"), &["criteria"], &mut faults);
    judge::<AddDocument>(of("documents"), &[], &mut faults);
    for list in std::iter::once(&"review").chain(Rows::LISTS) {
        lengths(&document[*list], &mut format!("/{list}"), &mut faults);
    }
    faults.extend(versions(document));
    faults.extend(hashes(document));
    faults
}

/// What lists in columns of rows hold.
fn each<'a>(
    rows: impl Iterator<Item = (String, &'a Value)>,
    list: &'static str,
) -> impl Iterator<Item = (String, &'a Value)> {
    rows.flat_map(move |(pointer, row)| {
        let items = row[list].as_array().into_iter().flatten().enumerate();
        items.map(move |(at, item)| (format!("{pointer}/{list}/{at}"), item))
    })
}

/// Judges what a row has in common with the body that the API takes for it.
fn judge<'a, T: ToSchema + 'static>(
    rows: impl Iterator<Item = (String, &'a Value)>,
    other_shape: &[&str],
    faults: &mut Vec<Fault>,
) {
    let said = serde_json::to_value(T::schema()).unwrap_or_default();
    let named = said["properties"].as_object().into_iter().flatten();
    let named = named.map(|(name, _)| name.as_str());
    let named: HashSet<&str> = named.filter(|name| !other_shape.contains(name)).collect();
    for (pointer, row) in rows {
        let fields = row.as_object().into_iter().flatten();
        // A column that is empty is a field that is absent.
        let shared =
            fields.filter(|(name, value)| named.contains(name.as_str()) && !value.is_null());
        let shared: Map<String, Value> = shared
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let own = schema::faults(schema::validator::<T>(), &Value::Object(shared));
        let own = own.into_iter().filter(|fault| !is_absent(fault));
        faults.extend(own.map(|fault| fault.under(&pointer)));
    }
}

/// Whether a body lacks a field that the row has under another name, or that its reading will miss.
fn is_absent(fault: &Fault) -> bool {
    let depth = fault.pointer.as_deref().map(|at| at.matches('/').count());
    fault.code == "required" && depth == Some(1)
}

/// Texts that are longer than any that the API takes.
fn lengths(value: &Value, pointer: &mut String, faults: &mut Vec<Fault>) {
    let mut below = |step: &str, value: &Value| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape(step));
        lengths(value, pointer, faults);
        pointer.truncate(length);
    };
    match value {
        Value::String(text) if text.len() > LONGEST && text.chars().count() > LONGEST => {
            let detail = format!("may have at most {LONGEST} characters");
            faults.push(Fault::at(pointer.as_str(), "too_long", detail));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, item)| below(&at.to_string(), item));
        }
        Value::Object(fields) => {
            let bounded = fields.iter();
            let bounded = bounded.filter(|(name, _)| !KEPT_WHOLE.contains(&name.as_str()));
            bounded.for_each(|(name, field)| below(name, field));
        }
        _ => {}
    }
}

/// What was frozen: in which list, in which column, and in which one its SHA-256 stands.
const FROZEN: &[(&str, &str, &str)] = &[
    ("review_snapshots", "content", "sha256"),
    ("briefings", "content", "sha256"),
    ("briefings", "markdown", "markdown_sha256"),
];

/// Versions that no row has, or that could not be counted on from.
fn versions(document: &Value) -> Vec<Fault> {
    const LAST: i64 = 2_000_000_000;
    let own = std::iter::once(("/review".to_owned(), &document["review"]));
    let others = Rows::LISTS.iter().flat_map(|list| {
        let rows = rows(document, list).enumerate();
        rows.map(move |(at, row)| (format!("/{list}/{at}"), row))
    });
    let wrong = own.chain(others).filter(|(_, row)| {
        let version = row["version"].as_i64();
        version.is_some_and(|version| !(1..=LAST).contains(&version))
    });
    let detail = format!("must be from 1 to {LAST}");
    wrong
        .map(|(at, _)| Fault::at(format!("{at}/version"), "out_of_range", detail.clone()))
        .collect()
}

/// What is not as it was when it was published or issued, and a publication without its snapshot.
fn hashes(document: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (list, column, hash) in FROZEN {
        for (at, row) in rows(document, list).enumerate() {
            let (Some(text), Some(said)) = (row[*column].as_str(), row[*hash].as_str()) else {
                continue;
            };
            if hex(digest(&SHA256, text.as_bytes()).as_ref()) != said {
                let detail = format!("is not the SHA-256 of the {column}");
                faults.push(Fault::at(
                    format!("/{list}/{at}/{hash}"),
                    "wrong_hash",
                    detail,
                ));
            }
        }
    }
    let known = rows(document, "review_snapshots").filter_map(|row| row["sha256"].as_str());
    let known: HashSet<&str> = known.collect();
    let last = document["review"]["snapshot_sha256"].as_str();
    if last.is_some_and(|last| !known.contains(last)) {
        let detail = "is not among the review_snapshots";
        faults.push(Fault::at(
            "/review/snapshot_sha256",
            "broken_reference",
            detail,
        ));
    }
    faults
}
