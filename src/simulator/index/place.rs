//! What is in an account's Region.

use std::collections::HashMap;

/// Things by the account and Region that their ARNs name, sorted by ARN.
#[derive(Debug)]
pub(in crate::simulator) struct ByPlace<T>(HashMap<(String, String), Vec<T>>);

impl<T> ByPlace<T> {
    pub(super) fn of(mut things: Vec<T>, arn: impl Fn(&T) -> &str) -> Self {
        things.sort_by(|a, b| arn(a).cmp(arn(b)));
        let mut by_place: HashMap<(String, String), Vec<T>> = HashMap::new();
        for thing in things {
            let mut parts = arn(&thing).split(':').skip(3).map(str::to_owned);
            let (region, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            by_place.entry((account, region)).or_default().push(thing);
        }
        Self(by_place)
    }

    /// What is in an account's Region.
    pub(in crate::simulator) fn at(&self, account: &str, region: &str) -> &[T] {
        self.0.get(&(account.to_owned(), region.to_owned())).map_or(&[], Vec::as_slice)
    }
}
