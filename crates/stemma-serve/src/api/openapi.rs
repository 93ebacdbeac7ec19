//! The description of the API in OpenAPI 3.1, whose schemas are JSON Schema 2020-12, as `schemars` makes them of the types.

use std::sync::Arc;

use axum::routing::MethodRouter;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::desk::Desk;
use crate::problem::Problem;

/// One operation of the API: its route and what is told of it.
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    pub(crate) method: Method,
    pub(super) handler: MethodRouter<Arc<Desk>>,
    /// Name in clients that are generated.
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    /// What it takes, by media type.
    pub(crate) takes: Vec<Body>,
    pub(crate) answer: Answer,
}

/// A method of HTTP.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Method {
    Get,
    Post,
    Delete,
}

impl Method {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Post => "post",
            Method::Delete => "delete",
        }
    }
}

type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// A form of what is sent.
pub(crate) struct Body {
    pub(crate) media_type: &'static str,
    pub(crate) about: &'static str,
    schema: Option<MakeSchema>,
}

/// What is answered if all goes well.
pub(crate) enum Answer {
    /// JSON, with this status.
    Json(u16, MakeSchema),
    /// Something else, by media type.
    Files(&'static [&'static str]),
}

impl Operation {
    /// A `GET` that answers with JSON of `T`.
    pub(super) fn get<T: JsonSchema>(
        path: &'static str,
        handler: MethodRouter<Arc<Desk>>,
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        let answer = Answer::Json(200, schema_of::<T>);
        let (parameters, takes) = (Vec::new(), Vec::new());
        Self { path, method: Method::Get, handler, id, summary, parameters, takes, answer }
    }

    /// The same with another method, and a status of its answer.
    pub(super) fn method(self, method: Method, status: u16) -> Self {
        let answer = match self.answer {
            Answer::Json(_, schema) => Answer::Json(status, schema),
            files => files,
        };
        Self { method, answer, ..self }
    }

    /// With parameters.
    pub(super) fn with(self, parameters: Vec<Parameter>) -> Self {
        Self { parameters, ..self }
    }

    /// It answers with files of these media types.
    pub(super) fn files(self, media_types: &'static [&'static str]) -> Self {
        Self { answer: Answer::Files(media_types), ..self }
    }

    /// It takes JSON of `T`.
    pub(super) fn takes<T: JsonSchema>(mut self, about: &'static str) -> Self {
        self.takes.push(Body { media_type: "application/json", about, schema: Some(schema_of::<T>) });
        self
    }

    /// It takes bytes of a media type.
    pub(super) fn takes_bytes(mut self, media_type: &'static str, about: &'static str) -> Self {
        self.takes.push(Body { media_type, about, schema: None });
        self
    }
}

/// A parameter of an address.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: &'static str,
    pub(crate) about: &'static str,
    pub(crate) schema: Value,
    pub(crate) required: bool,
}

impl Parameter {
    /// A part of the path.
    pub(super) fn path(name: &'static str, about: &'static str) -> Self {
        Self { required: true, name, place: "path", about, schema: json!({"type": "string"}) }
    }

    /// A part of the path that is one of some words.
    pub(super) fn path_of(name: &'static str, about: &'static str, words: &[&str]) -> Self {
        Self { required: true, name, place: "path", about, schema: json!({"type": "string", "enum": words}) }
    }

    /// A part of the query that may be left out.
    pub(super) fn query(name: &'static str, about: &'static str, schema: Value) -> Self {
        Self { required: false, name, place: "query", about, schema }
    }

    /// A part of the query that must be there.
    pub(super) fn needed(name: &'static str, about: &'static str, schema: Value) -> Self {
        Self { required: true, ..Self::query(name, about, schema) }
    }

    /// A header that may be left out.
    pub(super) fn header(name: &'static str, about: &'static str, schema: Value) -> Self {
        Self { required: false, name, place: "header", about, schema }
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The whole description.
pub(super) fn document(operations: &[Operation]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let described = describe(operation, &problem, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str()] = described;
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
                "required": parameter.required,
                "description": parameter.about,
                "schema": parameter.schema,
            })
        })
        .collect();
    let failure = |about: &str| json!({"description": about, "content": {"application/problem+json": {"schema": problem}}});
    let mut answers = Map::new();
    let (status, content) = match &operation.answer {
        Answer::Json(status, schema) => (*status, json!({"application/json": {"schema": schema(generator)}})),
        Answer::Files(media_types) => {
            let files = media_types.iter().map(|&name| (name.to_owned(), json!({"schema": {}})));
            (200, Value::Object(files.collect()))
        }
    };
    answers.insert(status.to_string(), json!({"description": what(status), "content": content}));
    let writes = operation.method != Method::Get;
    answers.extend(may_fail(writes).map(|(status, about)| (status.to_owned(), failure(about))));
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": answers,
    });
    if !operation.takes.is_empty() {
        let content = operation.takes.iter().map(|body| {
            let schema = body.schema.map_or_else(|| json!({}), |schema| schema(generator).into());
            (body.media_type.to_owned(), json!({"schema": schema}))
        });
        let content: Map<String, Value> = content.collect();
        described["requestBody"] = json!({"required": true, "content": content});
    }
    described
}

fn what(status: u16) -> &'static str {
    match status {
        202 => "Taken; the work goes on in the background",
        _ => "What was asked for",
    }
}

/// What any operation may answer if it does not go well.
fn may_fail(writes: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        ("400", "A parameter, or what was sent, is not as it should be"),
        ("401", "The server wants a token"),
        ("403", "Asked under another name than that of the server, or by a page of another site"),
        ("404", "There is no such thing"),
        ("429", "Too many requests of this kind; Retry-After says when to ask again"),
        ("500", "The store, or the server, failed"),
        (
            "503",
            "Another program is writing to the store for too long, or a large story is being compared for the first time: Retry-After",
        ),
        ("504", "It took too long"),
    ];
    let of_writes = [
        ("409", "It does not go with what is there"),
        ("413", "What was sent is too large"),
        ("415", "What was sent is of a media type that is not taken"),
        ("422", "What was sent is well-formed and says nothing that could be done"),
    ];
    all.into_iter().chain(of_writes.into_iter().filter(move |_| writes))
}
