//! What is sent by forms that change something, and how they show that they are ours.
//!
//! Each browser has a random cookie that only our own pages make it send (`SameSite=Strict`); a form holds a hash of the cookie
//! with a secret of this run of the server. A page of another site knows neither, so it cannot make a browser send a form that
//! counts, even where `Origin` and `Sec-Fetch-Site` are not sent ([`crate::guard`] checks these besides).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::Oops;
use crate::desk::Desk;
use crate::guard;
use crate::problem::Problem;

/// Cookie that a form's token belongs to.
const COOKIE: &str = "stemma_form";
/// Name of the field that holds the token.
pub(super) const FIELD: &str = "csrf";
/// Digits of the cookie: 128 bits.
const DIGITS: usize = 32;
/// Most files of one form.
const MOST_FILES: usize = 500;

/// A secret of this run of the server, of which the tokens of forms are made.
pub(crate) struct FormSecret([u8; 32]);

impl FormSecret {
    /// A new one. `None` if the system has no randomness.
    pub(crate) fn new() -> Option<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).ok()?;
        Some(Self(secret))
    }

    fn token(&self, cookie: &str) -> String {
        // The secret has a fixed length, and so has the cookie: nothing can be appended.
        let hash = Sha256::new().chain_update(self.0).chain_update(cookie.as_bytes()).finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The token of the forms on a page, and against which a form that is sent is held.
#[derive(Clone, Debug)]
pub(crate) struct Csrf(String);

impl Csrf {
    pub(super) fn token(&self) -> &str {
        &self.0
    }

    /// Refuses a form that does not hold the token. Takes as long for a nearly right one as for a wrong one.
    fn check(&self, given: Option<&str>) -> Result<(), Problem> {
        let (own, given) = (self.0.as_bytes(), given.unwrap_or_default().as_bytes());
        let same =
            own.len() == given.len() && own.iter().zip(given).fold(0, |all, (x, y)| all | (x ^ y)) == 0;
        if same {
            return Ok(());
        }
        Err(Problem::forbidden(
            "this form is too old, or not ours: go back, load the page anew, and send it again",
        ))
    }
}

impl<S: Sync> FromRequestParts<S> for Csrf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Csrf>().cloned().ok_or_else(Problem::failed)
    }
}

/// Gives each request the token of its browser, and a browser that has none a cookie with its first page.
pub(crate) async fn give_token(State(desk): State<Arc<Desk>>, mut request: Request, next: Next) -> Response {
    let is_one = |text: &&str| text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let known = guard::cookie(request.headers(), COOKIE).filter(is_one).map(str::to_owned);
    let is_new = known.is_none();
    let cookie = known.unwrap_or_else(new_cookie);
    request.extensions_mut().insert(Csrf(desk.form_secret.token(&cookie)));
    let mut response = next.run(request).await;
    if is_new && is_page(response.headers()) {
        let set = format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict");
        if let Ok(set) = HeaderValue::from_str(&set) {
            response.headers_mut().append(header::SET_COOKIE, set);
        }
    }
    response
}

fn new_cookie() -> String {
    let mut bytes = [0; DIGITS / 2];
    // Without randomness the secret alone keeps the token from being guessed.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// The fields of a form of ours, and its files. Whatever is not ours is refused before anything is done.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    fields: Vec<(String, String)>,
    /// Names as the browser gave them, and bytes.
    pub(crate) files: Vec<(String, Bytes)>,
}

impl Sent {
    /// The first field of a name, without white space around it; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(each, _)| each == name);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// The field of a name, if it says something.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    /// All fields of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(each, _)| each == name).map(|(_, value)| value.as_str())
    }

    async fn of_parts(mut parts: Multipart) -> Result<Self, Problem> {
        let wrong = |error: axum::extract::multipart::MultipartError| {
            Problem::of_status(error.status(), error.body_text())
        };
        let mut sent = Self::default();
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                // A field for files that was left empty.
                Some(file) if file.is_empty() => {}
                Some(file) => {
                    sent.files.push((file, part.bytes().await.map_err(wrong)?));
                    if sent.files.len() > MOST_FILES {
                        return Err(Problem::too_large(format!("more than {MOST_FILES} files at a time")));
                    }
                }
                None => sent.fields.push((name, part.text().await.map_err(wrong)?)),
            }
        }
        Ok(sent)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Oops;

    async fn from_request(request: Request, state: &S) -> Result<Self, Oops> {
        let csrf = request.extensions().get::<Csrf>().cloned().ok_or_else(Problem::failed)?;
        let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
        let sent = if media_type.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, state).await;
            Self::of_parts(parts.map_err(|error| Problem::of_status(error.status(), error.body_text()))?)
                .await?
        } else if media_type.starts_with("application/x-www-form-urlencoded") {
            let bytes = Bytes::from_request(request, state).await;
            let bytes = bytes.map_err(|error| Problem::of_status(error.status(), error.body_text()))?;
            let fields = serde_urlencoded::from_bytes(&bytes)
                .map_err(|_| Problem::bad_request("what was sent is no form"))?;
            Self { fields, files: Vec::new() }
        } else {
            return Err(Problem::unsupported("a form is sent as multipart/form-data or urlencoded").into());
        };
        csrf.check(sent.all(FIELD).next())?;
        Ok(sent)
    }
}
