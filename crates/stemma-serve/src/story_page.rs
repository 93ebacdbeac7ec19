//! A story that was compared, and its pages, each made when it is first asked for and then kept with its compressed form.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use stemma::render::{StoryViews, View, clean};
use stemma::{Compared, api};
use stemma_core::{OffsetUnit, ReportId, StoryId};
use stemma_store::StoredStory;

use crate::problem::Problem;

/// A view, and whether all of it is shown.
type Shown = (View, bool);

/// A compared story.
#[derive(Debug)]
pub(crate) struct StoryPage {
    pub(crate) id: StoryId,
    pub(crate) label: String,
    pub(crate) compared: Arc<Compared>,
    pub(crate) views: StoryViews,
    /// As the store lists them.
    reports: Vec<ReportId>,
    made: Mutex<BTreeMap<Shown, Arc<OnceLock<Made>>>>,
}

impl StoryPage {
    pub(crate) fn new(stored: StoredStory, compared: Compared) -> Self {
        let StoredStory { id, label, reports } = stored;
        let (compared, label) = (Arc::new(compared), clean(&label));
        let views = StoryViews::new(compared.clone(), &format!("/stories/{id}"));
        Self { id, label, compared, views, reports, made: Mutex::default() }
    }

    /// True if this is `stored`, unchanged. Reports never change, so nothing need be read to know it.
    pub(crate) fn shows(&self, stored: &StoredStory) -> bool {
        self.id == stored.id && self.label == clean(&stored.label) && self.reports == stored.reports
    }

    /// How much it takes to hold it.
    pub(crate) fn n_reports(&self) -> usize {
        self.reports.len()
    }

    /// The comparison as `stemma compare --json` gives it.
    pub(crate) fn json(&self, offsets: OffsetUnit) -> Result<Bytes, Problem> {
        let options = api::Options { offsets, texts: api::Texts::All };
        let comparison = api::comparison(&self.compared.story, &self.compared.comparison, &options);
        serde_json::to_vec(&comparison).map(Bytes::from).map_err(|_| Problem::failed())
    }

    /// The page of a view: made by `make` when it is first asked for. Two who ask at once wait for the same.
    pub(crate) fn made(&self, view: View, whole: bool, make: impl FnOnce() -> String) -> Made {
        let place = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.entry((view, whole)).or_default().clone()
        };
        place.get_or_init(|| Made::new(make())).clone()
    }
}

/// A page, as it is and compressed. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    html: Bytes,
    gzip: Option<Bytes>,
    tag: String,
}

impl Made {
    fn new(html: String) -> Self {
        // Names a version; no more is asked of it than to differ.
        let mut hasher = DefaultHasher::new();
        html.hash(&mut hasher);
        let tag = format!("W/\"{:016x}\"", hasher.finish());
        Self { gzip: compressed(html.as_bytes()), html: html.into(), tag }
    }

    /// The answer to one who asks with these headers: nothing, if they have it already.
    pub(crate) fn answer(self, headers: &HeaderMap) -> Response {
        let text =
            |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        if text(header::IF_NONE_MATCH) == self.tag {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, self.tag)]).into_response();
        }
        let fixed = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::VARY, "accept-encoding")];
        match self.gzip.filter(|_| takes_gzip(text(header::ACCEPT_ENCODING))) {
            Some(gzip) => {
                (fixed, [(header::ETAG, self.tag.as_str()), (header::CONTENT_ENCODING, "gzip")], gzip)
                    .into_response()
            }
            None => (fixed, [(header::ETAG, self.tag.as_str())], self.html).into_response(),
        }
    }
}

/// `None` if it cannot be compressed, which memory alone could be the reason of.
fn compressed(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether an `Accept-Encoding` has gzip, and not with a weight of nothing.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|each| {
        let (name, weight) = each.split_once(';').unwrap_or((each, ""));
        let none = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !none
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        assert!(takes_gzip("br, gzip") && takes_gzip("GZIP;q=0.5"));
        assert!(
            !takes_gzip("")
                && !takes_gzip("gzip;q=0")
                && !takes_gzip("br;q=1, gzip; q=0.0")
                && !takes_gzip("xgzip")
        );
    }
}
