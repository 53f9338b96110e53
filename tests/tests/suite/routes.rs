//! Routes, methods and parameters: what is there, what is not, and how the service says so.

use std::collections::BTreeSet;

use debrief::kernel::error::Code;
use debrief_tests::contract::Contract;
use debrief_tests::world::World;
use debrief_tests::{App, both_databases};
use reqwest::Method;
use serde_json::Value;

both_databases!(
    a_method_that_a_route_has_not_is_405_with_those_it_has,
    a_route_that_is_not_there_is_404,
    head_answers_as_get_does_without_the_body,
    an_unknown_parameter_is_400_and_lists_the_known,
    of_very_many_unknown_parameters_the_first_are_told,
    a_repeated_parameter_is_400_unless_it_is_a_list,
    the_type_of_every_problem_resolves,
    every_path_parameter_that_is_malformed_is_400,
);

async fn a_method_that_a_route_has_not_is_405_with_those_it_has(app: App) {
    let (client, world) = (app.admin(), World::make(&app).await);
    let operations = Contract::get().operations();
    for operation in operations {
        let path = world.path(operation);
        let mut allowed: BTreeSet<String> = operations
            .iter()
            .filter(|other| other.path == operation.path)
            .map(|other| other.method.to_string())
            .collect();
        if allowed.contains("GET") {
            allowed.insert("HEAD".to_owned());
        }
        for method in [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND",
        ] {
            if allowed.contains(method) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let reply = client
                .call(method, path.as_str())
                .await
                .problem(405, "method_not_allowed");
            let said = reply.header("allow").unwrap_or_default();
            let said: BTreeSet<String> = said.split(", ").map(str::to_owned).collect();
            assert_eq!(said, allowed, "{}", reply.call);
        }
    }
}

async fn a_route_that_is_not_there_is_404(app: App) {
    let long = format!("/api/v1/{}", "x".repeat(2000));
    let paths = [
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/incidents",
        "/incidents",
        "/api/v1/incidents/",
        "//",
        "/api/v1/../../etc/passwd",
        "/api/v1/%00",
        "/api/v1/incidents/x/y/z/%2e%2e",
        "/index.php?x=%00",
        long.as_str(),
    ];
    for client in [app.anonymous(), app.admin()] {
        for path in paths {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                client.call(method, path).await.problem(404, "not_found");
            }
        }
    }
}

async fn head_answers_as_get_does_without_the_body(app: App) {
    let (client, world) = (app.admin(), World::make(&app).await);
    for operation in Contract::get()
        .operations()
        .iter()
        .filter(|one| one.reads())
    {
        let before = operation.called_by(&client, &world).await;
        let head = client
            .call(Method::HEAD, world.path(operation))
            .await
            .expect(before.status);
        // What is shown goes on meanwhile: when a key was used last, what the search has read.
        let after = operation.called_by(&client, &world).await;
        assert!(head.body.is_empty(), "{}", head.call);
        for name in ["content-type", "etag", "link", "cache-control"] {
            let shown = [before.header(name), after.header(name)];
            assert!(
                shown.contains(&head.header(name)),
                "{}: {name} is {:?}, and of a GET {shown:?}",
                head.call,
                head.header(name)
            );
        }
    }
}

async fn an_unknown_parameter_is_400_and_lists_the_known(app: App) {
    let (client, world) = (app.platform(), World::make(&app).await);
    for operation in Contract::get().operations() {
        let path = format!("{}?no_such_parameter=1&nor_this=2", world.path(operation));
        let mut call = client.call(operation.method.clone(), path);
        if let Some((kind, body)) = operation.body() {
            call = call.json(&body).header("content-type", kind);
        }
        if operation.needs_if_match() {
            call = call.if_match("\"1\"");
        }
        let reply = call.await.expect(400);
        let unknown: Vec<String> = reply
            .faults()
            .into_iter()
            .filter(|(_, code)| code == "unknown_parameter")
            .map(|(name, _)| name)
            .collect();
        assert_eq!(unknown, ["no_such_parameter", "nor_this"], "{}", reply.call);
        let detail = reply.json()["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|fault| fault["code"] == "unknown_parameter")
            .and_then(|fault| fault["detail"].as_str().map(str::to_owned))
            .unwrap_or_default();
        for parameter in operation.said["parameters"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let name = parameter["name"].as_str().unwrap_or_default();
            assert!(
                parameter["in"] != "query" || detail.contains(name),
                "{}: {detail}",
                reply.call
            );
        }
    }
}

async fn of_very_many_unknown_parameters_the_first_are_told(app: App) {
    let names: Vec<String> = (0..2_000).map(|at| format!("p{at}=1")).collect();
    for path in ["/api/v1/incidents", "/healthz"] {
        let reply = app
            .reader()
            .get(format!("{path}?{}", names.join("&")))
            .await;
        let reply = reply.problem(400, "invalid_parameter");
        assert_eq!(reply.faults().len(), 100, "{path}");
        assert!(reply.body.len() < 16_000, "{path}: {}", reply.body.len());
    }
}

async fn a_repeated_parameter_is_400_unless_it_is_a_list(app: App) {
    let (client, world) = (app.platform(), World::make(&app).await);
    for operation in Contract::get()
        .operations()
        .iter()
        .filter(|one| one.reads())
    {
        for parameter in operation.said["parameters"]
            .as_array()
            .into_iter()
            .flatten()
        {
            if parameter["in"] != "query" {
                continue;
            }
            let schema = &parameter["schema"];
            let value = debrief_tests::sample::least(Contract::get(), schema);
            let is_list = schema["type"] == "array"
                || schema["type"]
                    .as_array()
                    .is_some_and(|kinds| kinds.iter().any(|kind| kind == "array"));
            if is_list {
                continue;
            }
            let name = parameter["name"].as_str().unwrap_or_default();
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let path = format!("{}?{name}={text}&{name}={text}", world.path(operation));
            let reply = client.get(path).await.expect(400);
            let found = reply.faults();
            assert!(
                found.contains(&(name.to_owned(), "repeated".to_owned())),
                "{}: {found:?}",
                reply.call
            );
        }
    }
}

async fn the_type_of_every_problem_resolves(app: App) {
    let client = app.anonymous();
    let listed = client.get("/problems").await.expect(200).items();
    assert_eq!(listed.len(), Code::ALL.len());
    for code in Code::ALL {
        let page = client
            .get(format!("/problems/{}", code.as_str()))
            .await
            .expect(200)
            .json();
        assert!(listed.contains(&page));
        assert_eq!(page["status"], code.status().as_u16());
        assert_ne!(page["explanation"], Value::from(""));
    }
}

async fn every_path_parameter_that_is_malformed_is_400(app: App) {
    let client = app.platform();
    for operation in Contract::get().operations() {
        let uuids: Vec<&str> = operation.said["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|one| one["in"] == "path" && one["schema"]["format"] == "uuid")
            .filter_map(|one| one["name"].as_str())
            .collect();
        for name in uuids {
            for wrong in [
                "x",
                "1",
                "null",
                "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a1",
                "%F0%9F%92%A9",
                "'%20OR%201=1--",
            ] {
                let path = World::imagined().path(operation);
                let pattern: Vec<&str> = operation.path.split('/').collect();
                let placeholder = format!("{{{name}}}");
                let path: Vec<&str> = path
                    .split('/')
                    .zip(pattern)
                    .map(|(found, expected)| {
                        if expected == placeholder {
                            wrong
                        } else {
                            found
                        }
                    })
                    .collect();
                let call = client.call(operation.method.clone(), path.join("/"));
                let reply = call.if_match("\"1\"").await.expect(400);
                assert_eq!(
                    reply.faults(),
                    [(name.to_owned(), "invalid_format".to_owned())],
                    "{}",
                    reply.call
                );
            }
        }
    }
}
