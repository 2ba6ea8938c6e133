//! Pages: all of them, or none.

use std::collections::HashSet;
use std::future::Future;

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_async::future::pagination_stream::fn_stream::FnStream;

use super::ledger::Malformed;

/// The pages of a listing, and how it ended.
#[derive(Debug)]
pub(super) struct Listing<T> {
    pages: Vec<T>,
    end: End,
}

/// How a listing ended.
#[derive(Debug, Clone, Copy)]
enum End {
    /// With its last page.
    Last,
    /// With a page token that came twice.
    Circle,
    /// With as many pages as are taken, and a token for another one.
    TooMany,
}

impl<T> Listing<T> {
    /// The listing of nothing, which an answer other than pages stands for.
    pub(super) fn empty() -> Self {
        Self { pages: Vec::new(), end: End::Last }
    }

    /// The pages.
    ///
    /// # Errors
    /// Where a page token came twice: the SDK then ends the listing in silence, with less than all of it; and where there
    /// was always another page.
    pub(super) fn whole(self) -> Result<Vec<T>, Malformed> {
        match self.end {
            End::Last => Ok(self.pages),
            End::Circle => Err(Malformed("gives the same page token twice".to_owned())),
            End::TooMany => Err(Malformed(format!("has more than {} pages", self.pages.len()))),
        }
    }
}

/// All pages of a listing, up to as many as are taken; the first refusal ends it. `token` is the page's token of the next
/// page.
pub(super) async fn all<T, E>(
    most: usize,
    pages: PaginationStream<Result<T, E>>,
    token: impl Fn(&T) -> Option<&str>,
) -> Result<Listing<T>, E> {
    as_they_come(most, pages, token, |_| {}).await
}

/// The same, with each page told as soon as it is there, before it is known whether the listing comes to its end.
pub(super) async fn as_they_come<T, E>(
    most: usize,
    mut pages: PaginationStream<Result<T, E>>,
    token: impl Fn(&T) -> Option<&str>,
    mut tell: impl FnMut(&T),
) -> Result<Listing<T>, E> {
    let mut listing = Listing { pages: Vec::new(), end: End::Last };
    let mut seen = HashSet::new();
    while let Some(page) = pages.next().await {
        let page = page?;
        tell(&page);
        let next = token(&page).filter(|token| !token.is_empty()).map(str::to_owned);
        listing.pages.push(page);
        let Some(next) = next else {
            listing.end = End::Last;
            continue;
        };
        // What the SDK takes for the end by itself is none.
        listing.end = End::Circle;
        if !seen.insert(next) {
            break;
        }
        if listing.pages.len() >= most {
            listing.end = End::TooMany;
            break;
        }
    }
    Ok(listing)
}

/// The pages of a listing for which the SDK has no paginator. `ask` asks for the page of a token.
pub(super) fn by_token<T, E, F>(
    ask: impl Fn(Option<String>) -> F + Send + 'static,
    token: impl Fn(&T) -> Option<&str> + Send + 'static,
) -> PaginationStream<Result<T, E>>
where
    T: Send + 'static,
    E: Send + 'static,
    F: Future<Output = Result<T, E>> + Send + 'static,
{
    PaginationStream::new(FnStream::new(move |pages| {
        Box::pin(async move {
            let mut next = None;
            loop {
                let page = ask(next.take()).await;
                if let Ok(page) = &page {
                    next = token(page).filter(|token| !token.is_empty()).map(str::to_owned);
                }
                // Nobody wants to hear more where the listing has broken off.
                if pages.send(page).await.is_err() || next.is_none() {
                    return;
                }
            }
        })
    }))
}

/// Whether all texts differ: a listing that names a thing twice is not one that AWS documents.
pub(super) fn all_differ<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    names.into_iter().all(|name| seen.insert(name))
}
