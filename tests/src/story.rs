//! A story told through the API, of whose calls a book is kept, and the plain call of whatever no
//! story tells of.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::App;
use crate::book::Book;
use crate::cast::Character;
use crate::client::{Call, Client};
use crate::contract::{Contract, Operation};
use crate::engine::Engine;
use crate::sample;
use crate::world::World;

/// A service and a book of what is said to it.
#[derive(Clone, Debug)]
pub struct Story {
    /// The service; its own clients are off the record.
    pub app: App,
    book: Book,
}

impl Story {
    /// Begins on a fresh service.
    pub async fn begin(engine: Engine) -> Self {
        Self {
            app: App::start(engine).await,
            book: Book::default(),
        }
    }

    /// Ends it; what was told.
    pub async fn end(self) -> Book {
        self.app.end().await;
        self.book
    }

    /// Somebody who calls on the record.
    pub fn told_by(&self, who: Character) -> Client {
        self.app.client(who).kept_in(&self.book)
    }

    /// Somebody who calls on the record with a credential of their own.
    pub fn bearing(&self, credential: &str) -> Client {
        self.app.bearing(Some(credential)).kept_in(&self.book)
    }

    /// Calls without a credential.
    pub fn anonymous(&self) -> Client {
        self.told_by(Character::Anonymous)
    }

    /// Reads.
    pub fn reader(&self) -> Client {
        self.told_by(Character::Reader)
    }

    /// Records.
    pub fn contributor(&self) -> Client {
        self.told_by(Character::Contributor)
    }

    /// Leads reviews.
    pub fn facilitator(&self) -> Client {
        self.told_by(Character::Facilitator)
    }

    /// Reads, the audit log too.
    pub fn auditor(&self) -> Client {
        self.told_by(Character::Auditor)
    }

    /// Does everything within the organisation.
    pub fn admin(&self) -> Client {
        self.told_by(Character::Admin)
    }

    /// Holds the installation's first key.
    pub fn platform(&self) -> Client {
        self.told_by(Character::Platform)
    }
}

/// Operations whose answer nobody wants to see as an example, and why.
const NOT_SHOWN: &[(&str, &str)] = &[
    ("get_openapi_json", "it is this document"),
    ("get_openapi_yaml", "it is this document"),
    ("get_server_metrics", "its numbers are another each time"),
];

/// Operations that the document should show an example of: those that take or give a body.
pub fn shown() -> impl Iterator<Item = &'static Operation> {
    let hidden: BTreeSet<&str> = NOT_SHOWN.iter().map(|(name, _)| *name).collect();
    let all = Contract::get().operations().iter();
    all.filter(move |one| !hidden.contains(one.id()) && (one.gives_body() || one.body().is_some()))
}

/// What an example of an operation lacks.
pub fn lacks(operation: &Operation, example: &Value) -> Option<&'static str> {
    let given = |part: &str| example[part].as_object().is_some_and(|all| !all.is_empty());
    if operation.body().is_some() && !given("requests") {
        return Some("request");
    }
    (operation.gives_body() && !given("responses")).then_some("answer")
}

impl Operation {
    /// Whether a success has a body.
    fn gives_body(&self) -> bool {
        let responses = self.said["responses"].as_object().into_iter().flatten();
        let mut successes = responses.filter(|(status, _)| status.starts_with('2'));
        successes.any(|(_, answer)| answer.get("content").is_some())
    }

    /// The operation's call with a body that says as much, or as little, as its schema lets it.
    fn plainly(&self, client: &Client, world: &World, whole: bool) -> Call {
        let call = self.called_by(client, world);
        let call = if self.needs_if_match() {
            call.if_match("*")
        } else {
            call
        };
        let content = self.said["requestBody"]["content"].as_object();
        let media = content.and_then(|content| {
            let mut kinds = content.iter();
            kinds.find(|(kind, _)| kind.ends_with("json") && !kind.ends_with("ndjson"))
        });
        match media {
            Some((kind, media)) if whole => {
                let body = sample::whole(Contract::get(), &media["schema"]);
                call.json(&body).header("content-type", kind)
            }
            _ => call,
        }
    }

    /// Whether a plain call succeeds, with a body that says much or else with one that says little.
    async fn succeeds_plainly(&self, client: &Client, world: &World) -> bool {
        let whole = self.plainly(client, world, true).await;
        whole.status < 300
            || self.body().is_some() && self.plainly(client, world, false).await.status < 300
    }

    /// When its turn is, so that it finds what it works on: reading, adding, changing, ending.
    fn turn(&self) -> u8 {
        match self.method {
            Method::GET => 0,
            Method::PUT => 1,
            Method::POST if !self.needs_if_match() => 2,
            Method::PATCH => 3,
            Method::DELETE => 5,
            _ => 4,
        }
    }
}

/// Calls each operation plainly, on a world with one of everything: where that does not succeed
/// after the publication of its review, once more after it was taken up again.
pub async fn call_plainly(engine: Engine, operations: &[&Operation]) -> Book {
    let story = Story::begin(engine).await;
    let world = World::make(&story.app).await;
    let client = story.platform();
    let mut operations = operations.to_vec();
    operations.sort_by_key(|one| one.turn());
    let mut refused = Vec::new();
    for operation in operations {
        if !operation.succeeds_plainly(&client, &world).await {
            refused.push(operation);
        }
    }
    let reopen = format!("/api/v1/reviews/{}/reopen", world.get("review"));
    let reason = json!({ "reason": "There is more to it" });
    story
        .app
        .platform()
        .post(reopen, &reason)
        .if_match("*")
        .await;
    for operation in refused {
        operation.succeeds_plainly(&client, &world).await;
    }
    story.end().await
}
