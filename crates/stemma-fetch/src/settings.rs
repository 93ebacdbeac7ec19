//! Settings of fetching. Each has a default that suits one machine on the public internet.

use std::net::SocketAddr;
use std::time::Duration;

use crate::Reach;

/// How to fetch.
#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    /// What the `User-Agent` header says. Its first word, up to a slash, is what groups of a `robots.txt` are searched for.
    pub user_agent: String,
    /// How far requests may reach.
    pub reach: Reach,
    /// Single addresses with ports that may be connected to whatever `reach` says.
    pub allowed: Vec<SocketAddr>,
    /// Certificates of the authorities that vouch for servers, in DER. Without any, those that browsers trust (Mozilla's list).
    pub authorities: Vec<Vec<u8>>,
    /// Whether `robots.txt` is asked for and heeded.
    pub robots: bool,
    /// Most bytes of one answer, both as it is sent and unpacked.
    pub max_bytes: u64,
    /// Most redirects of one request.
    pub max_redirects: usize,
    /// Least time between two requests to one host; a `Crawl-delay` that is longer counts instead.
    pub delay: Duration,
    /// Longest time that a request waits for its turn, be it for a `Crawl-delay`, for `Retry-After` or for a further attempt.
    /// Where it would be longer, it fails at once, and says when its time comes.
    pub max_wait: Duration,
    /// Attempts after the first, where a server is busy or cannot be reached.
    pub retries: u32,
    /// How long to wait before the second attempt; before each further one twice as long.
    pub retry_delay: Duration,
    /// Until a name is resolved, and until a connection stands: each.
    pub connect_timeout: Duration,
    /// From the request to the end of the headers of the answer.
    pub answer_timeout: Duration,
    /// For all of one attempt with its redirects, but for waiting its turn: a server that sends a byte a second ends here.
    pub whole_timeout: Duration,
    /// Requests at the same time, to different hosts.
    pub threads: usize,
    /// From which the jitter of waiting times is made.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("Stemma/", env!("CARGO_PKG_VERSION")).to_owned(),
            reach: Reach::Public,
            allowed: Vec::new(),
            authorities: Vec::new(),
            robots: true,
            max_bytes: 32 * 1024 * 1024,
            max_redirects: 10,
            delay: Duration::from_secs(1),
            max_wait: Duration::from_secs(60),
            retries: 2,
            retry_delay: Duration::from_secs(2),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(20),
            whole_timeout: Duration::from_secs(60),
            threads: 8,
            seed: 0,
        }
    }
}
