//! What the server has done, for Prometheus, and whether it lives.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::desk::Desk;

/// Upper bounds of the counted times. Unit: seconds.
const BOUNDS: [f64; 9] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// Answers by address and status, and how long they took.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    answers: BTreeMap<(String, u16), u64>,
    /// Answers within each of [`BOUNDS`], the longer ones last.
    times: [u64; BOUNDS.len() + 1],
    seconds: f64,
}

impl Metrics {
    fn add(&self, path: &str, status: u16, seconds: f64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.answers.entry((path.to_owned(), status)).or_default() += 1;
        counts.times[BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len())] += 1;
        counts.seconds += seconds;
    }

    /// In the text format of Prometheus.
    fn text(&self, n_stories: usize, n_reports: usize) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::from(
            "# HELP stemma_requests_total Answers by address and status.\n# TYPE stemma_requests_total counter\n",
        );
        for ((path, status), n) in &counts.answers {
            let _ = writeln!(text, "stemma_requests_total{{path=\"{path}\",status=\"{status}\"}} {n}");
        }
        text += "# HELP stemma_request_seconds Time to the head of the answer.\n# TYPE stemma_request_seconds histogram\n";
        let mut sum = 0;
        for (n, bound) in counts.times.iter().zip(BOUNDS) {
            sum += n;
            let _ = writeln!(text, "stemma_request_seconds_bucket{{le=\"{bound}\"}} {sum}");
        }
        sum += counts.times[BOUNDS.len()];
        let _ = writeln!(text, "stemma_request_seconds_bucket{{le=\"+Inf\"}} {sum}");
        let _ = writeln!(
            text,
            "stemma_request_seconds_sum {}\nstemma_request_seconds_count {sum}",
            counts.seconds
        );
        let _ = writeln!(
            text,
            "# HELP stemma_stories Stories of the store.\n# TYPE stemma_stories gauge\nstemma_stories {n_stories}"
        );
        let _ = writeln!(
            text,
            "# HELP stemma_reports Reports of the store.\n# TYPE stemma_reports gauge\nstemma_reports {n_reports}"
        );
        text
    }
}

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/metrics", get(metrics)).route("/healthz", get(|| async { "ok\n" }))
}

async fn metrics(State(desk): State<Arc<Desk>>) -> impl IntoResponse {
    let front = desk.front();
    let text = desk.metrics.text(front.stories.len(), front.n_reports);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

/// Counts each answer. Addresses are counted by their pattern, so that their number is bounded.
pub(crate) async fn count(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let _disturbed = desk.quiet.disturb();
    let start = Instant::now();
    let response = next.run(request).await;
    desk.metrics.add(&path, response.status().as_u16(), start.elapsed().as_secs_f64());
    response
}
