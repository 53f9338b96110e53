//! One of everything, made through the API, so that tests that walk the document have something
//! real to put in place of every `{placeholder}`.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;

use crate::app::App;
use crate::builders::a_review;
use crate::contract::{Contract, Operation};
use crate::sample;

/// What stands for each placeholder.
#[derive(Clone, Debug, Default)]
pub struct World {
    known: BTreeMap<&'static str, String>,
    /// What stands for everything else.
    otherwise: Option<String>,
}

impl World {
    /// Makes one of everything, in the organisation `default`.
    pub async fn make(app: &App) -> Self {
        let mut world = Self::default();
        world.know("code", "not_found");
        world.know("vocabulary", "severity");
        world.add_incident(app).await;
        world.add_review(app).await;
        world.add_identity(app).await;
        world
    }

    fn know(&mut self, name: &'static str, text: impl Into<String>) {
        self.known.insert(name, text.into());
    }

    /// What stands for a placeholder.
    ///
    /// # Panics
    /// When there is nothing: add it to [`World::make`].
    pub fn get(&self, name: &str) -> &str {
        let found = self.known.get(name).or(self.otherwise.as_ref());
        found.unwrap_or_else(|| {
            panic!("the world has no `{name}` yet: add it to tests/src/world.rs")
        })
    }

    async fn add_incident(&mut self, app: &App) {
        let path = "/api/v1/incidents/by-ref/jira/SEC-1042";
        let body = json!({ "incident": incident() });
        let made = app.admin().put(path, &body).await.expect(201).json();
        self.know(
            "incident",
            made["incident"]["id"].as_str().unwrap_or_default(),
        );
        self.know("system", "jira");
        self.know("external_id", "SEC-1042");
    }

    async fn add_review(&mut self, app: &App) {
        let review = a_review(app).await;
        self.know("event", review.append(1).await.remove(0));
        let admin = app.admin();
        let person = json!({ "name": "Kim Larsen", "function": "it" });
        let made = admin
            .post(review.path("/participants"), &person)
            .await
            .expect(201);
        self.know("participant", made.id());
        let gap = json!({ "kind": "observation", "statement": "Nobody read the mailbox" });
        self.know("finding", review.record(&gap).await.id());
        let work = json!({
            "title": "Give every alert an owner",
            "type": "detect",
            "owner": { "name": "Kim Larsen" },
            "due_on": "2027-01-31",
            "closure_criteria": "No alert waits longer than an hour",
        });
        let made = admin.post(review.path("/actions"), &work).await.expect(201);
        self.know("action", made.id());
        let review = review.published().await;
        self.know("review", review.id);
    }

    async fn add_identity(&mut self, app: &App) {
        let body = json!({ "name": "siem", "scopes": ["events:write"] });
        let key = app
            .admin()
            .post("/api/v1/api-keys", &body)
            .await
            .expect(201);
        self.know("key", key.id());
        let own = app.admin().get("/api/v1/organization").await.expect(200);
        self.know("organization", own.id());
        let records = app.admin().get("/api/v1/audit-records").await.expect(200);
        self.know(
            "record",
            records.items()[0]["id"].as_str().unwrap_or_default(),
        );
    }

    /// A world in which every id is well-formed and nobody's.
    pub fn imagined() -> Self {
        let known = [("system", "nowhere"), ("code", "not_a_code")];
        Self {
            known: known.map(|(name, text)| (name, text.to_owned())).into(),
            otherwise: Some("0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11".to_owned()),
        }
    }

    /// The ids in it, which no stranger may ever see.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let all = self.known.values().map(String::as_str);
        all.filter(|text| uuid::Uuid::try_parse(text).is_ok())
    }

    /// The path of an operation with everything in place.
    pub fn path(&self, operation: &Operation) -> String {
        let steps = operation.path.split('/').map(|step| {
            let name = step
                .strip_prefix('{')
                .and_then(|step| step.strip_suffix('}'));
            name.map_or(step, |name| self.get(name))
        });
        steps.collect::<Vec<_>>().join("/")
    }
}

/// The least that is an incident.
pub fn incident() -> serde_json::Value {
    json!({ "title": "Ransomware on the file servers", "severity": "high" })
}

/// The least that is a review.
pub fn review() -> serde_json::Value {
    json!({ "title": "What we learned from the ransomware", "severity": "high" })
}

/// The least that is an event.
pub fn event() -> serde_json::Value {
    json!({ "occurred_at": "2026-11-20T03:36:00Z", "kind": "detection", "summary": "EDR alert on fs-01" })
}

/// The least that is a participant.
pub fn participant() -> serde_json::Value {
    json!({ "name": "Kim Larsen", "function": "responder" })
}

/// The least that is a finding.
pub fn finding() -> serde_json::Value {
    json!({ "kind": "observation", "statement": "Alerts had no accountable owner" })
}

impl Operation {
    /// Its `operationId`.
    pub fn id(&self) -> &str {
        self.said["operationId"].as_str().unwrap_or_default()
    }

    /// The scopes it needs; `None` when it is open to everybody.
    pub fn scopes(&self) -> Option<Vec<&str>> {
        let requirements = self.said["security"]
            .as_array()
            .filter(|all| !all.is_empty())?;
        let named = requirements.iter().find_map(|one| one["oauth2"].as_array());
        Some(
            named
                .into_iter()
                .flatten()
                .filter_map(serde_json::Value::as_str)
                .collect(),
        )
    }

    /// The media type and a body of it that fits, where the operation takes one.
    pub fn body(&self) -> Option<(String, serde_json::Value)> {
        let content = self.said["requestBody"]["content"].as_object()?;
        let (kind, media) = content.iter().next()?;
        Some((
            kind.clone(),
            sample::least(Contract::get(), &media["schema"]),
        ))
    }

    /// Whether it takes `If-Match`.
    pub fn needs_if_match(&self) -> bool {
        let parameters = self.said["parameters"].as_array().into_iter().flatten();
        parameters
            .into_iter()
            .any(|one| one["$ref"] == "#/components/parameters/IfMatch")
    }

    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.method == Method::GET
    }

    /// Somebody's call of this operation in a world, with a body and a version where it takes them.
    pub fn called_by(&self, client: &crate::Client, world: &World) -> crate::client::Call {
        let mut call = client.call(self.method.clone(), world.path(self));
        if let Some((kind, body)) = self.body() {
            let bytes = if kind.contains("json") {
                body.to_string()
            } else {
                String::new()
            };
            call = call.bytes(bytes).header("content-type", kind);
        }
        if self.needs_if_match() {
            call = call.if_match("\"1\"");
        }
        call
    }
}
