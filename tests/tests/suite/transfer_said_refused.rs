//! Documents that tell more of what people said than they were promised, or in which it does not fit
//! together: every fault with its place.

use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

use super::transfer::a_document_of;

both_databases!(
    an_anonymous_board_names_nobody_and_shows_nothing_early,
    what_is_on_a_board_belongs_to_it,
    a_round_is_one_that_could_be_held_here,
    a_result_tells_what_a_summary_would,
    what_a_briefing_said_cannot_be_forged,
    a_briefing_is_frozen_when_it_is_issued_and_not_before,
    what_was_acknowledged_is_in_the_document,
);

const NOWHERE: &str = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";

/// Changes to a document, and the faults that they make.
type Case<'a> = (Vec<(&'a str, Value)>, Vec<(&'a str, &'a str)>);

fn one<'a>(place: &'a str, value: Value, code: &'a str) -> Case<'a> {
    (vec![(place, value)], vec![(place, code)])
}

/// Each case, on a document that is taken as it is.
async fn refuse(client: &Client, document: &Value, cases: Vec<Case<'_>>) {
    for (changes, expected) in cases {
        let mut wrong = document.clone();
        for (place, value) in &changes {
            let column = wrong.pointer_mut(place);
            *column.unwrap_or_else(|| panic!("there is no {place}")) = value.clone();
        }
        let refused = client.post("/api/v1/reviews/import", &wrong).await;
        let mut found = refused.problem(422, "validation_failed").faults();
        found.sort();
        let expected = expected.into_iter();
        let mut expected: Vec<(String, String)> = expected
            .map(|(place, code)| (place.to_owned(), code.to_owned()))
            .collect();
        expected.sort();
        assert_eq!(found, expected, "{changes:?}");
    }
    let taken = client.post("/api/v1/reviews/import?dry_run=true", document);
    taken.await.expect(200);
}

/// The place of the first row that has a value in a column.
fn at(document: &Value, list: &str, column: &str, value: &Value) -> usize {
    let rows = document[list].as_array().expect("a list");
    let found = rows.iter().position(|row| &row[column] == value);
    found.unwrap_or_else(|| panic!("none of the {list} has {column} {value}"))
}

/// The document as it was before publication closed the boards on which nothing was voted: of the
/// anonymous one nothing is shown.
fn with_open_boards(mut document: Value) -> Value {
    let voted = document["contribution_groups"][0]["workshop_id"].clone();
    let mut sealed = Vec::new();
    for board in document["boards"].as_array_mut().expect("a list") {
        if board["workshop_id"] == voted {
            continue;
        }
        board["phase"] = json!("collecting");
        if board["anonymous"] == true {
            sealed.push(board["workshop_id"].clone());
        }
    }
    let said = document["contributions"].as_array_mut().expect("a list");
    said.retain(|row| !sealed.contains(&row["workshop_id"]));
    document
}

/// The boards: the one whose votes are counted, the one that collects anonymously, the signed one.
fn boards(document: &Value) -> [usize; 3] {
    let rows = document["boards"].as_array().expect("a list");
    let of = |phase: &str, anonymous: bool| {
        let found = rows
            .iter()
            .position(|row| row["phase"] == phase && row["anonymous"] == anonymous);
        found.expect("a board")
    };
    [
        of("done", true),
        of("collecting", true),
        of("collecting", false),
    ]
}

async fn an_anonymous_board_names_nobody_and_shows_nothing_early(app: App) {
    let (_, document) = a_document_of(&app).await;
    let document = with_open_boards(document);
    let [done, sealed, signed] = boards(&document);
    let workshop = |board: usize| document["boards"][board]["workshop_id"].clone();
    let said = at(&document, "contributions", "workshop_id", &workshop(done));
    let by_name = at(&document, "contributions", "workshop_id", &workshop(signed));
    let author = format!("/contributions/{said}/author_subject");
    let of_signed = format!("/contributions/{by_name}/workshop_id");
    let signature = format!("/contributions/{by_name}/author_subject");
    let phase = format!("/boards/{done}/phase");
    let places: Vec<String> = (0..document["contributions"].as_array().map_or(0, Vec::len))
        .filter(|place| *place != by_name)
        .map(|place| format!("/contributions/{place}/workshop_id"))
        .collect();
    let early = places.iter().map(|place| (place.as_str(), "sealed"));
    let cases = vec![
        one(&author, json!("kim@example.org"), "not_anonymous"),
        (
            vec![(&of_signed, workshop(sealed))],
            vec![(&of_signed, "sealed"), (&signature, "not_anonymous")],
        ),
        (vec![(&phase, json!("collecting"))], early.collect()),
    ];
    refuse(&app.stranger(), &document, cases).await;
}

async fn what_is_on_a_board_belongs_to_it(app: App) {
    let (_, document) = a_document_of(&app).await;
    let document = with_open_boards(document);
    let [done, sealed, signed] = boards(&document);
    let elsewhere = document["boards"][sealed]["workshop_id"].clone();
    let workshop = document["boards"][signed]["workshop_id"].clone();
    let by_name = at(&document, "contributions", "workshop_id", &workshop);
    let group = document["contribution_groups"][0]["id"].clone();
    let grouped = at(&document, "contributions", "group_id", &group);
    let without = at(&document, "workshops", "kind", &json!("follow_up"));
    let without = document["workshops"][without]["id"].clone();
    let of_group = "/contribution_groups/0/workshop_id";
    let in_group = format!("/contributions/{grouped}/group_id");
    let foreign_group = format!("/contributions/{by_name}/group_id");
    let board = format!("/boards/{sealed}/workshop_id");
    let of_said = format!("/contributions/{by_name}/workshop_id");
    let of_signed_board = format!("/boards/{signed}/workshop_id");
    let counted = document["boards"][done]["workshop_id"].clone();
    let text = format!("/contributions/{by_name}/text");
    let votes = format!("/boards/{done}/votes_per_person");
    let cases = vec![
        one(&board, json!(NOWHERE), "broken_reference"),
        (
            vec![(&of_signed_board, counted)],
            vec![(&of_signed_board, "repeated_item"), (&of_said, "no_board")],
        ),
        one(&votes, json!(51), "out_of_range"),
        one(&of_said, without, "no_board"),
        one(&text, json!("x".repeat(2001)), "too_long"),
        one(&in_group, json!(NOWHERE), "broken_reference"),
        one(&foreign_group, group, "broken_reference"),
        (
            vec![(of_group, elsewhere)],
            vec![(&in_group, "broken_reference")],
        ),
        one("/contribution_groups/0/votes", json!(-1), "out_of_range"),
        one("/contribution_groups/0/title", json!(""), "too_short"),
        one(
            "/contribution_groups/0/outcomes/finding_ids/0",
            json!(NOWHERE),
            "broken_reference",
        ),
    ];
    refuse(&app.stranger(), &document, cases).await;
}

async fn a_round_is_one_that_could_be_held_here(app: App) {
    let (_, document) = a_document_of(&app).await;
    let month = at(
        &document,
        "feedback_rounds",
        "occasion",
        &json!("after_30_days"),
    );
    let after = at(
        &document,
        "feedback_rounds",
        "occasion",
        &json!("after_workshop"),
    );
    let of = |round: usize, column: &str| format!("/feedback_rounds/{round}/{column}");
    let (smallest, ends) = (of(month, "minimum_group"), of(month, "closes_at"));
    let (workshop, occasion) = (of(after, "workshop_id"), of(month, "occasion"));
    let later = at(
        &document,
        "feedback_rounds",
        "occasion",
        &json!("after_90_days"),
    );
    let again = of(month.max(later), "occasion");
    let other = of(month.min(later), "occasion");
    let kept = document.pointer(&again).cloned().unwrap_or_default();
    let question = of(later, "questions/1/question");
    let (missing, twice) = (of(month, "workshop_id"), of(later, "questions/1"));
    let first = document["feedback_rounds"][later]["questions"][0]["question"].clone();
    let cases = vec![
        one(&smallest, json!(2), "out_of_range"),
        one(
            "/review/policy_snapshot/rules/minimum_feedback_group",
            json!(1),
            "out_of_range",
        ),
        (
            vec![(&smallest, json!(101))],
            vec![
                (&smallest, "out_of_range"),
                ("/feedback_results/0/n", "too_few_answers"),
            ],
        ),
        one(&ends, json!("2026-11-23T12:00:00Z"), "too_early"),
        one(&workshop, Value::Null, "required"),
        one(&workshop, json!(NOWHERE), "broken_reference"),
        (
            vec![(&occasion, json!("after_workshop"))],
            vec![(&missing, "required")],
        ),
        (vec![(&other, kept)], vec![(&again, "repeated_item")]),
        (vec![(&question, first)], vec![(&twice, "repeated_item")]),
    ];
    refuse(&app.stranger(), &document, cases).await;
}

async fn a_result_tells_what_a_summary_would(app: App) {
    let (_, document) = a_document_of(&app).await;
    let month = at(
        &document,
        "feedback_rounds",
        "occasion",
        &json!("after_30_days"),
    );
    let later = at(
        &document,
        "feedback_rounds",
        "occasion",
        &json!("after_90_days"),
    );
    let open = document["feedback_rounds"][later]["id"].clone();
    let closed = format!("/feedback_rounds/{month}/closed_at");
    let cancelled = format!("/feedback_rounds/{month}/cancelled_at");
    let (round, tally) = (
        "/feedback_results/0/round_id",
        "/feedback_results/0/tallies/0",
    );
    let (counts, question) = (format!("{tally}/counts"), format!("{tally}/question"));
    let second = document["feedback_results"][0]["tallies"][1]["question"].clone();
    let comment = "/feedback_results/0/comments/0";
    let (text, about) = (format!("{comment}/text"), format!("{comment}/question"));
    let hidden = document["feedback_rounds"][month]["questions"][0]["question"].clone();
    let remark = document["feedback_results"][0]["comments"][0].clone();
    let moment = json!("2026-11-23T12:00:00Z");
    let cases = vec![
        one(round, json!(NOWHERE), "broken_reference"),
        one(round, open, "not_closed"),
        (vec![(&closed, Value::Null)], vec![(round, "not_closed")]),
        (vec![(&cancelled, moment)], vec![(round, "cancelled")]),
        one("/feedback_results/0/n", json!(4), "too_few_answers"),
        one(&counts, json!([1, 1, 1, 1, 1, 1]), "not_equal"),
        one(&counts, json!([1, 0, 0, 0, 0, 4]), "too_few_answers"),
        (
            vec![(&question, second)],
            vec![("/feedback_results/0/tallies/1", "repeated_item")],
        ),
        one(&text, json!("x".repeat(4001)), "too_long"),
        (
            vec![("/feedback_results/0/comments", json!(vec![remark; 101]))],
            vec![("/feedback_results/0/comments", "too_many")],
        ),
        // Nobody was asked about a follow-up in this round.
        one(&about, unasked(&document, month), "not_asked"),
    ];
    assert_ne!(
        hidden,
        document["feedback_results"][0]["tallies"][0]["question"]
    );
    refuse(&app.stranger(), &document, cases).await;
}

/// A question that a round does not ask.
fn unasked(document: &Value, round: usize) -> Value {
    let asked = document["feedback_rounds"][round]["questions"].as_array();
    let asked: Vec<&Value> = asked
        .into_iter()
        .flatten()
        .map(|one| &one["question"])
        .collect();
    let rounds = document["feedback_rounds"].as_array().into_iter().flatten();
    let mut all = rounds.flat_map(|round| round["questions"].as_array().into_iter().flatten());
    let strange = all.find(|one| !asked.contains(&&one["question"]));
    strange.expect("another question")["question"].clone()
}

async fn what_a_briefing_said_cannot_be_forged(app: App) {
    let (_, document) = a_document_of(&app).await;
    let forged = |column: &str| {
        let text = document["briefings"][0][column].as_str().expect("a text");
        json!(text.replace("night", "day"))
    };
    let newer = document["briefings"][1]["id"].clone();
    let older = document["briefings"][0]["id"].clone();
    let next = "/briefings/0/superseded_by_id";
    assert_eq!(document.pointer(next), Some(&newer));
    let cases = vec![
        (
            vec![("/briefings/0/content", forged("content"))],
            vec![("/briefings/0/sha256", "wrong_hash")],
        ),
        (
            vec![("/briefings/0/markdown", forged("markdown"))],
            vec![("/briefings/0/markdown_sha256", "wrong_hash")],
        ),
        one(next, json!(NOWHERE), "broken_reference"),
        one(next, older, "circle"),
        one("/briefings/0/headline", json!("x".repeat(301)), "too_long"),
    ];
    refuse(&app.stranger(), &document, cases).await;
}

async fn a_briefing_is_frozen_when_it_is_issued_and_not_before(app: App) {
    let (_, document) = a_document_of(&app).await;
    let draft = at(&document, "briefings", "status", &json!("draft"));
    let of = |column: &str| format!("/briefings/{draft}/{column}");
    let (issued, given, status) = (of("issued_at"), of("deliveries"), of("status"));
    let deliveries = document["briefings"][1]["deliveries"].clone();
    let all = [
        "content",
        "markdown",
        "sha256",
        "markdown_sha256",
        "issued_at",
        "issued_by",
    ]
    .map(of);
    let required = all.iter().map(|place| (place.as_str(), "required"));
    let cases = vec![
        one("/briefings/1/content", Value::Null, "required"),
        one("/briefings/1/sha256", Value::Null, "required"),
        one("/briefings/0/superseded_by_id", Value::Null, "required"),
        one(&issued, json!("2026-11-23T12:00:00Z"), "not_allowed"),
        one(&given, deliveries, "not_allowed"),
        (vec![(&status, json!("issued"))], required.collect()),
    ];
    refuse(&app.stranger(), &document, cases).await;
}

async fn what_was_acknowledged_is_in_the_document(app: App) {
    let (_, document) = a_document_of(&app).await;
    let of = |column: &str| format!("/wording_acknowledgements/0/{column}");
    let (resource, kind) = (of("resource_id"), of("resource_type"));
    let cases = vec![
        one(&resource, json!(NOWHERE), "broken_reference"),
        (
            vec![(&kind, json!("event"))],
            vec![(&resource, "broken_reference")],
        ),
        (
            vec![(&kind, json!("review"))],
            vec![(&resource, "broken_reference")],
        ),
        one(&kind, json!("policy"), "unknown_value"),
    ];
    refuse(&app.stranger(), &document, cases).await;
}
