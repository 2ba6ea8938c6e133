//! The columns of the table of coverage: Regions, under short names.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::RegionName;

/// The widest that all columns together are before Regions that look alike are folded.
const WIDEST: usize = 80;

/// Regions as columns: under their part of the world, such as `eu`, what tells them apart there, such as `w1`.
pub(super) struct Columns<'a> {
    columns: Vec<Column<'a>>,
    folded: Vec<&'a RegionName>,
}

struct Column<'a> {
    region: &'a RegionName,
    world: String,
    rest: String,
    width: usize,
}

impl<'a> Columns<'a> {
    /// The columns of some Regions. `look` is what a Region looks like from the first row to the last: where there are too
    /// many Regions, the most that look alike stand in one column.
    pub(super) fn of<L: Ord>(regions: &BTreeSet<&'a RegionName>, look: impl Fn(&RegionName) -> L) -> Self {
        let all = Self { columns: columns(regions.iter().copied()), folded: Vec::new() };
        if all.width() <= WIDEST {
            return all;
        }
        let mut alike: BTreeMap<L, Vec<&'a RegionName>> = BTreeMap::new();
        for region in regions {
            alike.entry(look(region)).or_default().push(region);
        }
        let mut folded = alike.into_values().rev().max_by_key(Vec::len).unwrap_or_default();
        if folded.len() < 2 {
            return all;
        }
        let kept = folded.remove(0);
        let left = regions.iter().copied().filter(|region| !folded.contains(region));
        let mut columns = columns(left);
        if let Some(column) = columns.iter_mut().find(|column| column.region == kept) {
            column.rest.push('+');
        }
        fit(&mut columns);
        Self { columns, folded: std::iter::once(kept).chain(folded).collect() }
    }

    fn width(&self) -> usize {
        self.columns.iter().map(|column| column.width).sum()
    }

    /// The Regions that have a column, with its width.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a RegionName, usize)> {
        self.columns.iter().map(|column| (column.region, column.width))
    }

    /// The two lines above the columns.
    pub(super) fn heading(&self) -> [String; 2] {
        let (mut worlds, mut rests) = (String::new(), String::new());
        let mut last = "";
        for column in &self.columns {
            let world = if column.world == last { "" } else { column.world.as_str() };
            worlds.push_str(&format!("{world:<width$}", width = column.width));
            rests.push_str(&format!("{:<width$}", column.rest, width = column.width));
            last = &column.world;
        }
        [worlds, rests]
    }

    /// What is to say of Regions that share a column.
    pub(super) fn folded(&self) -> Option<String> {
        let (first, rest) = self.folded.split_first()?;
        Some(format!("+ {first} and {} Regions like it", rest.len()))
    }
}

fn columns<'a>(regions: impl Iterator<Item = &'a RegionName>) -> Vec<Column<'a>> {
    let mut columns: Vec<Column<'a>> = regions
        .map(|region| {
            let (world, rest) = short(region.as_str());
            Column { region, world, rest, width: 0 }
        })
        .collect();
    fit(&mut columns);
    columns
}

/// Widths: each column holds its own name, and the last of a part of the world what is left of that name.
fn fit(columns: &mut [Column<'_>]) {
    for column in columns.iter_mut() {
        column.width = column.rest.chars().count() + 1;
    }
    let mut start = 0;
    while start < columns.len() {
        let world = columns[start].world.clone();
        let end = columns[start..].iter().take_while(|column| column.world == world).count() + start;
        let held: usize = columns[start..end].iter().map(|column| column.width).sum();
        columns[end - 1].width += (world.chars().count() + 1).saturating_sub(held);
        start = end;
    }
}

/// A Region's part of the world and what tells it apart there: `eu` and `w1`, `us-gov` and `e1`, `ap` and `ne2`.
fn short(region: &str) -> (String, String) {
    let mut parts = region.rsplitn(3, '-');
    let (Some(number), Some(direction), Some(world)) = (parts.next(), parts.next(), parts.next()) else {
        return (String::new(), region.to_owned());
    };
    let mut rest: String = direction.chars().take(1).collect();
    if let Some(second) = ["east", "west"].iter().find(|end| direction.len() > end.len() && direction.ends_with(*end)) {
        rest.extend(second.chars().take(1));
    }
    (world.to_owned(), format!("{rest}{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_short_names() {
        for (region, expected) in [
            ("eu-west-1", ("eu", "w1")),
            ("ap-northeast-3", ("ap", "ne3")),
            ("us-gov-east-1", ("us-gov", "e1")),
            ("eusc-de-east-1", ("eusc-de", "e1")),
            ("cn-northwest-1", ("cn", "nw1")),
        ] {
            let (world, rest) = short(region);
            assert_eq!((world.as_str(), rest.as_str()), expected);
        }
    }

    #[test]
    fn regions_that_look_alike_are_folded_only_where_there_are_too_many() {
        let names: Vec<RegionName> = (1..40).map(|number| format!("eu-west-{number}").parse().unwrap()).collect();
        let regions: BTreeSet<&RegionName> = names.iter().collect();
        let columns = Columns::of(&regions, |region| region.as_str().ends_with('9'));
        assert_eq!(columns.iter().count(), 5, "one for all, and those that end in 9");
        assert_eq!(columns.folded().unwrap(), "+ eu-west-1 and 34 Regions like it");
        assert_eq!(columns.heading()[1].trim_end(), "w1+ w19 w29 w39 w9");
        let few: BTreeSet<&RegionName> = names.iter().take(3).collect();
        assert!(Columns::of(&few, |_| ()).folded().is_none());
        assert_eq!(Columns::of(&few, |_| ()).heading()[0].trim_end(), "eu");
    }
}
