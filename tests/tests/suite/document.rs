//! The OpenAPI document: whatever is added to it is complete, or a test says what it lacks.

use std::collections::{BTreeMap, BTreeSet};

use debrief_tests::contract::{Contract, Operation, object};
use debrief_tests::{App, both_databases, sample, story};
use reqwest::Method;
use serde_json::Value;

both_databases!(the_document_is_served_as_json_and_yaml);

async fn the_document_is_served_as_json_and_yaml(app: App) {
    let client = app.anonymous();
    let json = client.get("/openapi.json").await.expect(200);
    assert_eq!(&json.json(), Contract::get().document());
    let yaml = client.get("/openapi.yaml").await.expect(200);
    assert_eq!(yaml.text(), debrief::openapi::yaml());
}

#[test]
fn nothing_in_the_document_is_null() {
    fn find(at: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Null => found.push(at.to_owned()),
            Value::Object(fields) => {
                for (name, field) in fields {
                    if !["default", "example", "examples", "enum", "const"].contains(&name.as_str())
                    {
                        find(&format!("{at}/{name}"), field, found);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| find(at, item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    find("", Contract::get().document(), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

/// Collects what is wrong with each operation and says it all at once.
fn every_operation(judge: impl Fn(&Operation, &mut Vec<String>)) {
    let mut faults = Vec::new();
    for operation in Contract::get().operations() {
        let mut own = Vec::new();
        judge(operation, &mut own);
        let name = format!("{} {}", operation.method, operation.path);
        faults.extend(own.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

fn parameters(operation: &Operation) -> Vec<&'static Value> {
    let contract = Contract::get();
    let item = contract.document()["paths"][operation.path.as_str()].as_object();
    let said = item.and_then(|item| item.get(&operation.method.as_str().to_lowercase()));
    let parameters = said.and_then(|said| said["parameters"].as_array());
    parameters
        .into_iter()
        .flatten()
        .map(|one| contract.resolve(one))
        .collect()
}

#[test]
fn every_operation_has_a_unique_id_of_a_verb_and_a_noun() {
    let mut seen = BTreeSet::new();
    for operation in Contract::get().operations() {
        assert!(
            seen.insert(operation.id().to_owned()),
            "{} is there twice",
            operation.id()
        );
    }
    every_operation(|operation, faults| {
        let words: Vec<&str> = operation.id().split('_').collect();
        let lower = words.iter().all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if words.len() < 2 || !lower {
            faults.push(format!(
                "`{}` is not verb_noun in snake_case",
                operation.id()
            ));
        }
    });
}

#[test]
fn every_operation_has_a_known_tag_a_summary_and_a_description() {
    let tags: BTreeMap<&str, &str> = Contract::get().document()["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| Some((tag["name"].as_str()?, tag["description"].as_str()?)))
        .collect();
    every_operation(|operation, faults| {
        let own = operation.said["tags"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if own.len() != 1
            || own
                .iter()
                .any(|tag| !tags.contains_key(tag.as_str().unwrap_or_default()))
        {
            faults.push(format!("has not one known tag but {own:?}"));
        }
        for member in ["summary", "description"] {
            if operation.said[member].as_str().is_none_or(str::is_empty) {
                faults.push(format!("has no {member}"));
            }
        }
        let summary = operation.said["summary"].as_str().unwrap_or_default();
        if summary.contains('\n') || summary.len() > 80 || summary.ends_with('.') {
            faults.push(format!("its summary is not one short line: {summary:?}"));
        }
    });
}

#[test]
fn every_operation_says_which_successes_and_problems_it_can_answer_with() {
    every_operation(|operation, faults| {
        let said = operation.said["responses"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        if !said.keys().any(|status| status.starts_with('2')) {
            faults.push("has no success".to_owned());
        }
        let mut needed = vec!["500"];
        if operation.scopes().is_some() {
            needed.extend(["400", "401", "403", "406", "429", "503"]);
        }
        if operation.path.contains('{') {
            needed.push("404");
        }
        if operation.body().is_some() {
            needed.extend(["413", "415"]);
        }
        if operation.body().is_some() && operation.scopes().is_some() {
            needed.push("422");
        }
        if operation.needs_if_match() {
            needed.extend(["412", "428"]);
        }
        faults.extend(
            needed
                .iter()
                .filter(|one| !said.contains_key(**one))
                .map(|one| format!("lacks {one}")),
        );
        for (status, response) in &said {
            let response = Contract::get().resolve(response);
            if response["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{status} has no description"));
            }
            if operation.is_oauth() && ["400", "401"].contains(&status.as_str()) {
                continue;
            }
            let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
            if status.as_str() >= "400" && problem != "#/components/schemas/Problem" {
                faults.push(format!("{status} is not a problem"));
            }
        }
    });
}

#[test]
fn every_secured_operation_names_its_scopes_and_each_is_known() {
    let known = &Contract::get().document()["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
        ["scopes"];
    every_operation(|operation, faults| {
        let Some(scopes) = operation.scopes() else {
            if operation.path.starts_with("/api/") {
                faults.push("is open to everybody".to_owned());
            }
            return;
        };
        let unknown = scopes.iter().filter(|scope| known.get(**scope).is_none());
        faults.extend(unknown.map(|scope| format!("the scope {scope} is not declared")));
        let description = operation.said["description"].as_str().unwrap_or_default();
        let unsaid = scopes.iter().filter(|scope| !description.contains(**scope));
        faults.extend(unsaid.map(|scope| format!("its description does not name {scope}")));
    });
}

#[test]
fn every_placeholder_of_a_path_is_a_documented_parameter() {
    every_operation(|operation, faults| {
        let placeholders: BTreeSet<&str> = operation
            .path
            .split('/')
            .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let documented: BTreeSet<&str> = parameters(operation)
            .into_iter()
            .filter(|one| one["in"] == "path" && one["required"] == true)
            .filter_map(|one| one["name"].as_str())
            .collect();
        if placeholders != documented {
            faults.push(format!(
                "placeholders {placeholders:?}, documented {documented:?}"
            ));
        }
    });
}

#[test]
fn every_parameter_has_a_description_a_schema_and_an_example() {
    every_operation(|operation, faults| {
        for parameter in parameters(operation) {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                faults.push(format!("{name} has no description"));
            }
            if !parameter["schema"].is_object() {
                faults.push(format!("{name} has no schema"));
            }
            let schema = Contract::get().resolve(&parameter["schema"]);
            if parameter["example"].is_null() && schema["examples"].is_null() {
                faults.push(format!("{name} has no example: #[param(example = …)]"));
            }
            let snake = name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if parameter["in"] != "header" && !snake {
                faults.push(format!("{name} is not snake_case"));
            }
            let in_query = parameter["in"] == "query";
            if in_query
                && parameter["schema"]["type"] == "array"
                && parameter["schema"]["items"].is_null()
            {
                faults.push(format!("{name} has items of any kind"));
            }
        }
    });
}

/// Short lists that never have a next page.
const GIVEN_WHOLE: &[&str] = &["list_vocabularies", "list_problem_types"];

#[test]
fn every_list_is_paged_and_every_page_is_a_list() {
    every_operation(|operation, faults| {
        let body = &operation.said["responses"]["200"]["content"]["application/json"]["schema"];
        let body = Contract::get().resolve(body);
        let names: BTreeSet<&str> = parameters(operation)
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        let paged = body["properties"]["next_cursor"].is_object();
        if GIVEN_WHOLE.contains(&operation.id()) || operation.streams() {
            return;
        }
        if paged != names.contains("cursor") || paged != names.contains("limit") {
            faults
                .push("has next_cursor without cursor and limit, or these without that".to_owned());
        }
        if paged && body["properties"]["items"]["type"] != "array" {
            faults.push("its page has no items".to_owned());
        }
    });
}

#[test]
fn every_post_takes_an_idempotency_key_and_every_change_a_version() {
    every_operation(|operation, faults| {
        let takes = |name: &str| parameters(operation).iter().any(|one| one["name"] == name);
        let secured = operation.scopes().is_some();
        if operation.method == Method::POST && secured && !takes("Idempotency-Key") {
            faults.push("does not take Idempotency-Key".to_owned());
        }
        if [Method::PATCH, Method::DELETE].contains(&operation.method) && !takes("If-Match") {
            faults.push("does not take If-Match".to_owned());
        }
        let creates =
            operation.method == Method::PUT && operation.said["responses"]["201"].is_object();
        let reads = operation.method == Method::GET && secured;
        if (creates || reads) && !takes("If-None-Match") {
            faults.push("does not take If-None-Match".to_owned());
        }
    });
}

#[test]
fn every_field_of_every_schema_has_a_description() {
    let mut faults = Vec::new();
    let schemas = Contract::get().document()["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        undescribed(name, schema, &mut faults);
        if schema["description"].as_str().is_none_or(str::is_empty) {
            faults.push(format!("{name}: the schema itself"));
        }
    }
    assert!(faults.is_empty(), "without a description: {faults:#?}");
}

fn undescribed(at: &str, schema: &Value, faults: &mut Vec<String>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        let own = field["description"]
            .as_str()
            .is_some_and(|text| !text.is_empty());
        let inherited = Contract::get().resolve(field)["description"].is_string();
        if !own && !inherited {
            faults.push(at.clone());
        }
        undescribed(&at, field, faults);
    }
    for word in ["items", "additionalProperties"] {
        if schema[word].is_object() {
            undescribed(&format!("{at}[]"), &schema[word], faults);
        }
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            undescribed(at, part, faults);
        }
    }
}

#[test]
fn every_text_and_number_that_is_taken_is_bounded() {
    let mut faults = BTreeSet::new();
    for operation in Contract::get().operations() {
        // The size of a header is bounded besides.
        let judged = |parameter: &&Value| parameter["in"] != "header";
        for parameter in parameters(operation).into_iter().filter(judged) {
            let at = format!("{}?{}", operation.id(), parameter["name"]);
            unbounded(&at, &parameter["schema"], &mut BTreeSet::new(), &mut faults);
        }
        for (kind, media) in operation.said["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
        {
            // Lines of JSON are a text to OpenAPI; the size of a body is bounded besides.
            if kind == "application/x-ndjson" {
                continue;
            }
            unbounded(
                operation.id(),
                &media["schema"],
                &mut BTreeSet::new(),
                &mut faults,
            );
        }
    }
    assert!(faults.is_empty(), "without bounds: {faults:#?}");
}

fn unbounded(at: &str, schema: &Value, seen: &mut BTreeSet<String>, faults: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str()
        && !seen.insert(name.to_owned())
    {
        return;
    }
    let schema = Contract::get().resolve(schema);
    let has = |word: &str| schema.get(word).is_some();
    let is = |kind: &str| {
        schema["type"] == kind
            || schema["type"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one == kind))
    };
    let fixed = has("enum") || has("const") || has("format") && schema["format"] != "uri";
    if is("string") && !fixed && !has("maxLength") && !has("pattern") {
        faults.insert(format!("{at}: text"));
    }
    if is("array") && !has("maxItems") {
        faults.insert(format!("{at}: list"));
    }
    if (is("integer") || is("number")) && !(has("minimum") && has("maximum")) {
        faults.insert(format!("{at}: number"));
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        unbounded(&format!("{at}.{name}"), field, seen, faults);
    }
    for word in ["items", "additionalProperties"] {
        if schema[word].is_object() {
            unbounded(&format!("{at}[]"), &schema[word], seen, faults);
        }
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            unbounded(at, part, seen, faults);
        }
    }
}

#[test]
fn every_body_that_is_taken_or_given_has_an_example() {
    let mut lacking = BTreeMap::new();
    for operation in story::shown() {
        let mut lacks = BTreeSet::new();
        let bodies = |message: &Value| object(&message["content"]);
        for (kind, media) in bodies(&operation.said["requestBody"]) {
            if media["example"].is_null() {
                lacks.insert(format!("request as {kind}"));
            }
        }
        let answers = object(&operation.said["responses"]);
        let mut successes = answers.iter().filter(|(status, _)| status.starts_with('2'));
        let shows = |answer: &Value| {
            bodies(answer)
                .values()
                .any(|media| !media["example"].is_null())
        };
        if !successes.any(|(_, answer)| shows(answer) || bodies(answer).is_empty()) {
            lacks.insert("answer".to_owned());
        }
        if !lacks.is_empty() {
            lacking.insert(operation.id(), lacks);
        }
    }
    assert!(
        lacking.is_empty(),
        "`UPDATE_GENERATED=1 cargo test -p debrief-tests generated` gives them: {lacking:#?}"
    );
}

#[test]
fn every_example_fits_its_schema() {
    let contract = Contract::get();
    let mut faults = Vec::new();
    let mut judge = |at: String, schema: &Value, example: &Value| {
        if !example.is_null() {
            let misfits = contract.misfits(schema, example);
            faults.extend(misfits.into_iter().map(|why| format!("{at}: {why}")));
        }
    };
    for operation in contract.operations() {
        let name = operation.id().to_owned();
        for parameter in parameters(operation) {
            let at = format!("{name} {}", parameter["name"]);
            for example in parameter["schema"]["examples"]
                .as_array()
                .into_iter()
                .flatten()
            {
                judge(at.clone(), &parameter["schema"], example);
            }
            judge(at, &parameter["schema"], &parameter["example"]);
        }
        let bodies = operation.said["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten();
        for (_, media) in bodies {
            judge(
                format!("{name} request"),
                &media["schema"],
                &media["example"],
            );
        }
        for (status, response) in operation.said["responses"]
            .as_object()
            .into_iter()
            .flatten()
        {
            let content = contract.resolve(response)["content"]
                .as_object()
                .into_iter()
                .flatten();
            for (_, media) in content {
                judge(
                    format!("{name} {status}"),
                    &media["schema"],
                    &media["example"],
                );
            }
        }
    }
    for (name, schema) in contract.document()["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        for example in schema["examples"].as_array().into_iter().flatten() {
            judge(name.clone(), schema, example);
        }
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            for example in schema["examples"].as_array().into_iter().flatten() {
                judge(format!("{name}.{field}"), schema, example);
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_body_made_of_the_examples_fits_its_schema() {
    let contract = Contract::get();
    let mut faults = Vec::new();
    for (name, schema) in contract.document()["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        for value in [
            sample::least(contract, schema),
            sample::whole(contract, schema),
        ] {
            let misfits = contract.misfits(schema, &value);
            faults.extend(
                misfits
                    .into_iter()
                    .map(|why| format!("{name}: {why} in {value}")),
            );
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
