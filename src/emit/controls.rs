//! The controls that a result bears on, as other formats write them.

use crate::evaluate::Judgement;

/// The controls that a result's rule proves, or a part of each: `cis-aws-foundations-5.0 3.1`.
pub(super) fn requirements(judgement: &Judgement) -> Vec<String> {
    let of_pack =
        |(pack, ids): (&String, &Vec<String>)| ids.iter().map(|id| format!("{pack} {id}")).collect::<Vec<_>>();
    judgement.controls.iter().flat_map(of_pack).collect()
}
