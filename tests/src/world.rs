//! One of everything, made through the API, so that tests that walk the document have something
//! real to put in place of every `{placeholder}`.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;

use crate::app::App;
use crate::builders::{Review, Workshop, a_document, a_review};
use crate::contract::{Contract, Operation};
use crate::sample;

/// The hash of nothing that was ever published.
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

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
        world.add_rules(app).await;
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

    async fn add_rules(&mut self, app: &App) {
        for (name, path, body) in [
            ("calendar", "/api/v1/calendars", calendar()),
            ("policy", "/api/v1/policies", policy()),
            ("regime", "/api/v1/regimes", regime()),
        ] {
            let made = app.admin().post(path, &body).await.expect(201);
            self.know(name, made.id());
        }
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
        for (name, path, body) in [
            ("decision", "/decisions", decision()),
            ("communication", "/communications", communication()),
        ] {
            let made = admin.post(review.path(path), &body).await.expect(201);
            self.know(name, made.id());
        }
        for (path, body) in [
            ("/assessments/detection", assessment()),
            ("/impacts/initial/financial", impact()),
        ] {
            admin.put(review.path(path), &body).await.expect(201);
        }
        self.know("dimension", "detection");
        self.know("snapshot", "initial");
        self.know("impacts.dimension", "financial");
        let work = json!({
            "title": "Give every alert an owner",
            "type": "detect",
            "owner": { "name": "Kim Larsen" },
            "due_on": "2027-01-31",
            "closure_criteria": "No alert waits longer than an hour",
        });
        let made = admin.post(review.path("/actions"), &work).await.expect(201);
        self.know("action", made.id());
        let action = review.path(&format!("/actions/{}", made.id()));
        let done = json!({ "status": "implemented" });
        let done = admin.post(format!("{action}/progress"), &done).await;
        self.know("progress", done.expect(201).id());
        // It does not work, so that it is to be done again.
        let tag = admin.get(&action).await.expect(200).etag();
        let proof = json!({ "method": "retest", "result": "ineffective" });
        let proof = admin.post(format!("{action}/verifications"), &proof);
        let proof = proof.if_match(&tag).await.expect(201);
        self.know("verification", proof.id());
        let own = json!({ "kind": "follow_up", "scheduled_at": "2026-12-14T10:00:00Z" });
        let workshop = review.plan(&own).await;
        self.know(
            "invitation",
            workshop.invite(self.get("participant")).await.id(),
        );
        self.add_contributions(app, &workshop).await;
        self.know("workshop", workshop.id);
        let duty = json!({
            "regime_id": self.get("regime"),
            "stage": "report",
            "trigger_at": "2026-11-20T03:36:00Z",
        });
        let path = review.path("/obligations");
        let made = admin.post(path, &duty).await.expect(201);
        self.know("obligation", made.id());
        self.add_measure(app, &review).await;
        self.add_note(app, &review).await;
        let review = review.published().await;
        let rounds = admin.get(review.path("/feedback-rounds")).await.expect(200);
        let round = rounds.items()[0]["id"].clone();
        self.know("round", round.as_str().unwrap_or_default());
        self.add_improvements(app, &review).await;
        let draft = json!({ "audience": "internal" });
        let draft = admin.post(review.path("/briefings"), &draft).await;
        self.know("briefing", draft.expect(201).id());
        let snapshot = review.now().await.json()["snapshot_sha256"].clone();
        self.know("sha256", snapshot.as_str().unwrap_or_default());
        self.know("review", review.id);
    }

    /// A board with a group and a contribution in it.
    async fn add_contributions(&mut self, app: &App, workshop: &Workshop) {
        workshop.collect(&json!({ "anonymous": false })).await;
        let admin = app.admin();
        let group = json!({ "title": "Alerts without an owner" });
        let group = admin.post(workshop.path("/contribution-groups"), &group);
        self.know("group", group.await.expect(201).id());
        let said = json!({ "prompt": "what_hindered", "text": "Nobody owned the mailbox" });
        let said = admin.post(workshop.path("/contributions"), &said).await;
        let contribution = said.expect(201).id();
        let group = json!({ "group_id": self.get("group") });
        let path = format!("/api/v1/contributions/{contribution}/group");
        admin.put(path, &group).await.expect(200);
        self.know("contribution", contribution);
    }

    /// A note on the wording of a finding, which somebody has acknowledged.
    async fn add_note(&mut self, app: &App, review: &Review) {
        let blaming = json!({ "kind": "observation", "statement": "Somebody should have called" });
        review.record(&blaming).await;
        let list = review.path("/wording-notes");
        let notes = app.admin().get(&list).await.expect(200).items();
        let note = notes[0]["id"].as_str().unwrap_or_default();
        let path = format!("{list}/{note}/acknowledge");
        app.admin().post(path, &json!({})).await.expect(200);
        self.know("note", note);
    }

    /// A recommendation of the library with one made from it, and a lesson with the document that
    /// it has reached.
    async fn add_improvements(&mut self, app: &App, review: &Review) {
        let template = json!({ "title": "Give every class of alert an owner" });
        let path = "/api/v1/recommendation-templates";
        let template = app.admin().post(path, &template).await.expect(201);
        let made = json!({ "template_id": template.id() });
        self.know("recommendation", review.propose(&made).await.id());
        self.know("template", template.id());
        let lesson = json!({ "statement": "An alert without an owner is no alert" });
        let lesson = review.learn(&lesson).await.id();
        let below = format!("/lessons/{lesson}");
        let validated = review.verb(&below, "validate", &json!({})).await;
        validated.expect(200);
        let document = a_document(app, json!({})).await;
        let revision = json!({ "label": "1.0", "lesson_ids": [lesson] });
        let published = app.admin().post(format!("{document}/revisions"), &revision);
        let published = published.await.expect(201);
        let body = published.json();
        self.know("document", body["document_id"].as_str().unwrap_or_default());
        self.know("revision", published.id());
        let path = format!("{document}/revisions/{}/acknowledgements", published.id());
        let read = app.admin().post(path, &json!({})).await.expect(201);
        self.know("acknowledgement", read.id());
        self.know("lesson", lesson);
    }

    /// A measure of whether the review's improvements helped, and what it came to.
    async fn add_measure(&mut self, app: &App, review: &Review) {
        let admin = app.admin();
        let path = review.path("/improvement-measures");
        let made = admin.post(path.clone(), &measure()).await.expect(201);
        self.know("measure", made.id());
        let path = format!("{path}/{}/evaluate", made.id());
        let kept = admin.call(Method::POST, path).if_match(&made.etag()).await;
        self.know("evaluation", kept.expect(201).id());
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
        let known = [
            ("system", "nowhere"),
            ("code", "not_a_code"),
            ("sha256", NO_HASH),
            ("dimension", "detection"),
            ("snapshot", "initial"),
            ("impacts.dimension", "financial"),
        ];
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
        // What a placeholder means may depend on the list that it is in.
        let mut list = "";
        let steps = operation.path.split('/').map(|step| {
            let name = step
                .strip_prefix('{')
                .and_then(|step| step.strip_suffix('}'));
            let Some(name) = name else {
                list = step;
                return step;
            };
            let own = self.known.get(format!("{list}.{name}").as_str());
            own.map_or_else(|| self.get(name), String::as_str)
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

/// The least that is a decision.
pub fn decision() -> serde_json::Value {
    json!({
        "decided_at": "2026-11-20T04:00:00Z",
        "decider_role": "Incident commander",
        "decision": "Shut the network down",
    })
}

/// The least that is a communication.
pub fn communication() -> serde_json::Value {
    json!({
        "sent_at": "2026-11-20T04:10:00Z", "from_role": "Incident commander",
        "to_audience": "Crisis team", "channel": "phone", "direction": "internal",
        "content_class": "decision_notice",
    })
}

/// The least that is a business calendar.
pub fn calendar() -> serde_json::Value {
    json!({ "name": "Galway office", "time_zone": "Europe/Dublin" })
}

/// The least that is a policy.
pub fn policy() -> serde_json::Value {
    json!({ "name": "Whatever happens", "requirement": "optional" })
}

/// The least that is a regime.
pub fn regime() -> serde_json::Value {
    let report = json!({
        "name": "report", "title": "Report", "trigger": "aware",
        "amount": 72, "unit": "calendar_hours",
    });
    json!({ "key": "house_rules", "name": "House rules", "stages": [report] })
}

/// Little more than an assessment.
pub fn assessment() -> serde_json::Value {
    json!({ "rating": "ineffective", "summary": "Alerts reached a mailbox that nobody read" })
}

/// Little more than an impact.
pub fn impact() -> serde_json::Value {
    json!({ "rating": "major", "narrative": "Deliveries came late for a week" })
}

/// The least that is a finding.
pub fn finding() -> serde_json::Value {
    json!({ "kind": "observation", "statement": "Alerts had no accountable owner" })
}

/// The least that is an improvement measure: the third quarter against the fourth.
pub fn measure() -> serde_json::Value {
    json!({
        "title": "Fewer intrusions",
        "metric": "incident_count",
        "baseline": { "from": "2026-07-01T00:00:00Z", "to": "2026-09-29T00:00:00Z" },
        "evaluation": { "from": "2026-09-29T00:00:00Z", "to": "2026-12-28T00:00:00Z" },
    })
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

    /// Whether it answers with a stream.
    pub fn streams(&self) -> bool {
        self.said["responses"]["200"]["content"]["text/event-stream"].is_object()
    }

    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.method == Method::GET
    }

    /// Somebody's call of this operation in a world, with a body and a version where it takes them.
    pub fn called_by(&self, client: &crate::Client, world: &World) -> crate::client::Call {
        // A stream is to end.
        let query = if self.streams() { "?for_seconds=0" } else { "" };
        let mut call = client.call(self.method.clone(), world.path(self) + query);
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
