//! Reviews in any state, made through the API as its users would.

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
