//! One request and its answer, by the `ureq` crate: no redirects, no unpacking, no cookies, no proxy.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Timeout};
use url::Url;

use crate::address::Rules;
use crate::body::{BodyError, Limit, read_body};
use crate::resolve::{Guard, Refusal, Resolve, Unresolved};
use crate::{FetchError, Settings, Validators};

/// What is asked for; feeds first, since servers that can choose give a page otherwise.
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, \
                      text/html;q=0.9, application/xhtml+xml;q=0.9, text/*;q=0.8, */*;q=0.5";

/// Most bytes of all headers of an answer.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// An answer. The body is there for a status of 2xx alone.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) validators: Validators,
    pub(crate) body: Vec<u8>,
}

/// The HTTP client.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    user_agent: String,
    timeouts: [Duration; 2],
}

impl Client {
    pub(crate) fn new(settings: &Settings, resolve: Arc<dyn Resolve>) -> Self {
        let authorities = match &settings.authorities[..] {
            [] => RootCerts::WebPki,
            given => given.iter().map(|der| Certificate::from_der(der).to_owned()).into(),
        };
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(authorities).build())
            // What a proxy connects to cannot be seen from here, so the rules on addresses would not hold.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(settings.user_agent.clone())
            .accept(ACCEPT)
            .accept_encoding("gzip")
            .max_response_header_size(MAX_HEADER_BYTES)
            .timeout_resolve(Some(settings.connect_timeout))
            .timeout_connect(Some(settings.connect_timeout))
            .timeout_send_request(Some(settings.connect_timeout))
            .timeout_recv_response(Some(settings.answer_timeout))
            .build();
        let rules = Rules { reach: settings.reach, allowed: settings.allowed.clone() };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), Guard { resolve, rules }),
            user_agent: settings.user_agent.clone(),
            timeouts: [settings.connect_timeout, settings.answer_timeout],
        }
    }

    /// Ends all that is under way; later requests fail.
    pub(crate) fn shut_down(&self) {
        self.agent.clone().shutdown();
    }

    /// Asks for `url`, with a body of up to `limit`, all within `time`.
    pub(crate) fn get(
        &self,
        url: &Url,
        validators: &Validators,
        limit: Limit,
        time: Duration,
    ) -> Result<Answer, FetchError> {
        // Answers are hostile input and the client is large: a panic in it costs this request only.
        catch_unwind(AssertUnwindSafe(|| self.exchange(url, validators, limit, time))).unwrap_or_else(|_| {
            Err(FetchError::Protocol { url: url.to_string(), problem: "it cannot be taken apart".to_owned() })
        })
    }

    fn exchange(
        &self,
        url: &Url,
        validators: &Validators,
        limit: Limit,
        time: Duration,
    ) -> Result<Answer, FetchError> {
        let failed = |error| self.failure(url, time, error);
        let mut request = self.agent.get(url.as_str());
        for (name, value) in [
            (header::IF_NONE_MATCH, &validators.etag),
            (header::IF_MODIFIED_SINCE, &validators.last_modified),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let response = request.config().timeout_global(Some(time)).build().call().map_err(failed)?;
        let text = |name: header::HeaderName| {
            let value = response.headers().get(name)?.to_str().ok()?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let answer = Answer {
            status: response.status().as_u16(),
            location: location(&response),
            content_type: text(header::CONTENT_TYPE),
            cache_control: text(header::CACHE_CONTROL),
            retry_after: text(header::RETRY_AFTER),
            validators: Validators { etag: text(header::ETAG), last_modified: text(header::LAST_MODIFIED) },
            body: Vec::new(),
        };
        if !response.status().is_success() {
            return Ok(answer);
        }
        let encoding = text(header::CONTENT_ENCODING);
        let body = read_body(response.into_body().into_reader(), encoding.as_deref(), limit);
        let body = body.map_err(|error| match error {
            BodyError::Wire(error) => failed(error),
            BodyError::Packing(problem) => FetchError::Packing { url: url.to_string(), problem },
            BodyError::TooLarge { unpacked } => {
                let limit_mib = limit.bytes.div_ceil(1024 * 1024);
                FetchError::TooLarge { url: url.to_string(), limit_mib, unpacked }
            }
        })?;
        Ok(Answer { body, ..answer })
    }

    fn failure(&self, url: &Url, time: Duration, error: ureq::Error) -> FetchError {
        let url = url.to_string();
        let [connect, answer] = self.timeouts.map(|timeout| timeout.min(time));
        match error {
            ureq::Error::Timeout(timeout) => {
                let (phase, limit) = match timeout {
                    Timeout::Resolve => ("while its host was looked up", connect),
                    Timeout::Connect => ("while connecting", connect),
                    Timeout::SendRequest | Timeout::SendBody => ("while asking", connect),
                    Timeout::RecvResponse => ("waiting for an answer", answer),
                    _ => ("the answer came too slowly", time),
                };
                FetchError::Timeout { url, phase, seconds: limit.as_secs_f64().ceil() as u64 }
            }
            ureq::Error::HostNotFound => {
                let source = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
                FetchError::NoHost { url, source }
            }
            ureq::Error::Other(cause) => match cause.downcast::<Refusal>() {
                Ok(refusal) => FetchError::Refused { url, address: refusal.address, kind: refusal.kind },
                Err(cause) => match cause.downcast::<Unresolved>() {
                    Ok(unresolved) => FetchError::NoHost { url, source: unresolved.0 },
                    Err(cause) => FetchError::Connection { url, source: io::Error::other(cause) },
                },
            },
            // The TLS library hands its errors on as invalid data of the stream.
            ureq::Error::Io(source)
                if source.kind() == io::ErrorKind::InvalidData && url.starts_with("https") =>
            {
                FetchError::Tls { url, problem: source.to_string() }
            }
            ureq::Error::Io(source) => FetchError::Connection { url, source },
            ureq::Error::Rustls(error) => FetchError::Tls { url, problem: error.to_string() },
            ureq::Error::Tls(problem) => FetchError::Tls { url, problem: problem.to_owned() },
            ureq::Error::BadUri(problem) => FetchError::Address { url, problem },
            ureq::Error::LargeResponseHeader(_, limit) => {
                FetchError::Protocol { url, problem: format!("its headers are longer than {limit} bytes") }
            }
            ureq::Error::Protocol(error) => FetchError::Protocol { url, problem: error.to_string() },
            ureq::Error::Http(error) => FetchError::Protocol { url, problem: error.to_string() },
            error => FetchError::Connection { url, source: io::Error::other(error) },
        }
    }

    /// The product token: the name in `User-agent` lines of a `robots.txt`.
    pub(crate) fn token(&self) -> &str {
        let end = self.user_agent.find(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '_' | '-'));
        &self.user_agent[..end.unwrap_or(self.user_agent.len())]
    }
}

/// Where a redirect leads. Many servers write UTF-8 there, which the standard does not foresee.
fn location(response: &Response<Body>) -> Option<String> {
    let bytes = response.headers().get(header::LOCATION)?.as_bytes();
    Some(String::from_utf8_lossy(bytes).into_owned())
}
