//! What the rows of a document are to each other: ids that stand once, references that lead somewhere,
//! nothing that is before itself. Pure, and by the names of columns alone: `finding_id` and
//! `finding_ids` refer to the list `findings`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::kernel::error::Fault;
use crate::kernel::schema::escape;
use crate::whole::rows::Rows;

/// Columns that do not say by their names in which list they find something.
const CALLED_OTHERWISE: &[(&str, &[&str])] = &[
    ("parent_id", &["findings"]),
    ("duplicate_of_id", &["recommendations"]),
    ("revision_id", &["document_revisions"]),
    ("measure_id", &["improvement_measures"]),
    ("group_id", &["contribution_groups"]),
    ("round_id", &["feedback_rounds"]),
    ("superseded_by_id", &["briefings"]),
];

/// What is not looked into: it may name what is elsewhere, or is no more.
const LOOKED_PAST: &[&str] = &[
    "external_refs",
    // Of incidents: milestones that are marked in other reviews.
    "timestamps",
    // What was found then of people who may have left since.
    "neutrality",
    // What was counted then in the whole organisation.
    "measure",
    "result",
    // The policy that applied, which is the organisation's.
    "policy_snapshot",
    // The revision in force, which need not name anything of this review.
    "current_revision",
];

/// What must differ between the rows of a list, besides their ids.
const ONE_OF_EACH: &[(&str, &[&str])] = &[
    ("assessments", &["dimension"]),
    ("impacts", &["snapshot", "dimension"]),
    ("events", &["source", "external_id"]),
    ("participants", &["subject"]),
    ("invitations", &["workshop_id", "participant_id"]),
    ("boards", &["workshop_id"]),
    ("carried_actions", &["workshop_id", "action_id"]),
    ("feedback_results", &["round_id"]),
    ("document_revisions", &["document_id", "label"]),
    ("document_revision_lessons", &["revision_id", "lesson_id"]),
    ("document_revision_actions", &["revision_id", "action_id"]),
    ("revisions", &["resource_id", "revision"]),
];

/// Links between rows of one list, which must not lead back to where they began.
const ONE_WAY: &[(&str, &str)] = &[
    ("findings", "parent_id"),
    ("actions", "depends_on"),
    ("recommendations", "duplicate_of_id"),
    ("briefings", "superseded_by_id"),
];

/// Every fault in what the rows are to each other.
pub fn faults(document: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let known = ids(document, &mut faults);
    for (list, columns) in ONE_OF_EACH {
        repeated(document, list, columns, &mut faults);
    }
    look(&document["review"], "/review", &known, &mut faults);
    for list in Rows::LISTS {
        for (at, row) in rows(document, list).enumerate() {
            look(row, &format!("/{list}/{at}"), &known, &mut faults);
        }
    }
    for (list, column) in ONE_WAY {
        circles(document, list, column, &mut faults);
    }
    faults
}

/// The rows of a list.
pub fn rows<'a>(document: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    document[list].as_array().into_iter().flatten()
}

/// Where the review's own id is looked for.
const REVIEW: &str = "reviews";

/// The ids of a list.
type Known<'a> = HashMap<&'static str, HashSet<&'a str>>;

/// The ids of each list; what stands twice is a fault.
fn ids<'a>(document: &'a Value, faults: &mut Vec<Fault>) -> Known<'a> {
    let mut seen: HashSet<&str> = document["review"]["id"].as_str().into_iter().collect();
    let mut known = Known::from([(REVIEW, seen.clone())]);
    for list in Rows::LISTS {
        let own = known.entry(list).or_default();
        for (at, row) in rows(document, list).enumerate() {
            let Some(id) = row["id"].as_str() else {
                continue;
            };
            if !seen.insert(id) {
                let pointer = format!("/{list}/{at}/id");
                faults.push(Fault::at(
                    pointer,
                    "repeated_item",
                    "stands in the document twice",
                ));
            }
            own.insert(id);
        }
    }
    known
}

/// Rows that agree in all of these columns, none of them empty.
fn repeated(document: &Value, list: &str, columns: &[&str], faults: &mut Vec<Fault>) {
    let mut seen = HashSet::new();
    for (at, row) in rows(document, list).enumerate() {
        let key: Vec<&Value> = columns.iter().map(|column| &row[*column]).collect();
        if key.iter().any(|value| value.is_null()) {
            continue;
        }
        let key: Vec<String> = key.into_iter().map(Value::to_string).collect();
        if !seen.insert(key) {
            let pointer = format!("/{list}/{at}/{}", columns[columns.len() - 1]);
            let detail = format!("another row has the same {}", columns.join(" and "));
            faults.push(Fault::at(pointer, "repeated_item", detail));
        }
    }
}

/// The lists that a column refers to; none when it is no reference, or one to something outside.
fn lists_of(column: &str) -> Vec<&'static str> {
    let otherwise = CALLED_OTHERWISE.iter().find(|(name, _)| *name == column);
    if let Some((_, lists)) = otherwise {
        return lists.to_vec();
    }
    let stem = column.strip_suffix("_id").or(column.strip_suffix("_ids"));
    let Some(stem) = stem else { return Vec::new() };
    let refers = |list: &&&str| {
        let one = list.strip_suffix('s').unwrap_or(list);
        stem == one
            || stem
                .strip_suffix(one)
                .is_some_and(|role| role.ends_with('_'))
    };
    // `document_revision_id` is a revision, though it ends as another list might.
    let longest = Rows::LISTS
        .iter()
        .filter(refers)
        .max_by_key(|list| list.len());
    longest.copied().into_iter().collect()
}

/// The list of a kind of resource, where a row says in words what it refers to.
fn list_of_kind(kind: &str) -> Option<&'static str> {
    let mut lists = Rows::LISTS.iter().copied().chain([REVIEW]);
    lists.find(|list| list.strip_suffix('s') == Some(kind))
}

/// Looks for references that lead nowhere.
fn look(value: &Value, pointer: &str, known: &Known<'_>, faults: &mut Vec<Fault>) {
    match value {
        Value::Object(fields) => look_into(fields, pointer, known, faults),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(item, &format!("{pointer}/{at}"), known, faults);
            }
        }
        _ => {}
    }
}

fn look_into(
    fields: &Map<String, Value>,
    pointer: &str,
    known: &Known<'_>,
    faults: &mut Vec<Fault>,
) {
    let kind = fields.get("resource_type").and_then(Value::as_str);
    for (name, field) in fields {
        if LOOKED_PAST.contains(&name.as_str()) {
            continue;
        }
        let at = format!("{pointer}/{}", escape(name));
        let lists = match kind.filter(|_| name == "resource_id") {
            None => lists_of(name),
            Some(kind) => match list_of_kind(kind) {
                Some(list) => vec![list],
                None => {
                    let detail = "is no kind of row that a document has";
                    let at = format!("{pointer}/resource_type");
                    faults.push(Fault::at(at, "unknown_value", detail));
                    continue;
                }
            },
        };
        if lists.is_empty() {
            look(field, &at, known, faults);
            continue;
        }
        let mut check = |value: &Value, at: String| {
            let leads = value.as_str().is_none_or(|id| {
                let holds = |list: &&str| known.get(list).is_some_and(|ids| ids.contains(id));
                lists.iter().any(holds)
            });
            if !leads {
                let detail = format!("is not among the {}", lists.join(", "));
                faults.push(Fault::at(at, "broken_reference", detail));
            }
        };
        match field {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(place, item)| check(item, format!("{at}/{place}")));
            }
            field => check(field, at),
        }
    }
}

/// Rows from which a link leads back to themselves.
fn circles(document: &Value, list: &str, column: &str, faults: &mut Vec<Fault>) {
    let mut links: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in rows(document, list) {
        let Some(id) = row["id"].as_str() else {
            continue;
        };
        let to = match &row[column] {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        links.insert(id, to);
    }
    let mut judged: HashMap<&str, bool> = HashMap::new();
    for (at, row) in rows(document, list).enumerate() {
        let Some(id) = row["id"].as_str() else {
            continue;
        };
        if leads_back(id, &links, &mut judged) {
            let pointer = format!("/{list}/{at}/{column}");
            faults.push(Fault::at(pointer, "circle", "leads back to where it began"));
        }
    }
}

/// Whether a circle can be reached from a row; `judged` keeps what is known of others. Without
/// recursion: a document may have long chains.
fn leads_back<'a>(
    start: &'a str,
    links: &HashMap<&'a str, Vec<&'a str>>,
    judged: &mut HashMap<&'a str, bool>,
) -> bool {
    let mut path: Vec<(&str, usize)> = vec![(start, 0)];
    let mut on_path = HashSet::from([start]);
    while let Some((id, next)) = path.last_mut() {
        let to = links.get(id).and_then(|all| all.get(*next));
        let Some(to) = to.filter(|_| !judged.contains_key(id)) else {
            judged.entry(id).or_insert(false);
            on_path.remove(id);
            path.pop();
            continue;
        };
        *next += 1;
        if on_path.contains(to) || judged.get(to) == Some(&true) {
            judged.extend(path.iter().map(|(id, _)| (*id, true)));
            break;
        }
        if on_path.insert(to) {
            path.push((to, 0));
        }
    }
    judged.get(start) == Some(&true)
}

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;
