//! The description of the API in OpenAPI 3.1, whose schemas are JSON Schema 2020-12, as `schemars` makes them of the types.

use std::sync::Arc;

use axum::routing::MethodRouter;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::desk::Desk;
use crate::problem::Problem;

/// One `GET` of the API: its route and what is told of it.
pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) handler: MethodRouter<Arc<Desk>>,
    /// Name in clients that are generated.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) parameters: Vec<Parameter>,
    pub(super) answer: fn(&mut SchemaGenerator) -> Schema,
}

/// A parameter of an address.
pub(super) struct Parameter {
    name: &'static str,
    place: &'static str,
    about: &'static str,
    schema: Value,
}

impl Parameter {
    /// A part of the path.
    pub(super) fn path(name: &'static str, about: &'static str) -> Self {
        Self { name, place: "path", about, schema: json!({"type": "string"}) }
    }

    /// A part of the query that may be left out.
    pub(super) fn query(name: &'static str, about: &'static str, schema: Value) -> Self {
        Self { name, place: "query", about, schema }
    }
}

/// The schema of an answer.
pub(super) fn answer<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The whole description.
pub(super) fn document(operations: &[Operation]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths = Map::new();
    for operation in operations {
        paths
            .insert(operation.path.to_owned(), json!({"get": describe(operation, &problem, &mut generator)}));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Stemma",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Stories, reports and what was found in them. Offsets are code points unless said otherwise. \
                Errors are problem details (RFC 9457) with a stable code.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        // Needed only by a server that was started with a token.
        "security": [{}, {"token": []}],
    })
}

fn describe(operation: &Operation, problem: &Schema, generator: &mut SchemaGenerator) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.name,
                "in": parameter.place,
                "required": parameter.place == "path",
                "description": parameter.about,
                "schema": parameter.schema,
            })
        })
        .collect();
    let failure = |about: &str| json!({"description": about, "content": {"application/problem+json": {"schema": problem}}});
    let mut answers = Map::new();
    answers.insert(
        "200".to_owned(),
        json!({"description": "What was asked for", "content": {"application/json": {"schema": (operation.answer)(generator)}}}),
    );
    let may_fail = [
        ("400", "A parameter is not as it should be"),
        ("401", "The server wants a token"),
        ("403", "Asked under another name than that of the server"),
        ("404", "There is no such thing"),
        ("500", "The store, or the server, failed"),
        ("503", "Another program is writing to the store for too long"),
    ];
    answers.extend(may_fail.map(|(status, about)| (status.to_owned(), failure(about))));
    json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": answers,
    })
}
