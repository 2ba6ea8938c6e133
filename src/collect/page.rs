//! Pages: all of them, or none.

use std::collections::HashSet;

use aws_smithy_async::future::pagination_stream::PaginationStream;

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

/// A listing while its pages come.
struct Incoming<T> {
    listing: Listing<T>,
    most: usize,
    tokens: HashSet<String>,
}

impl<T> Incoming<T> {
    fn new(most: usize) -> Self {
        Self { listing: Listing::empty(), most, tokens: HashSet::new() }
    }

    /// Takes a page, and tells the token of the next one where there is to be one.
    fn take(&mut self, page: T, token: impl Fn(&T) -> Option<&str>) -> Option<String> {
        let next = token(&page).filter(|token| !token.is_empty()).map(str::to_owned);
        self.listing.pages.push(page);
        let Some(next) = next else {
            self.listing.end = End::Last;
            return None;
        };
        // What the SDK takes for the end by itself is none.
        self.listing.end = End::Circle;
        if !self.tokens.insert(next.clone()) {
            return None;
        }
        if self.listing.pages.len() >= self.most {
            self.listing.end = End::TooMany;
            return None;
        }
        Some(next)
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
    let mut incoming = Incoming::new(most);
    while let Some(page) = pages.next().await {
        let page = page?;
        tell(&page);
        if incoming.take(page, &token).is_none() {
            break;
        }
    }
    Ok(incoming.listing)
}

/// The same of a listing for which the SDK has no paginator, or that is asked for by more than its paginator sends: `ask`
/// asks for the page of a token.
pub(super) async fn by_token<T, E>(
    most: usize,
    ask: impl AsyncFn(Option<String>) -> Result<T, E>,
    token: impl Fn(&T) -> Option<&str>,
) -> Result<Listing<T>, E> {
    let mut incoming = Incoming::new(most);
    let mut next = None;
    loop {
        next = incoming.take(ask(next).await?, &token);
        if next.is_none() {
            return Ok(incoming.listing);
        }
    }
}

/// Whether all texts differ: a listing that names a thing twice is not one that AWS documents.
pub(super) fn all_differ<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen = HashSet::new();
    names.into_iter().all(|name| seen.insert(name))
}
