//! What can go wrong between an address and its bytes.

use std::io;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::AddressKind;

/// Why an address could not be fetched. Others of the same run are not affected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// What was asked for is no address that is fetched.
    #[error("{url}: cannot be fetched: {problem}")]
    Address {
        /// As it was given.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The host is not of the public internet.
    #[error("{url}: is not fetched, its host is at {address}, {}", kind.with_article())]
    Refused {
        /// Which address.
        url: String,
        /// Where its host is.
        address: IpAddr,
        /// What that is for.
        kind: AddressKind,
    },
    /// `robots.txt` forbids it.
    #[error("{url}: is not fetched, {robots} forbids it")]
    Robots {
        /// Which address.
        url: String,
        /// Address of the `robots.txt`.
        robots: String,
    },
    /// `robots.txt` cannot be had at present, so it is not known what it forbids.
    #[error("{url}: is not fetched for now, the server answered {status} for {robots}")]
    RobotsBusy {
        /// Which address.
        url: String,
        /// Address of the `robots.txt`.
        robots: String,
        /// Status of the answer.
        status: u16,
        /// When to ask again.
        not_before: Timestamp,
    },
    /// The name of the host does not lead to an address.
    #[error("{url}: its host cannot be found")]
    NoHost {
        /// Which address.
        url: String,
        /// Why.
        source: io::Error,
    },
    /// No connection, or it broke.
    #[error("{url}: the connection failed")]
    Connection {
        /// Which address.
        url: String,
        /// Why.
        source: io::Error,
    },
    /// The server cannot prove that it is who the address names.
    #[error("{url}: no secure connection: {problem}")]
    Tls {
        /// Which address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// It took too long.
    #[error("{url}: gave up after {seconds} s, {phase}")]
    Timeout {
        /// Which address.
        url: String,
        /// What was waited for.
        phase: &'static str,
        /// How long.
        seconds: u64,
    },
    /// Not HTTP, or broken.
    #[error("{url}: the answer is not valid HTTP: {problem}")]
    Protocol {
        /// Which address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// The packed answer cannot be unpacked.
    #[error("{url}: the answer cannot be unpacked: {problem}")]
    Packing {
        /// Which address.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// More bytes than allowed, as sent or unpacked.
    #[error("{url}: is larger than {limit_mib} MiB{}", if *unpacked { " when unpacked" } else { "" })]
    TooLarge {
        /// Which address.
        url: String,
        /// The limit, in MiB, rounded up.
        limit_mib: u64,
        /// True if it was within the limit as it was sent.
        unpacked: bool,
    },
    /// A redirect that is not followed.
    #[error("{url}: redirects to {to:?}, which is not followed: {problem}")]
    Redirect {
        /// Which address.
        url: String,
        /// Where it leads.
        to: String,
        /// Why not.
        problem: String,
    },
    /// Redirects in a circle, or too many.
    #[error("{url}: {problem}")]
    Redirects {
        /// The first address.
        url: String,
        /// "redirects in a circle", "redirects more than 10 times".
        problem: String,
    },
    /// The server answered, but not with what was asked for.
    #[error("{url}: the server answered {status}")]
    Status {
        /// Which address.
        url: String,
        /// Status of the answer.
        status: u16,
        /// When to ask again, if the server says so.
        not_before: Option<Timestamp>,
    },
    /// 410: it is gone for good.
    #[error("{url}: is gone for good, the server answered 410")]
    Gone {
        /// Which address.
        url: String,
    },
    /// The host is to be left in peace for longer than a request may wait.
    #[error("{url}: its host may not be asked again before {not_before:.0}")]
    NotYet {
        /// Which address.
        url: String,
        /// When to ask again.
        not_before: Timestamp,
    },
    /// Fetching was stopped.
    #[error("{url}: was not fetched, the run was stopped")]
    Stopped {
        /// Which address.
        url: String,
    },
}

impl FetchError {
    /// The address that was asked for, or the one that it led to.
    pub fn url(&self) -> &str {
        match self {
            FetchError::Address { url, .. }
            | FetchError::Refused { url, .. }
            | FetchError::Robots { url, .. }
            | FetchError::RobotsBusy { url, .. }
            | FetchError::NoHost { url, .. }
            | FetchError::Connection { url, .. }
            | FetchError::Tls { url, .. }
            | FetchError::Timeout { url, .. }
            | FetchError::Protocol { url, .. }
            | FetchError::Packing { url, .. }
            | FetchError::TooLarge { url, .. }
            | FetchError::Redirect { url, .. }
            | FetchError::Redirects { url, .. }
            | FetchError::Status { url, .. }
            | FetchError::Gone { url }
            | FetchError::NotYet { url, .. }
            | FetchError::Stopped { url } => url,
        }
    }

    /// The same failure, told of another address: that of the page for which something else was fetched.
    pub(crate) fn told_of(mut self, address: &str) -> Self {
        match &mut self {
            FetchError::Refused { url, .. }
            | FetchError::NoHost { url, .. }
            | FetchError::Connection { url, .. }
            | FetchError::Tls { url, .. }
            | FetchError::Timeout { url, .. }
            | FetchError::Protocol { url, .. } => *url = address.to_owned(),
            _ => {}
        }
        self
    }

    /// True if the same request may well succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            FetchError::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            FetchError::RobotsBusy { .. }
            | FetchError::NoHost { .. }
            | FetchError::Connection { .. }
            | FetchError::Timeout { .. }
            | FetchError::NotYet { .. }
            | FetchError::Stopped { .. } => true,
            _ => false,
        }
    }

    /// True if a further attempt a few seconds later may succeed. A name that is not known stays so for a while.
    pub(crate) fn is_worth_another_attempt(&self) -> bool {
        match self {
            FetchError::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            FetchError::Connection { .. } | FetchError::Timeout { .. } => true,
            _ => false,
        }
    }

    /// When the server wants to be asked again, if it has said so.
    pub fn not_before(&self) -> Option<Timestamp> {
        match self {
            FetchError::Status { not_before, .. } => *not_before,
            FetchError::RobotsBusy { not_before, .. } | FetchError::NotYet { not_before, .. } => {
                Some(*not_before)
            }
            _ => None,
        }
    }

    /// What one can do about it, as a short request without a full stop.
    pub fn remedy(&self) -> &'static str {
        match self {
            FetchError::Address { .. } => "give an address that begins with http:// or https://",
            FetchError::Refused { .. } => {
                "--allow-private lets requests reach this machine and private networks"
            }
            FetchError::Robots { .. } => "save the page with a browser and give the file",
            FetchError::NoHost { .. } => "check the address and the connection to the internet",
            FetchError::Connection { .. } | FetchError::Timeout { .. } => {
                "try again later; check the connection to the internet"
            }
            FetchError::Tls { .. } => "check the address; open it in a browser to see who answers there",
            FetchError::Protocol { .. } | FetchError::Packing { .. } => {
                "check with a browser what stands at this address"
            }
            FetchError::TooLarge { .. } => "save it with another program and give the file",
            FetchError::Redirect { .. } | FetchError::Redirects { .. } => {
                "open it in a browser and give the address at which it ends"
            }
            FetchError::Status { status: 401..=403, .. } => {
                "the page wants a login or no programs; save it with a browser and give the file"
            }
            FetchError::Status { status: 404, .. } => "check the address",
            FetchError::Gone { .. } => "take it off the list",
            FetchError::Status { .. }
            | FetchError::RobotsBusy { .. }
            | FetchError::NotYet { .. }
            | FetchError::Stopped { .. } => "try again later",
        }
    }
}
