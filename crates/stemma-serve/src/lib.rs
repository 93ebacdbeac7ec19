//! A store as web pages and as an HTTP API.
//!
//! [`serve`] runs until it is told to stop. Pages are made on the server and can be read without JavaScript; what a page shows,
//! the API gives as JSON under `/api/v1`, described by `/api/v1/openapi.json`. Nothing of a page comes from another host.
//!
//! All work on the store is done off the threads that answer requests, on connections of their own ([`desk`]); the front page
//! is drawn from a summary in memory that is made anew when the store changes ([`front`]).

mod ahead;
mod api;
mod assets;
mod correcting;
mod desk;
mod examples;
mod exports;
mod feeds;
mod front;
mod guard;
mod limits;
mod live;
mod log;
mod metrics;
mod naming;
mod pages;
mod problem;
mod searching;
mod settings;
mod story_page;
mod tagging;
#[cfg(test)]
mod tests;
mod witnesses;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use desk::Desk;
pub use log::{Log, LogFormat};
pub use settings::{Settings, Token};

/// Why the pages cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] stemma_store::StoreError),
    /// The address cannot be listened on.
    #[error("{address}: cannot be listened on; another program may use it, --listen takes another one")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Others could reach the address, and there is no token that they would have to know.
    #[error(
        "{address} can be reached from other machines: give a token of {least} characters or more in STEMMA_TOKEN, or listen on 127.0.0.1",
        least = settings::LEAST_TOKEN
    )]
    Open {
        /// Which.
        address: SocketAddr,
    },
    /// The system gives no random numbers, without which forms cannot be told from forged ones.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// The server broke off.
    #[error("the server of {} broke off", store.display())]
    Broken {
        /// Of which store.
        store: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Longest time for one answer.
const LONGEST: Duration = Duration::from_secs(60);
/// Largest body of a request. Unit: bytes.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Serves the store of `settings` until the process is asked to stop (Ctrl-C, or `SIGTERM`); requests that are being answered
/// are answered to their end. `ready` is told the address that is listened on.
///
/// # Errors
/// If the store cannot be opened or the address not be listened on.
pub fn serve(settings: Settings, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let address = settings.listen;
    if !address.ip().is_loopback() && settings.token.is_none() {
        return Err(ServeError::Open { address });
    }
    let desk = Desk::open(settings)?;
    let broken = |source| ServeError::Broken { store: desk.settings().store.clone(), source };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(broken)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await;
        let listener = listener.map_err(|source| ServeError::Listen { address, source })?;
        let bound = listener.local_addr().map_err(broken)?;
        desk.bound_to(bound);
        let watching = tokio::spawn(live::watch_store(desk.clone()));
        if desk.settings().watch {
            desk.watch_feeds();
        }
        desk.file_the_loose();
        let ahead = ahead::start(desk.clone());
        ready(bound);
        // Handlers are told where a request comes from.
        let service = router(desk.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = {
            let desk = desk.clone();
            async move {
                asked_to_stop().await;
                desk.stop();
            }
        };
        let served = axum::serve(listener, service).with_graceful_shutdown(stopped).await;
        watching.abort();
        // What is under way is brought to its next whole state.
        let ending = desk.clone();
        let stop = move || {
            ending.work.stop();
            // One that has panicked has nothing to bring to an end.
            let _ = ahead.join();
        };
        let _ = tokio::task::spawn_blocking(stop).await;
        served.map_err(broken)
    })
}

/// All pages and the API.
fn router(desk: Arc<Desk>) -> Router {
    let bounded = pages::routes()
        .merge(api::routes())
        .merge(assets::routes())
        .merge(metrics::routes())
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::GATEWAY_TIMEOUT, LONGEST));
    bounded
        // Events go on for as long as the page is open.
        .merge(live::routes())
        .fallback(pages::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(tagging::tag))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(middleware::from_fn_with_state(desk.clone(), pages::forms::give_token))
        .layer(middleware::from_fn_with_state(desk.clone(), limits::limit))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::guard))
        .layer(middleware::from_fn_with_state(desk.clone(), metrics::count))
        .layer(middleware::from_fn_with_state(desk.clone(), log::log))
        .with_state(desk)
}

/// Waits for Ctrl-C or, where there is one, `SIGTERM`.
async fn asked_to_stop() {
    let interrupted = async {
        // Where the signal cannot be waited for, the process ends by it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut ended) = signal(SignalKind::terminate()) else { return interrupted.await };
        tokio::select! {
            () = interrupted => {}
            _ = ended.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
