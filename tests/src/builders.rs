//! Reviews in any state, made through the API as its users would.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::App;
use crate::client::Client;
use crate::reply::Reply;
use crate::world;

/// A review, and who works on it: the admin, who does not own it.
#[derive(Clone, Debug)]
pub struct Review {
    client: Client,
    /// Its id.
    pub id: String,
}

/// Adds a document; its path.
pub async fn a_document(app: &App, own: Value) -> String {
    let mut body = json!({ "title": "Playbook: ransomware on servers", "kind": "playbook" });
    if let (Some(body), Value::Object(own)) = (body.as_object_mut(), own) {
        body.extend(own);
    }
    let made = app.admin().post("/api/v1/documents", &body).await;
    format!("/api/v1/documents/{}", made.expect(201).id())
}

/// Opens a review that has an owner and a summary.
pub async fn a_review(app: &App) -> Review {
    a_review_with(app, json!({})).await
}

/// Opens a review with fields of its own.
pub async fn a_review_with(app: &App, own: Value) -> Review {
    let mut body = world::review();
    body["summary"] = json!("A phished account led to encryption of two servers.");
    body["owner"] = json!({ "name": "Ada Lovelace", "subject": "ada@example.org" });
    if let (Some(body), Value::Object(own)) = (body.as_object_mut(), own) {
        body.extend(own);
    }
    let client = app.admin();
    let made = client.post("/api/v1/reviews", &body).await.expect(201);
    Review {
        client,
        id: made.id(),
    }
}

impl Review {
    /// Who works on it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The path of the review, or of something below it.
    pub fn path(&self, below: &str) -> String {
        format!("/api/v1/reviews/{}{below}", self.id)
    }

    /// The review as it is now.
    pub async fn now(&self) -> Reply {
        self.client.get(self.path("")).await.expect(200)
    }

    /// Appends events, a minute apart, and returns the ids of them.
    pub async fn append(&self, count: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for number in 0..count {
            let mut body = world::event();
            body["summary"] = json!(format!("event {number}"));
            body["occurred_at"] = json!(format!(
                "2026-11-20T{:02}:{:02}:00Z",
                number / 60 % 24,
                number % 60
            ));
            ids.push(
                self.client
                    .post(self.path("/events"), &body)
                    .await
                    .expect(201)
                    .id(),
            );
        }
        ids
    }

    /// With events in its chronology.
    pub async fn with_events(self, count: usize) -> Self {
        self.append(count).await;
        self
    }

    /// Records a finding.
    pub async fn record(&self, body: &Value) -> Reply {
        self.client
            .post(self.path("/findings"), body)
            .await
            .expect(201)
    }

    /// Proposes a recommendation.
    pub async fn propose(&self, body: &Value) -> Reply {
        self.client
            .post(self.path("/recommendations"), body)
            .await
            .expect(201)
    }

    /// Records a lesson.
    pub async fn learn(&self, body: &Value) -> Reply {
        self.client
            .post(self.path("/lessons"), body)
            .await
            .expect(201)
    }

    /// Adds an action.
    pub async fn act(&self, body: &Value) -> Reply {
        self.client
            .post(self.path("/actions"), body)
            .await
            .expect(201)
    }

    /// Calls a verb of something below the review, in the version that it has now.
    pub async fn verb(&self, below: &str, verb: &str, body: &Value) -> Reply {
        let path = self.path(below);
        let tag = self.client.get(&path).await.expect(200).etag();
        let call = self.client.post(format!("{path}/{verb}"), body);
        call.if_match(&tag).await
    }

    /// With what a publication needs: a root cause with evidence and a strength.
    pub async fn with_findings(self) -> Self {
        let event = self.append(1).await.remove(0);
        self.record(&json!({
            "kind": "root_cause",
            "statement": "Alerts had no accountable owner",
            "cause_category": "process_failure",
            "event_ids": [event],
        }))
        .await;
        self.record(&json!({ "kind": "strength", "statement": "Backups were kept offline" }))
            .await;
        self
    }

    /// Adds a participant who has an address; its id.
    pub async fn join(&self, name: &str, function: &str) -> String {
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        let body = json!({ "name": name, "function": function, "email": email });
        self.join_as(&body).await
    }

    /// Adds a participant; its id.
    pub async fn join_as(&self, body: &Value) -> String {
        let made = self.client.post(self.path("/participants"), body).await;
        made.expect(201).id()
    }

    /// Plans a workshop with fields of its own.
    pub async fn plan(&self, own: &Value) -> Workshop {
        let made = self.client.post(self.path("/workshops"), own).await;
        Workshop {
            client: self.client.clone(),
            id: made.expect(201).id(),
        }
    }

    /// Takes a step of its life.
    pub async fn step(&self, verb: &str, body: &Value) -> Reply {
        let tag = self.now().await.etag();
        let path = self.path(&format!("/{verb}"));
        self.client.post(path, body).if_match(&tag).await
    }

    /// With work begun.
    pub async fn started(self) -> Self {
        self.step("start", &json!({})).await.expect(200);
        self
    }

    /// Handed in.
    pub async fn submitted(self) -> Self {
        let started = self.with_findings().await.started().await;
        started.step("submit", &json!({})).await.expect(200);
        started
    }

    /// Approved and made known.
    pub async fn published(self) -> Self {
        let submitted = self.submitted().await;
        submitted.step("publish", &json!({})).await.expect(200);
        submitted
    }

    /// Finished.
    pub async fn closed(self) -> Self {
        let published = self.published().await;
        published.step("close", &json!({})).await.expect(200);
        published
    }
}

/// A workshop of a review, and who runs it: the admin.
#[derive(Clone, Debug)]
pub struct Workshop {
    client: Client,
    /// Its id.
    pub id: String,
}

impl Workshop {
    /// The path of the workshop, or of something below it.
    pub fn path(&self, below: &str) -> String {
        format!("/api/v1/workshops/{}{below}", self.id)
    }

    /// The workshop as it is now.
    pub async fn now(&self) -> Reply {
        self.client.get(self.path("")).await.expect(200)
    }

    /// Invites a participant of the review.
    pub async fn invite(&self, participant: &str) -> Reply {
        self.invite_as(&json!({ "participant_id": participant }))
            .await
            .expect(201)
    }

    /// Invites somebody as a body says.
    pub async fn invite_as(&self, body: &Value) -> Reply {
        self.client.post(self.path("/invitations"), body).await
    }

    /// Changes it.
    pub async fn change(&self, change: &Value) -> Reply {
        let tag = self.now().await.etag();
        self.client
            .patch(self.path(""), change)
            .if_match(&tag)
            .await
    }

    /// Takes a step of its life.
    pub async fn step(&self, verb: &str, body: &Value) -> Reply {
        let tag = self.now().await.etag();
        let path = self.path(&format!("/{verb}"));
        self.client.post(path, body).if_match(&tag).await
    }

    /// Answers an invitation, or records an attendance.
    pub async fn tell(&self, invitation: &str, verb: &str, body: &Value) -> Reply {
        let path = self.path(&format!("/invitations/{invitation}"));
        let tag = self.client.get(&path).await.expect(200).etag();
        let call = self.client.post(format!("{path}/{verb}"), body);
        call.if_match(&tag).await
    }

    /// Sets its board and opens it.
    pub async fn collect(&self, board: &Value) {
        let made = self.client.put(self.path("/board"), board).await;
        made.expect(201);
        self.board("open").await.expect(200);
    }

    /// Takes a step of its board.
    pub async fn board(&self, verb: &str) -> Reply {
        let path = self.path("/board");
        let tag = self.client.get(&path).await.expect(200).etag();
        let step = self.client.call(Method::POST, format!("{path}/{verb}"));
        step.if_match(&tag).await
    }
}
