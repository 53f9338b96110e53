//! No read asks more of the database because it finds more: the lists of the document and its metrics,
//! each over few rows and over many.

use debrief::{demo, identity};
use debrief_tests::builders::a_review;
use debrief_tests::contract::{Contract, Operation};
use debrief_tests::world::World;
use debrief_tests::{App, both_databases};
use serde_json::{Value, json};

both_databases!(
    a_longer_page_asks_no_more_queries,
    more_of_everything_asks_no_more_queries_of_a_metric,
);

/// How many statements a read takes. What the service does beside it may be counted too: the least of
/// several tries is what the read takes.
async fn statements(app: &App, path: &str) -> (u64, usize) {
    let (mut least, mut found) = (u64::MAX, 0);
    for _ in 0..4 {
        let before = app.state().database.statements();
        let answer = app.admin().get(path).await.expect(200).json();
        let taken = app.state().database.statements() - before;
        least = least.min(taken);
        found = answer["items"].as_array().map_or(0, Vec::len);
    }
    assert!(least > 0, "{path} was answered without asking");
    (least, found)
}

/// One of everything, and the demo beside it, whose first review has many of what is directly below it.
struct Filled {
    world: World,
    review: String,
}

impl Filled {
    fn path(&self, operation: &Operation) -> String {
        let path = operation.path.replace("{review}", &self.review);
        let path = if path.contains('{') {
            self.world.path(operation)
        } else {
            path
        };
        let asked_for =
            parameters(operation).filter(|one| one["required"] == true && one["in"] == "query");
        let query = asked_for.map(|one| {
            format!(
                "&{}={}",
                one["name"].as_str().expect("a name"),
                example(one)
            )
        });
        format!("{path}?{}", query.collect::<String>())
    }
}

async fn filled(app: &App) -> Filled {
    let world = World::make(app).await;
    let own = identity::bootstrap::named(&app.state(), "default").await;
    let own = own.expect("the organisation of the cast");
    let reviews = demo::fill(&app.state(), own.id).await;
    let (review, _) = reviews.expect("the services take both cases").remove(0);
    app.notice().await;
    Filled { world, review }
}

fn reads(which: impl Fn(&Operation) -> bool) -> impl Iterator<Item = &'static Operation> {
    let all = Contract::get().operations().iter();
    all.filter(move |one| one.reads() && !one.streams() && which(one))
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Value> {
    let parameters = operation.said["parameters"].as_array();
    parameters.into_iter().flatten()
}

fn takes(operation: &Operation, name: &str) -> bool {
    parameters(operation).any(|one| one["name"] == name)
}

/// What the document shows for a parameter.
fn example(parameter: &Value) -> String {
    let shown = [&parameter["example"], &parameter["schema"]["examples"][0]];
    let text = |one: &Value| match one {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    shown.into_iter().find_map(text).expect("an example")
}

async fn a_longer_page_asks_no_more_queries(app: App) {
    let world = filled(&app).await;
    let (mut told, mut faults) = (0, Vec::new());
    // Organisations are read by the platform's administrators alone, and there is one.
    let is_list = |one: &Operation| takes(one, "limit") && one.id() != "list_organizations";
    for operation in reads(is_list) {
        let path = world.path(operation);
        let (one, _) = statements(&app, &format!("{path}&limit=1")).await;
        let (many, found) = statements(&app, &format!("{path}&limit=100")).await;
        told += usize::from(found > 2);
        // One more may be asked about what the first item does not have: what others it waits for.
        if many > one + 1 {
            let id = operation.id();
            faults.push(format!("{id}: {one} for one, {many} for {found}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(told >= 30, "only {told} lists have more than two items");
}

async fn more_of_everything_asks_no_more_queries_of_a_metric(app: App) {
    let world = filled(&app).await;
    let is_metric = |one: &Operation| {
        one.path.starts_with("/api/v1/metrics/") || one.path.ends_with("/progress")
    };
    let metrics: Vec<&Operation> = reads(is_metric).collect();
    assert!(metrics.len() >= 8, "{} metrics", metrics.len());
    let mut few = Vec::new();
    for metric in &metrics {
        few.push(statements(&app, &world.path(metric)).await.0);
    }
    for number in 0..12 {
        let review = a_review(&app).await;
        let gap = json!({ "kind": "gap", "gap_category": "roles_authority", "statement": format!("Gap {number}") });
        let gap = review.record(&gap).await.id();
        let action =
            json!({ "title": format!("Action {number}"), "type": "prevent", "finding_ids": [gap] });
        review.act(&action).await;
        review
            .learn(&json!({ "statement": format!("Lesson {number}") }))
            .await;
        let workshop = review.plan(&json!({ "kind": "hotwash" })).await;
        let participant = review.join(&format!("Kim {number}"), "it").await;
        workshop.invite(&participant).await;
    }
    app.notice().await;
    for (metric, few) in metrics.into_iter().zip(few) {
        let (many, _) = statements(&app, &world.path(metric)).await;
        assert!(
            many <= few,
            "{}: {few} over few, {many} over many",
            metric.id()
        );
    }
}
