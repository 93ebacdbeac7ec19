//! Secure connections: to whom somebody trusted vouches for, and to nobody else.

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use common::{InTurn, clock, near, ok, redirect};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use stemma_fetch::{FetchError, Fetched, Fetcher, Request, Settings};

/// A server for `name` that answers everything alike. Gives its address and its certificate.
fn start(name: &str, answer: Vec<u8>) -> (SocketAddr, Vec<u8>) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, answer) = (Arc::clone(&config), answer.clone());
            std::thread::spawn(move || {
                let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                // One read takes in a whole request of some hundred bytes.
                if stream.read(&mut [0; 4096]).is_ok_and(|n| n > 0) {
                    let _ = stream.write_all(&answer);
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            });
        }
    });
    (address, cert.der().to_vec())
}

fn get(server: SocketAddr, authorities: Vec<Vec<u8>>, url: &str) -> Result<Fetched, FetchError> {
    let settings = Settings { authorities, robots: false, ..near() };
    Fetcher::with_parts(settings, clock(), InTurn::of(&[server])).fetch(&Request::of(url))
}

#[test]
fn a_server_for_which_nobody_vouches_is_refused() {
    let (server, _) = start("news.example", ok("page"));
    let error = get(server, Vec::new(), "https://news.example/").unwrap_err();
    assert!(matches!(error, FetchError::Tls { .. }), "{error}");
    assert!(!error.is_temporary());
}

#[test]
fn a_server_of_another_name_is_refused() {
    let (server, certificate) = start("other.example", ok("page"));
    let error = get(server, vec![certificate], "https://news.example/").unwrap_err();
    assert!(matches!(error, FetchError::Tls { .. }), "{error}");
}

#[test]
fn a_server_that_is_vouched_for_answers() {
    let (server, certificate) = start("news.example", ok("page"));
    let fetched = get(server, vec![certificate], "https://news.example/").unwrap();
    assert_eq!(fetched.body.as_deref(), Some(&b"page"[..]));
}

#[test]
fn what_is_secure_stays_so() {
    // The way leads back to the same address once http has become https: a circle, and never a request in the clear.
    let (server, certificate) = start("news.example", redirect(302, "http://news.example/"));
    let error = get(server, vec![certificate.clone()], "https://news.example/").unwrap_err();
    assert!(matches!(error, FetchError::Redirects { .. }), "{error}");
    let (server, certificate) = start("news.example", redirect(302, "http://news.example:8080/"));
    let error = get(server, vec![certificate], "https://news.example/").unwrap_err();
    assert!(matches!(error, FetchError::Redirect { .. }), "{error}");
}
