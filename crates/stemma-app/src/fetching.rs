//! How the program fetches: its arguments, what it remembers of hosts, and how Ctrl-C ends it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use stemma_desk::HarvestOptions;
use stemma_fetch::{Fetcher, Reach, Settings, Stopper};

use crate::failure::{Exit, Failure};

/// Longest contact that is told to servers.
const MAX_CONTACT_CHARS: usize = 200;

/// How to fetch.
#[derive(Debug, Args)]
pub(crate) struct FetchArguments {
    /// When to fetch the pages that feeds name
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) pages: Pages,
    /// Most pages to fetch for one feed or sitemap at a time; the others are left for the next time
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(crate) max_pages: usize,
    /// Least seconds between two requests to one host; a Crawl-delay that is longer counts instead
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pub(crate) delay: f64,
    /// Requests at the same time, each to another host
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) connections: u16,
    /// Where you can be reached, told to servers: mailto:desk@example.org, or the address of a page
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) contact: Option<String>,
    /// Let requests reach this machine and private networks too
    #[arg(long)]
    pub(crate) allow_private: bool,
}

/// When the page of a feed's entry is fetched.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, ValueEnum)]
pub(crate) enum Pages {
    /// Where the feed holds a part of the article only
    #[default]
    Auto,
    /// For each entry
    Always,
    /// Never: the text of the feed is taken as it is
    Never,
}

impl FetchArguments {
    /// What of a feed is fetched.
    pub(crate) fn harvest(&self) -> HarvestOptions {
        let pages = match self.pages {
            Pages::Auto => stemma_desk::Pages::Auto,
            Pages::Always => stemma_desk::Pages::Always,
            Pages::Never => stemma_desk::Pages::Never,
        };
        HarvestOptions { pages, max_pages: self.max_pages }
    }
}

/// A fetcher as `arguments` want it.
pub(crate) fn fetcher(arguments: &FetchArguments) -> Result<Fetcher, Failure> {
    Ok(Fetcher::new(settings(arguments)?))
}

/// The settings that `arguments` want.
pub(crate) fn settings(arguments: &FetchArguments) -> Result<Settings, Failure> {
    let mut settings = Settings { seed: std::process::id().into(), ..Settings::default() };
    settings.delay = Duration::try_from_secs_f64(arguments.delay)
        .map_err(|_| usage(format!("--delay {}: is no time to wait", arguments.delay)))?;
    settings.threads = arguments.connections.into();
    if arguments.allow_private {
        settings.reach = Reach::Private;
    }
    if let Some(contact) = &arguments.contact {
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '\\');
        if contact.is_empty() || contact.len() > MAX_CONTACT_CHARS || !contact.chars().all(plain) {
            let error = format!("--contact {contact:?}: servers are told plain signs without blanks only");
            return Err(usage(error).hint("write it as mailto:desk@example.org or https://example.org/about"));
        }
        settings.user_agent += &format!(" (+{contact})");
    }
    Ok(settings)
}

fn usage(problem: String) -> Failure {
    Failure::new(Exit::Usage, anyhow!(problem))
}

/// True for an argument that is an address and no path.
pub(crate) fn is_address(argument: &str) -> bool {
    let scheme = argument.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Ends fetching on Ctrl-C, and on the signals that ask a program to end: what was fetched is kept, the state is saved. A
/// second one ends the program at once; what is kept in the store is whole even so.
pub(crate) fn stop_on_signal(stopper: Stopper) {
    let again = AtomicBool::new(false);
    let handler = move || {
        if again.swap(true, Ordering::AcqRel) {
            std::process::exit(INTERRUPTED);
        }
        stopper.stop();
    };
    // Fails where the system has no signals; then the program ends as any other.
    let _ = ctrlc::set_handler(handler);
}

/// The exit code of a program that a signal has ended, as shells have it.
const INTERRUPTED: i32 = 130;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_no_paths() {
        for (argument, expected) in [
            ("https://example.org/a", true),
            ("HTTP://example.org", true),
            ("ftp://example.org", false),
            ("example.org/a.html", false),
            ("C:/http://a", false),
            ("-", false),
        ] {
            assert_eq!(is_address(argument), expected, "{argument}");
        }
    }
}
