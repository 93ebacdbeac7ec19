//! Names to addresses, and the guard that lets none through that may not be connected to.
//!
//! The guard stands where the HTTP client asks for addresses, and the client connects to what it is handed: between judging
//! and connecting no name is resolved a second time, so a name whose answers change (DNS rebinding) gains nothing. It is
//! asked anew for each request, redirects included.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::AddressKind;
use crate::address::Rules;

/// Finds the addresses of a host: the system does, or a test.
pub trait Resolve: Send + Sync {
    /// The addresses of `host`, each with the port to connect to.
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// Asks the system.
#[derive(Clone, Copy, Default, Debug)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok((host, port).to_socket_addrs()?.collect())
    }
}

/// Most addresses of one host that are tried; the client takes no more than 16.
const MAX_ADDRESSES: usize = 8;

/// Why a host is not connected to: one of its addresses.
#[derive(Debug, thiserror::Error)]
#[error("{address} is {}", kind.with_article())]
pub(crate) struct Refusal {
    pub(crate) address: IpAddr,
    pub(crate) kind: AddressKind,
}

/// Why a host has no address.
#[derive(Debug, thiserror::Error)]
#[error("the name cannot be resolved")]
pub(crate) struct Unresolved(#[source] pub(crate) io::Error);

pub(crate) struct Guard {
    pub(crate) resolve: Arc<dyn Resolve>,
    pub(crate) rules: Rules,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Guard {
    /// The addresses of a host that may be connected to: at least one.
    fn addresses(&self, host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, ureq::Error> {
        let found = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => self.look_up(host, port, limit)?,
        };
        let refusal = |address: &SocketAddr| {
            self.rules.refusal(address).map(|kind| Refusal { address: address.ip(), kind })
        };
        let refused = found.iter().find_map(refusal);
        let mut good: Vec<SocketAddr> =
            found.into_iter().filter(|address| refusal(address).is_none()).collect();
        good.truncate(MAX_ADDRESSES);
        match refused {
            Some(refusal) if good.is_empty() => Err(ureq::Error::Other(Box::new(refusal))),
            None if good.is_empty() => Err(ureq::Error::HostNotFound),
            _ => Ok(good),
        }
    }

    /// Asks the resolver, for at most `limit`: the system takes its own time, so a thread waits for it.
    fn look_up(&self, host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, ureq::Error> {
        let (resolve, host) = (Arc::clone(&self.resolve), host.to_owned());
        let (send, received) = sync_channel(1);
        std::thread::spawn(move || send.send(resolve.resolve(&host, port)));
        match received.recv_timeout(limit) {
            Ok(found) => found.map_err(|error| ureq::Error::Other(Box::new(Unresolved(error)))),
            Err(_) => Err(ureq::Error::Timeout(ureq::Timeout::Resolve)),
        }
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let (host, port) = (uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(default));
        let mut addresses = self.empty();
        for address in self.addresses(host, port, *timeout.after)? {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reach;

    struct Fixed(Vec<&'static str>);

    impl Resolve for Fixed {
        fn resolve(&self, _host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
            Ok(self.0.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect())
        }
    }

    fn addresses(answers: &[&'static str], host: &str) -> String {
        let rules = Rules { reach: Reach::Public, allowed: Vec::new() };
        let guard = Guard { resolve: Arc::new(Fixed(answers.to_vec())), rules };
        match guard.addresses(host, 443, Duration::from_secs(5)) {
            Ok(addresses) => format!("{addresses:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn only_public_addresses_come_through() {
        assert_eq!(addresses(&["93.184.215.14", "10.0.0.1"], "a.example"), "[93.184.215.14:443]");
        assert_eq!(
            addresses(&["10.0.0.1"], "a.example"),
            "other: 10.0.0.1 is an address of a private network"
        );
        assert_eq!(addresses(&[], "a.example"), "host not found");
    }

    #[test]
    fn literal_addresses_are_judged_and_not_resolved() {
        assert_eq!(addresses(&["8.8.8.8"], "127.0.0.1"), "other: 127.0.0.1 is a loopback address");
        assert_eq!(addresses(&["8.8.8.8"], "[::1]"), "other: ::1 is a loopback address");
        assert_eq!(addresses(&[], "[2606:2800:21f:cb07::1]"), "[[2606:2800:21f:cb07::1]:443]");
    }

    #[test]
    fn a_resolver_that_hangs_is_given_up() {
        struct Slow;
        impl Resolve for Slow {
            fn resolve(&self, _host: &str, _port: u16) -> io::Result<Vec<SocketAddr>> {
                std::thread::sleep(Duration::from_millis(400));
                Ok(Vec::new())
            }
        }
        let guard = Guard { resolve: Arc::new(Slow), rules: Rules::default() };
        let error = guard.addresses("a.example", 80, Duration::from_millis(20)).unwrap_err();
        assert!(matches!(error, ureq::Error::Timeout(ureq::Timeout::Resolve)), "{error}");
    }
}
