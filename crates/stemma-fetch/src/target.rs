//! Addresses (URLs) that may be fetched, and where a redirect leads.

use url::Url;

/// Most bytes of an address: longer ones are traps, or data.
const MAX_ADDRESS_BYTES: usize = 4096;

/// The address that `text` means, without its fragment, or why it cannot be fetched.
pub(crate) fn parse(text: &str) -> Result<Url, String> {
    if text.len() > MAX_ADDRESS_BYTES {
        return Err(format!("it is longer than {MAX_ADDRESS_BYTES} bytes"));
    }
    check(Url::parse(text.trim()).map_err(|error| error.to_string())?)
}

/// Where a redirect from `from` to `location` leads, or why it is not followed.
pub(crate) fn redirected(from: &Url, location: &str) -> Result<Url, String> {
    if location.len() > MAX_ADDRESS_BYTES {
        return Err(format!("it is longer than {MAX_ADDRESS_BYTES} bytes"));
    }
    let mut to = check(from.join(location.trim()).map_err(|error| error.to_string())?)?;
    // What began in private and unchanged on its way stays so. Most hosts that still send to http also answer on https.
    let downgrade = from.scheme() == "https" && to.scheme() == "http";
    if downgrade && (to.port().is_some() || to.set_scheme("https").is_err()) {
        return Err("it leads from https to http".to_owned());
    }
    Ok(to)
}

fn check(mut url: Url) -> Result<Url, String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("only http and https are fetched, not {}", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it holds a user name or a password".to_owned());
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("it names no host".to_owned());
    }
    // Below 1024 stand mail, terminals and databases: a request for a page must not become a command for one of them.
    if let Some(port @ ..1024) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        return Err(format!("port {port} is not one of the web"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The host as politeness counts it: all ports and both schemes are one.
pub(crate) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_end_matches('.').to_owned()
}

/// Scheme, host and port: what one `robots.txt` is for.
pub(crate) fn site(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(result: Result<Url, String>) -> String {
        result.map_or_else(|problem| format!("refused: {problem}"), |url| url.to_string())
    }

    #[test]
    fn addresses() {
        let table: String = [
            "https://Example.org/a b?q=1#part",
            "HTTP://example.org:80/",
            " http://bücher.example/ ",
            "example.org/news",
            "ftp://example.org/a",
            "file:///etc/passwd",
            "data:text/html,<p>",
            "https://user@example.org/",
            "https://:word@example.org/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://[::1]:8080/",
            "http://",
            "http://example.org:25/",
            "http://example.org:8080/",
            "http://example.org:443/",
        ]
        .iter()
        .map(|text| format!("{text} → {}\n", view(parse(text))))
        .collect();
        insta::assert_snapshot!(table, @r"
        https://Example.org/a b?q=1#part → https://example.org/a%20b?q=1
        HTTP://example.org:80/ → http://example.org/
         http://bücher.example/  → http://xn--bcher-kva.example/
        example.org/news → refused: relative URL without a base
        ftp://example.org/a → refused: only http and https are fetched, not ftp
        file:///etc/passwd → refused: only http and https are fetched, not file
        data:text/html,<p> → refused: only http and https are fetched, not data
        https://user@example.org/ → refused: it holds a user name or a password
        https://:word@example.org/ → refused: it holds a user name or a password
        http://0x7f.1/ → http://127.0.0.1/
        http://2130706433/ → http://127.0.0.1/
        http://[::1]:8080/ → http://[::1]:8080/
        http:// → refused: empty host
        http://example.org:25/ → refused: port 25 is not one of the web
        http://example.org:8080/ → http://example.org:8080/
        http://example.org:443/ → http://example.org:443/
        ");
    }

    #[test]
    fn redirects() {
        let from = parse("https://example.org/a/b?q").unwrap();
        let table: String = [
            "c",
            "/c#d",
            "//other.example/",
            "?r",
            "http://other.example/",
            "http://other.example:8080/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://a:b@example.org/",
            "https://example.org:22/",
        ]
        .iter()
        .map(|location| format!("{location} → {}\n", view(redirected(&from, location))))
        .collect();
        insta::assert_snapshot!(table, @r"
        c → https://example.org/a/c
        /c#d → https://example.org/c
        //other.example/ → https://other.example/
        ?r → https://example.org/a/b?r
        http://other.example/ → https://other.example/
        http://other.example:8080/ → refused: it leads from https to http
        file:///etc/passwd → refused: only http and https are fetched, not file
        javascript:alert(1) → refused: only http and https are fetched, not javascript
        https://a:b@example.org/ → refused: it holds a user name or a password
        https://example.org:22/ → refused: port 22 is not one of the web
        ");
        assert!(redirected(&from, &"x".repeat(5000)).is_err());
        assert!(parse(&format!("http://example.org/{}", "x".repeat(5000))).is_err());
    }

    #[test]
    fn one_host_has_many_sites() {
        let (a, b) = (parse("http://example.org./").unwrap(), parse("https://example.org:8443/x").unwrap());
        assert_eq!((host(&a), host(&b)), ("example.org".to_owned(), "example.org".to_owned()));
        assert_eq!(site(&b), "https://example.org:8443");
    }
}
