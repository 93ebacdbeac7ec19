//! `stemma serve`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use stemma_fetch::Polling;
use stemma_serve::{Log, LogFormat, ServeError, Settings, Token, serve};

use crate::failure::{Exit, Failure};
use crate::fetching::{self, FetchArguments};
use crate::kept::StoreArgument;
use crate::{messages, polling};

pub(crate) const EXAMPLES: &str = "\
Who may look: on 127.0.0.1, without a token, everybody on this machine. Any other address needs a token, which is read from
STEMMA_TOKEN (16 characters or more); browsers are asked for it once, programs send it as Authorization: Bearer.

Examples:
  stemma serve                                 then open http://127.0.0.1:7788
  stemma serve --store desk.db --listen 127.0.0.1:8000
  stemma serve --watch --interval 30m          and asks the feeds of the watch list
  STEMMA_TOKEN=$(openssl rand -hex 16) stemma serve --listen 0.0.0.0:7788
  curl -s 127.0.0.1:7788/api/v1/stories | jq '.stories[].label'";

/// The variable that holds the token.
const TOKEN: &str = "STEMMA_TOKEN";

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7788")]
    listen: SocketAddr,
    #[command(flatten)]
    store: StoreArgument,
    /// Requests that change something which one client may send a second, and twenty times as many at once
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    writes_per_second: u16,
    /// Write a line for each request to standard error: never queries, cookies or tokens
    #[arg(long, value_enum, value_name = "FORMAT")]
    log: Option<LogArgument>,
    /// Ask the feeds of the watch list, as stemma watch does
    #[arg(long)]
    watch: bool,
    /// Time between two requests for one feed: 15m, 1h, 1d
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = polling::interval)]
    interval: Duration,
    #[command(flatten, next_help_heading = "Options for addresses")]
    fetch: FetchArguments,
}

/// How a line of the log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum LogArgument {
    /// One JSON object a line
    Json,
    /// name=value
    Logfmt,
}

impl From<LogArgument> for LogFormat {
    fn from(argument: LogArgument) -> Self {
        match argument {
            LogArgument::Json => LogFormat::Json,
            LogArgument::Logfmt => LogFormat::Logfmt,
        }
    }
}

pub(crate) fn run(arguments: &ServeArguments) -> Result<Exit, Failure> {
    // Makes the folder of the store where there is none.
    drop(arguments.store.open_or_make()?);
    let settings = Settings {
        store: arguments.store.path.clone(),
        listen: arguments.listen,
        token: token()?,
        writes_per_second: arguments.writes_per_second,
        log: arguments.log.map(|format| Log { format: format.into(), write: messages::line }),
        watch: arguments.watch,
        polling: Polling {
            interval: arguments.interval,
            seed: std::process::id().into(),
            ..Polling::default()
        },
        harvest: arguments.fetch.harvest(),
        fetching: fetching::settings(&arguments.fetch)?,
    };
    serve(settings, |address| {
        messages::note(&format!("http://{address} shows {}; Ctrl-C ends it", arguments.store.path.display()));
    })?;
    Ok(Exit::Done)
}

fn token() -> Result<Option<Token>, Failure> {
    let Some(text) = std::env::var_os(TOKEN).filter(|text| !text.is_empty()) else { return Ok(None) };
    let token = text.to_str().and_then(Token::new);
    let wrong = || anyhow!("{TOKEN} is no token");
    token.map(Some).ok_or_else(|| {
        Failure::new(Exit::Usage, wrong())
            .hint("give 16 or more letters, digits or -._~, such as openssl rand -hex 16 makes")
    })
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Store(error) => error.into(),
            ServeError::Open { .. } => Failure::new(Exit::Usage, error.into()),
            _ => Failure::new(Exit::Failed, error.into()),
        }
    }
}
