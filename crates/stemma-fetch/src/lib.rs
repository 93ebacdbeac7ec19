//! Addresses to bytes: a polite, bounded HTTP client for feeds and pages.
//!
//! In: a [`Request`], an address and by what a server knows the version that one has. Out: [`Fetched`], the unpacked bytes, the
//! address that gave them, the headers' charset; or a [`FetchError`], which says what one can do. [`Fetcher::fetch`] fetches one
//! address, [`Fetcher::fetch_all`] many. Blocks, on threads.
//!
//! What holds for every request: GET, http and https alone; the addresses that are connected to are those that were judged by
//! [`Reach`], for each redirect anew; `robots.txt` is heeded (RFC 9309); one request at a time for each host, with a pause after
//! it; bounds on bytes, as sent and unpacked, on time and on redirects; a busy server is asked again later and later.
//!
//! Time and names come in through [`Clock`] and [`Resolve`]. What is to be remembered is plain data: [`State`] of hosts,
//! [`FeedState`] of a feed.

mod address;
mod backoff;
mod batch;
mod body;
mod clock;
mod error;
mod exchange;
mod feeds;
mod fetcher;
mod headers;
mod hosts;
mod permission;
mod resolve;
mod robots;
mod settings;
mod stop;
mod target;

pub use address::{AddressKind, Reach, kind_of};
pub use batch::Job;
pub use clock::{Clock, ManualClock, SystemClock};
pub use error::FetchError;
pub use feeds::{FeedState, Polling};
pub use fetcher::{Fetched, Fetcher, Request, State, Stopper, Validators, address};
pub use resolve::{Resolve, SystemResolver};
pub use settings::Settings;
