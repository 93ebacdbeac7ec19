//! Search in reports and quotations.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stemma_store::search::Hit;

use super::openapi::{Operation, Parameter};
use super::{Asked, limit, limit_schema, within};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::searching::{Found, MOST_SKIPPED, SearchAsked, Sort, find};

/// What was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HitList {
    /// Best or newest first, near-duplicates folded.
    hits: Vec<HitLine>,
    /// Reports or quotations that match, each counted by itself.
    matches: usize,
    /// More match than were counted.
    more: bool,
    /// Starts of words that too many words have: the most frequent were searched for.
    broad: Vec<String>,
    /// Reports that are not in the index yet and were not searched.
    not_searched: u64,
    /// What `cursor` takes for the next page; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A report or quotation that was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HitLine {
    /// Id of the report.
    report: String,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<String>,
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    /// For a search in quotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    quotation: Option<FoundQuotation>,
    /// The part of the text that has the words.
    snippet: Vec<Piece>,
    /// Ids of reports that are nearly the same and match as well.
    alike: Vec<String>,
}

/// A quotation that was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FoundQuotation {
    /// Position among the attributions of the report.
    attribution: i64,
    /// `direct`, `mixed` or `indirect`.
    form: String,
    /// The fullest name that the report has for who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    /// The words that name the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// What is said.
    text: String,
}

/// Some words of a text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Piece {
    text: String,
    /// They are what was searched for.
    found: bool,
}

impl From<Hit> for HitLine {
    fn from(hit: Hit) -> Self {
        let quotation = hit.quotation.map(|quotation| FoundQuotation {
            attribution: quotation.number,
            form: quotation.form,
            speaker: quotation.speaker,
            source: quotation.source,
            text: quotation.text,
        });
        let pieces = hit.snippet.into_iter().map(|piece| Piece { text: piece.text, found: piece.found });
        Self {
            report: hit.report.to_string(),
            outlet: hit.outlet,
            title: hit.title,
            url: hit.url,
            published: hit.published,
            quotation,
            snippet: pieces.collect(),
            alike: hit.alike.iter().map(ToString::to_string).collect(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListAsked {
    q: String,
    quotations: bool,
    speaker: String,
    entity: String,
    place: String,
    outlet: String,
    since: Option<jiff::civil::Date>,
    until: Option<jiff::civil::Date>,
    story: String,
    sort: Sort,
    limit: Option<usize>,
    cursor: Option<usize>,
}

pub(super) fn operations() -> Vec<Operation> {
    let words = |name, about| Parameter::query(name, about, json!({"type": "string", "maxLength": 2000}));
    let day = |name, about| Parameter::query(name, about, json!({"type": "string", "format": "date"}));
    vec![
        Operation::get::<HitList>(
            "/api/v1/search",
            get(list),
            "search",
            "Reports or quotations by their words and by who is in them, as `stemma search`",
        )
        .with(vec![
            words("q", "Words, \"phrases\", starts of words*, AND, OR, NOT, ( )"),
            Parameter::query(
                "quotations",
                "In quotations instead of whole reports",
                json!({"type": "boolean", "default": false}),
            ),
            words("speaker", "Who is quoted"),
            words("entity", "Who or what is named"),
            words("place", "A place that is named"),
            words("outlet", "Name of the outlet, or host of its address"),
            day("since", "First day of publication"),
            day("until", "Last day of publication"),
            Parameter::query(
                "story",
                "Reports of this story alone; of all where it is empty",
                json!({"type": "string", "pattern": "^([0-9a-f]{16})?$"}),
            ),
            Parameter::query(
                "sort",
                "What comes first",
                json!({"enum": ["best", "newest"], "default": "best"}),
            ),
            Parameter::query("limit", "Hits on a page", limit_schema()),
            Parameter::query(
                "cursor",
                "The `next` of the page before",
                json!({"type": "integer", "minimum": 0, "maximum": MOST_SKIPPED}),
            ),
        ]),
    ]
}

async fn list(
    State(desk): State<Arc<Desk>>,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<HitList>, Problem> {
    let limit = limit(asked.limit)?;
    let skip = within("cursor", asked.cursor.unwrap_or(0), 0, MOST_SKIPPED)?;
    let text = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    let wanted = SearchAsked {
        q: asked.q,
        quotations: asked.quotations,
        speaker: asked.speaker,
        entity: asked.entity,
        place: asked.place,
        outlet: asked.outlet,
        since: text(asked.since),
        until: text(asked.until),
        story: asked.story,
        sort: asked.sort,
    };
    let Found { hits, n_unsearched } = find(&desk, wanted.search(skip, limit)?).await?;
    let n_shown = skip + hits.hits.len();
    let next = (n_shown < hits.n_hits && !hits.hits.is_empty()).then(|| n_shown.to_string());
    Ok(Json(HitList {
        hits: hits.hits.into_iter().map(HitLine::from).collect(),
        matches: hits.n_matches,
        more: hits.more_match,
        broad: hits.broad,
        not_searched: n_unsearched,
        next,
    }))
}
