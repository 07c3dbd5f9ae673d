//! The least that an answer over HTTP costs: every path is answered with the bytes of one file. Benchmarks measure
//! ready answers of the server beside it.
//!
//! `cargo run --release -p server --example plain_handler -- PORT FILE ENCODING`

use std::{env, error::Error, net::Ipv4Addr};

use axum::{
    Router,
    http::{HeaderValue, header},
};
use bytes::Bytes;
use tokio::{net::TcpListener, runtime::Runtime};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, file, encoding] = arguments.as_slice() else {
        return Err("give a port, a file and a content encoding".into());
    };
    let address = (Ipv4Addr::LOCALHOST, port.parse::<u16>()?);
    let body = Bytes::from(std::fs::read(file)?);
    let encoding = HeaderValue::from_str(encoding)?;
    let answer = move || {
        let content_type = HeaderValue::from_static("application/vnd.mapbox-vector-tile");
        let headers = [(header::CONTENT_TYPE, content_type), (header::CONTENT_ENCODING, encoding.clone())];
        let body = body.clone();
        async move { (headers, body) }
    };
    Runtime::new()?.block_on(async move {
        axum::serve(TcpListener::bind(address).await?, Router::new().fallback(answer)).await?;
        Ok(())
    })
}
