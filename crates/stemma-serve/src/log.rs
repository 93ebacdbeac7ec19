//! A line for each request, for those who run the server.
//!
//! A line holds the method, the path, the status, the time that it took and the client's address; never the query, headers,
//! cookies or bodies, which may hold secrets and what people search for.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;

use crate::desk::Desk;
use crate::limits::client_of;

/// Longest path that is written.
const PATH_CHARS: usize = 300;

/// How lines are written, and where they go.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// Which form.
    pub format: LogFormat,
    /// Takes a line without its end.
    pub write: fn(&str),
}

/// How a line is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// One JSON object.
    Json,
    /// `name=value`, with quotation marks where needed.
    Logfmt,
}

/// What is told of a request.
struct Line {
    at: Timestamp,
    method: String,
    path: String,
    status: u16,
    millis: f64,
    client: IpAddr,
}

impl Line {
    fn text(&self, format: LogFormat) -> String {
        let Self { at, method, path, status, millis, client } = self;
        match format {
            LogFormat::Json => serde_json::json!({
                "at": format!("{at:.3}"), "method": method, "path": path, "status": status, "ms": millis, "client": client,
            })
            .to_string(),
            LogFormat::Logfmt => {
                let quoted = serde_json::Value::from(path.as_str());
                format!("at={at:.3} method={method} path={quoted} status={status} ms={millis} client={client}")
            }
        }
    }
}

/// Writes a line for each request, if the settings say so.
pub(crate) async fn log(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let Some(log) = desk.settings().log else { return next.run(request).await };
    let (at, start) = (Timestamp::now(), Instant::now());
    let (method, client) = (request.method().to_string(), client_of(&request));
    let path: String = request.uri().path().chars().take(PATH_CHARS).collect();
    let response = next.run(request).await;
    let millis = (start.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
    let line = Line { at, method, path, status: response.status().as_u16(), millis, client };
    (log.write)(&line.text(log.format));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        let line = Line {
            at: "2026-03-01T10:00:00.123456Z".parse().unwrap(),
            method: "GET".to_owned(),
            path: "/entities/a\"b\nc d".to_owned(),
            status: 200,
            millis: 1.5,
            client: "127.0.0.1".parse().unwrap(),
        };
        assert_eq!(
            line.text(LogFormat::Logfmt),
            r#"at=2026-03-01T10:00:00.123Z method=GET path="/entities/a\"b\nc d" status=200 ms=1.5 client=127.0.0.1"#
        );
        let json: serde_json::Value = serde_json::from_str(&line.text(LogFormat::Json)).unwrap();
        assert_eq!((&json["path"], &json["status"]), (&"/entities/a\"b\nc d".into(), &200.into()));
    }
}
