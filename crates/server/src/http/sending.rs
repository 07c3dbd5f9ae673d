//! Responses being sent: limits the memory held by clients that do not read.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    response::{IntoResponse, Response},
};
use http_body::{Frame, SizeHint};
use service::{access::Party, pool::Pool};

use crate::http::problem::Problem;

/// The most bytes of all large responses being sent to the public, and of those to one address.
const MOST_PUBLIC: usize = 128 << 20;
const MOST_OF_ADDRESS: usize = 32 << 20;

/// The same for callers with a token, so that the public cannot block their responses.
const MOST_OF_CALLERS: usize = 128 << 20;
const MOST_OF_CALLER: usize = 64 << 20;

/// Smaller responses are not counted: the number of connections limits them.
const SMALL: u64 = 16 << 10;

/// The large responses being sent.
#[derive(Debug)]
pub struct Sending {
    public: Arc<Pool<Party>>,
    callers: Arc<Pool<Party>>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            public: Pool::new(MOST_PUBLIC, MOST_OF_ADDRESS),
            callers: Pool::new(MOST_OF_CALLERS, MOST_OF_CALLER),
        }
    }
}

impl Sending {
    /// Counts a response until it is sent; returns 503 when its party, or all parties together, leave too
    /// many responses unread. Responses without a length are streams, which have their own limits.
    pub fn hold(&self, party: &Party, answer: Response) -> Response {
        let n_bytes = answer.body().size_hint().exact().unwrap_or(0);
        if n_bytes <= SMALL {
            return answer;
        }
        let n_bytes = usize::try_from(n_bytes).unwrap_or(usize::MAX);
        let pool = match party {
            Party::Address(_) => &self.public,
            Party::Caller(_) => &self.callers,
        };
        match pool.take(party.clone(), n_bytes) {
            Ok(share) => holding(answer, share),
            Err(_) => {
                Problem::unavailable("too many responses are waiting to be read; read them and try again")
                    .into_response()
            }
        }
    }
}

/// Attaches a value to a response; it is dropped once the last byte of the body is sent, or the response is
/// abandoned. The HTTP library takes the whole body out and queues its bytes, so each chunk holds the value.
pub fn holding<T: Send + Sync + 'static>(answer: Response, held: T) -> Response {
    answer.map(|body| Body::new(Holding { body, held: Arc::new(held) }))
}

struct Holding<T> {
    body: Body,
    held: Arc<T>,
}

/// Bytes that hold a value until they are dropped.
struct Held<T> {
    bytes: Bytes,
    _held: Arc<T>,
}

impl<T> AsRef<[u8]> for Held<T> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Send + Sync + 'static> HttpBody for Holding<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let keep = |bytes| Bytes::from_owner(Held { bytes, _held: Arc::clone(&self.held) });
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(keep))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn what_was_taken_out_of_a_body_counts_until_it_is_sent() {
        let (sending, party) = (Sending::default(), Party::server());
        let large = || Response::new(Body::from(vec![0_u8; 20 << 20]));
        let sent = sending.hold(&party, large()).into_body().collect().await.unwrap().to_bytes();
        assert_eq!(sending.hold(&party, large()).status(), 503);
        drop(sent);
        assert_eq!(sending.hold(&party, large()).status(), 200);
    }

    #[test]
    fn answers_that_are_not_read_leave_room_for_others() {
        let (sending, party) = (Sending::default(), Party::server());
        let large = || Response::new(Body::from(vec![0_u8; 15 << 20]));
        let held = [sending.hold(&party, large()), sending.hold(&party, large())];
        assert!(held.iter().all(|answer| answer.status() == 200));
        assert_eq!(sending.hold(&party, large()).status(), 503);
        assert_eq!(sending.hold(&party, Response::new(Body::from("small"))).status(), 200);
        let address = |n| Party::Address(std::net::Ipv4Addr::new(192, 0, 2, n).into());
        let others: Vec<_> = (0..10).map(|n| sending.hold(&address(n), large())).collect();
        assert_eq!(
            others.iter().filter(|answer| answer.status() == 200).count(),
            6,
            "the public shares 128 MiB"
        );
        let caller = Party::Caller(service::access::Proof::Session("secret".into()));
        assert_eq!(sending.hold(&caller, large()).status(), 200, "a caller has its own share");
        drop((held, others));
        assert_eq!(sending.hold(&party, large()).status(), 200);
    }
}
