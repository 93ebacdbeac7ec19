//! How often one client may change something.
//!
//! A bucket of tokens for each client address: a request that changes something takes one, and they come back steadily. What
//! only reads is not counted; the one thing that is dear to read, a large story that was never compared, is compared in the
//! background, one at a time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::desk::Desk;
use crate::problem::Problem;

/// Seconds of which the requests may come at once.
const BURST_SECS: f64 = 20.0;
/// Clients that are remembered. One takes some 50 bytes.
const CLIENTS: usize = 10_000;

/// What each client has left.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Requests a second that may go on coming.
    rate: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn filled(self, rate: f64, now: Instant) -> Self {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        Self { tokens: (self.tokens + since * rate).min(rate * BURST_SECS), at: now }
    }
}

impl Limits {
    /// So many requests a second, one at least.
    pub(crate) fn new(rate: u16) -> Self {
        Self { rate: f64::from(rate.max(1)), buckets: Mutex::default() }
    }

    /// Takes a token of `client`. Where there is none: after what time there will be.
    fn take(&self, client: IpAddr, now: Instant) -> Result<(), Duration> {
        // A panic elsewhere leaves buckets that are whole.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let (rate, burst) = (self.rate, self.rate * BURST_SECS);
        if buckets.len() >= CLIENTS {
            buckets.retain(|_, bucket| bucket.filled(rate, now).tokens < burst);
            if buckets.len() >= CLIENTS {
                // So many at once are no clients: whoever is remembered begins anew.
                buckets.clear();
            }
        }
        let bucket = buckets.entry(network(client)).or_insert(Bucket { tokens: burst, at: now });
        *bucket = bucket.filled(rate, now);
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / rate));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

/// Who has one address of IPv6 has 2^64 of them.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// Refuses what changes something, if its client has sent too much of that.
pub(crate) async fn limit(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    if !request.method().is_safe()
        && let Err(wait) = desk.limits.take(client_of(&request), Instant::now())
    {
        let seconds = wait.as_secs() + 1;
        return Problem::too_many(seconds).into_response();
    }
    next.run(request).await
}

/// The address that the connection comes from. What headers say of it is not believed.
pub(crate) fn client_of(request: &Request) -> IpAddr {
    let known = request.extensions().get::<ConnectInfo<SocketAddr>>();
    known.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back() {
        let (limits, now) = (Limits::new(5), Instant::now());
        let client: IpAddr = "203.0.113.7".parse().unwrap();
        let taken = (0..200).filter(|_| limits.take(client, now).is_ok()).count();
        assert_eq!(taken, 100);
        assert!(limits.take("203.0.113.8".parse().unwrap(), now).is_ok(), "another client");
        let wait = limits.take(client, now).unwrap_err();
        assert!(limits.take(client, now + wait).is_ok());
        assert!(limits.take(client, now + wait).is_err());
    }

    #[test]
    fn one_network_is_one_client_and_memory_is_bounded() {
        let (limits, now) = (Limits::new(5), Instant::now());
        for n in 0..100 {
            limits.take(format!("2001:db8::{n:x}").parse().unwrap(), now).unwrap();
        }
        assert!(limits.take("2001:db8::ffff".parse().unwrap(), now).is_err());
        for n in 0..30_000_u32 {
            let _ = limits.take(IpAddr::from(n.to_be_bytes()), now);
        }
        assert!(limits.buckets.lock().unwrap().len() <= CLIENTS);
    }
}
