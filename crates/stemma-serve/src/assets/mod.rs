//! Style sheets and scripts, built into the program, under names that change with their content.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use stemma::render::{HTML_SCRIPT, HTML_STYLE};

use crate::desk::Desk;
use crate::problem::Problem;

/// A file, and the name under which it is served.
pub(crate) struct Asset {
    pub(crate) name: String,
    text: String,
    media_type: &'static str,
}

impl Asset {
    fn of(stem: &str, ending: &str, media_type: &'static str, text: String) -> Self {
        // Names a version; no more is asked of it than to differ.
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self { name: format!("{stem}-{:016x}.{ending}", hasher.finish()), text, media_type }
    }

    pub(crate) fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// The style of all pages: that of a comparison, and what pages have besides.
pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::of(
        "style",
        "css",
        "text/css; charset=utf-8",
        format!("{HTML_STYLE}\n{}", include_str!("site.css")),
    )
});

/// Lights up the cells of a statement.
pub(crate) static STORY: LazyLock<Asset> =
    LazyLock::new(|| Asset::of("story", "js", "text/javascript; charset=utf-8", HTML_SCRIPT.to_owned()));

/// Says that the store has changed.
pub(crate) static LIVE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::of("live", "js", "text/javascript; charset=utf-8", include_str!("live.js").to_owned())
});

/// The sign of the pages.
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::of("icon", "svg", "image/svg+xml", include_str!("icon.svg").to_owned()));

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(Path(name): Path<String>) -> Response {
    let found = [&*STYLE, &*ICON, &*STORY, &*LIVE].into_iter().find(|asset| asset.name == name);
    let Some(asset) = found else { return Problem::not_found("no such file").into_response() };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.text.as_str()).into_response()
}
