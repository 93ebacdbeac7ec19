//! Server-sent events: open pages are told that the store has changed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use axum::routing::get;
use stemma_store::SqliteStore;
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};

use crate::desk::Desk;
use crate::problem::Problem;

/// How often the store is asked whether another program has changed it.
const EVERY: Duration = Duration::from_millis(500);

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/events", get(events))
}

/// An event `changed` for each change of the store, with the number of its stories and reports.
async fn events(State(desk): State<Arc<Desk>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = WatchStream::from_changes(desk.news.subscribe()).take_while(|news| !news.stopping);
    let told = news.map(move |_| {
        let front = desk.front();
        let counts = serde_json::json!({"stories": front.stories.len(), "reports": front.n_reports});
        Ok(Event::default().event("changed").data(counts.to_string()))
    });
    Sse::new(told).keep_alive(KeepAlive::new())
}

/// Renews the summary whenever another connection has changed the store. Ends with the server.
pub(crate) async fn watch_store(desk: Arc<Desk>) {
    let Ok(mut watched) = Watched::open(&desk) else { return };
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // At once where this server itself has changed the store.
        tokio::select! {
            _ = ticks.tick() => {}
            () = desk.work.changed.notified() => {}
        }
        let desk = desk.clone();
        let looked = tokio::task::spawn_blocking(move || {
            // What fails now is looked at again at the next tick.
            let _ = watched.look(&desk);
            watched
        });
        match looked.await {
            Ok(again) => watched = again,
            Err(_) => return,
        }
    }
}

/// A connection that sees what others change.
struct Watched {
    store: SqliteStore,
    version: Option<i64>,
}

impl Watched {
    fn open(desk: &Desk) -> Result<Self, Problem> {
        let store = SqliteStore::open(&desk.settings().store)?;
        let version = Some(store.data_version()?);
        Ok(Self { store, version })
    }

    fn look(&mut self, desk: &Desk) -> Result<(), Problem> {
        let version = self.store.data_version()?;
        if self.version != Some(version) {
            desk.renew_front(&self.store)?;
            self.version = Some(version);
        }
        Ok(())
    }
}
