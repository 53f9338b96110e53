//! The examples of the document: stories of a company that never was, told through the API. What is
//! sent and received in them is what the document shows, so it is real and stays so.
//!
//! A chapter per feature, each on a service of its own. The first call of an operation that
//! succeeds is its example. An operation that no chapter tells of is called plainly, which makes an
//! example too, though a dull one.

mod actions;
mod audit;
mod briefings;
mod capacity;
mod communications;
mod company;
mod completeness;
mod contributions;
mod decisions;
mod documents;
mod evaluation;
mod events;
mod feedback;
mod findings;
mod following;
mod identity;
mod incidents;
mod lessons;
mod lifecycle;
mod measures;
mod metrics;
mod obligations;
mod participants;
mod policies;
mod recommendations;
mod reviews;
mod service;
mod transfer;
mod vocabularies;
mod workshops;

use std::path::PathBuf;

use debrief_tests::book::Book;
use debrief_tests::environment::{update_generated, workspace};
use debrief_tests::story::{self, Story};
use debrief_tests::{Engine, both_engines};
use futures_util::future::join_all;
use serde_json::{Map, Value};

both_engines!(
    the_generated_examples_are_what_is_really_sent_and_received,
    what_no_story_tells_of_is_called_plainly,
);

/// The chapters, each `async fn tell(story: &Story)` of its module. The first to tell of an
/// operation gives its example.
macro_rules! chapters {
    ($($chapter:ident),+ $(,)?) => {
        async fn chapters(engine: Engine) -> Vec<Book> {
            let mut told = Vec::new();
            $(
                let story = Story::begin(engine).await;
                Box::pin($chapter::tell(&story)).await;
                // The next begins while this one's service stops.
                told.push(tokio::spawn(story.end()));
            )+
            let books = join_all(told).await.into_iter();
            books.map(|book| book.expect("the service stops")).collect()
        }
    };
}

chapters!(
    service,
    identity,
    vocabularies,
    incidents,
    reviews,
    lifecycle,
    participants,
    events,
    decisions,
    communications,
    findings,
    recommendations,
    lessons,
    documents,
    actions,
    evaluation,
    completeness,
    workshops,
    briefings,
    contributions,
    feedback,
    policies,
    obligations,
    capacity,
    measures,
    metrics,
    audit,
    following,
    transfer,
);

/// All examples by `operationId`, and the operations that none could be made for.
pub(super) async fn told(engine: Engine) -> (Value, Vec<String>) {
    let mut examples = Map::new();
    for book in chapters(engine).await {
        add(&mut examples, book);
    }
    let lacks = |examples: &Map<String, Value>, id: &str| {
        let operation = story::shown().find(|one| one.id() == id)?;
        story::lacks(operation, examples.get(id).unwrap_or(&Value::Null))
    };
    let untold: Vec<_> = story::shown()
        .filter(|one| lacks(&examples, one.id()).is_some())
        .collect();
    if !untold.is_empty() {
        add(&mut examples, story::call_plainly(engine, &untold).await);
    }
    let missing = untold.iter().filter_map(|one| {
        let what = lacks(&examples, one.id())?;
        Some(format!("{}: no {what}", one.id()))
    });
    let missing = missing.collect();
    examples.sort_keys();
    (Value::Object(examples), missing)
}

/// Adds what the book tells beyond what is known.
fn add(examples: &mut Map<String, Value>, book: Book) {
    fn fill(known: &mut Value, more: Value, depth: usize) {
        let (Some(known), Value::Object(more)) = (known.as_object_mut(), more) else {
            return;
        };
        for (name, value) in more {
            match known.get_mut(&name) {
                // Operation, part, status and media type; below is what was said.
                Some(inner) if depth < 3 => fill(inner, value, depth + 1),
                Some(_) => {}
                None => {
                    known.insert(name, value);
                }
            }
        }
    }
    let mut known = Value::Object(std::mem::take(examples));
    fill(&mut known, Value::Object(book.examples()), 0);
    if let Value::Object(known) = known {
        *examples = known;
    }
}

fn file() -> PathBuf {
    workspace().join("api/src/openapi/examples.json")
}

async fn the_generated_examples_are_what_is_really_sent_and_received(engine: Engine) {
    let (told, missing) = told(engine).await;
    // One of the two writes; the other would only write the same.
    if update_generated() && engine == Engine::Sqlite {
        let text = serde_json::to_string_pretty(&told).expect("examples can be written");
        std::fs::write(file(), text + "\n").expect("the file can be written");
    }
    assert!(
        missing.is_empty(),
        "tell of these in tests/tests/suite/examples/: {missing:#?}"
    );
    if update_generated() {
        return;
    }
    let text = std::fs::read_to_string(file()).expect("there are examples");
    let kept: Value = serde_json::from_str(&text).expect("examples are JSON");
    let mut differences = Vec::new();
    differ("", &kept, &told, &mut differences);
    differences.truncate(20);
    assert!(
        differences.is_empty(),
        "`UPDATE_GENERATED=1 cargo test -p debrief-tests generated` writes what is said \
         now; where that is another each time, tests/src/stand_ins.rs needs to know it: {differences:#?}"
    );
}

async fn what_no_story_tells_of_is_called_plainly(engine: Engine) {
    // Reading, adding, changing, steps, before and after a publication.
    let names = [
        "list_audit_records",
        "get_finding",
        "create_incident",
        "append_event",
        "report_action_progress",
        "update_participant",
        "rotate_api_key",
        "submit_review",
    ];
    let operations: Vec<_> = story::shown()
        .filter(|one| names.contains(&one.id()))
        .collect();
    assert_eq!(operations.len(), names.len());
    let examples = story::call_plainly(engine, &operations).await.examples();
    for operation in operations {
        let example = examples.get(operation.id()).unwrap_or(&Value::Null);
        assert_eq!(story::lacks(operation, example), None, "{}", operation.id());
    }
}

/// Where two values differ, and how.
fn differ(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            let names = fields
                .keys()
                .chain(others.keys().filter(|name| !fields.contains_key(*name)));
            for name in names {
                let (field, other) = (fields.get(name), others.get(name));
                let absent = &Value::Null;
                differ(
                    &format!("{at}/{name}"),
                    field.unwrap_or(absent),
                    other.unwrap_or(absent),
                    found,
                );
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (place, (item, other)) in items.iter().zip(others).enumerate() {
                differ(&format!("{at}/{place}"), item, other, found);
            }
        }
        _ if one == other => {}
        _ => found.push(format!("{at}: {one} is {other} now")),
    }
}
