//! From the trails that reach a place to what they record there. Equal questions are answered once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::cell::{Cell, Covered, ReadWrite, State};
use super::reach::Reach;
use super::recorder::{Recorders, TrailId, undocumented};
use super::why::{Refusals, Why};
use crate::derive::question::{OpenQuestions, Question};
use crate::derive::selector::{Access, Answer, Arns, EventClass, Sources, covers};
use crate::expr::{Gaps, Known};
use crate::id::TrailArn;
use crate::snapshot::Cause;

/// The types of resources whose data events are asked for whether or not a trail names them.
const TYPES: [&str; 3] = ["AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::S3::Object"];

/// The place of a class of events in [`Judge::classes`].
type ClassId = usize;

pub(super) struct Judge<'a> {
    pub(super) recorders: &'a Recorders,
    pub(super) open: &'a mut OpenQuestions,
    classes: Vec<EventClass>,
    types: Vec<String>,
    /// Of one trail's selectors: by class, then by their number.
    singles: Vec<Vec<Option<Answer>>>,
    /// Of those of several trails.
    answers: Vec<HashMap<Vec<u32>, Answer>>,
    arns: HashMap<Vec<TrailId>, Arc<[TrailArn]>>,
    words: HashMap<String, Arc<str>>,
    doubts: HashMap<(TrailId, String), Gaps>,
    data: HashMap<Vec<Covered>, Arc<BTreeMap<String, ReadWrite>>>,
    refusals: Vec<Refusals>,
}

/// What hides the rest of an answer, and whether a trail among it may change the answer.
struct Doubt {
    gaps: Gaps,
    beyond: Gaps,
}

impl<'a> Judge<'a> {
    /// Answers questions about all classes that cells tell apart.
    pub(super) fn of_cells(recorders: &'a Recorders, open: &'a mut OpenQuestions, partition: &str) -> Self {
        let named = recorders.selectors.iter().flat_map(|selectors| selectors.resource_types());
        let types: std::collections::BTreeSet<&str> = named.chain(TYPES).collect();
        let types: Vec<String> = types.into_iter().map(str::to_owned).collect();
        let one = |source: &str| Sources::One(format!("{source}.amazonaws.com"));
        let management = [Sources::General, one("kms"), one("rdsdata")];
        let both = [Access::Read, Access::Write];
        let mut classes: Vec<EventClass> = Vec::new();
        for sources in management {
            classes.extend(both.map(|access| EventClass::management(partition, sources.clone(), access)));
        }
        for name in &types {
            classes.extend(both.map(|access| EventClass::data(partition, name, Arns::All, access)));
        }
        Self { types, ..Self::of_classes(recorders, open, classes) }
    }

    /// Answers questions about these classes.
    pub(super) fn of_classes(recorders: &'a Recorders, open: &'a mut OpenQuestions, classes: Vec<EventClass>) -> Self {
        Self {
            recorders,
            open,
            refusals: vec![Refusals::default(); classes.len()],
            singles: vec![vec![None; recorders.selectors.len()]; classes.len()],
            answers: vec![HashMap::new(); classes.len()],
            classes,
            types: Vec::new(),
            arns: HashMap::new(),
            words: HashMap::new(),
            doubts: HashMap::new(),
            data: HashMap::new(),
        }
    }

    /// All classes, by number.
    pub(super) fn classes(&self) -> std::ops::Range<ClassId> {
        0..self.classes.len()
    }

    pub(super) fn cell(&mut self, reach: &Reach, is_leader: bool) -> Cell {
        let management = self.read_write(reach, 0);
        let global = is_leader.then(|| self.global(reach));
        let (kms, rdsdata) = (self.read_write(reach, 2), self.read_write(reach, 4));
        let data: Vec<Covered> = (6..self.classes.len()).map(|class| self.covered(reach, class)).collect();
        Cell { management, global, kms, rdsdata, data: self.data(data) }
    }

    fn data(&mut self, covered: Vec<Covered>) -> Arc<BTreeMap<String, ReadWrite>> {
        if let Some(known) = self.data.get(&covered) {
            return Arc::clone(known);
        }
        let pairs = covered.chunks_exact(2).map(|pair| ReadWrite { read: pair[0].clone(), write: pair[1].clone() });
        let made: Arc<BTreeMap<_, _>> = Arc::new(self.types.iter().cloned().zip(pairs).collect());
        self.data.insert(covered, Arc::clone(&made));
        made
    }

    fn read_write(&mut self, reach: &Reach, class: ClassId) -> ReadWrite {
        ReadWrite { read: self.covered(reach, class), write: self.covered(reach, class + 1) }
    }

    /// Global service events are management events that only trails with the flag record.
    fn global(&mut self, reach: &Reach) -> ReadWrite {
        ReadWrite { read: self.covered_by(reach, 0, true), write: self.covered_by(reach, 1, true) }
    }

    /// What is recorded of a class, by its number, where these trails reach.
    pub(super) fn covered(&mut self, reach: &Reach, class: ClassId) -> Covered {
        self.covered_by(reach, class, false)
    }

    fn covered_by(&mut self, reach: &Reach, class: ClassId, is_global: bool) -> Covered {
        let certain = self.certain(&reach.trails, is_global);
        let together = self.together(&certain, class);
        let givers: Vec<TrailId> = certain.iter().copied().filter(|id| self.gives(*id, class)).collect();
        let doubt = self.doubt(reach, &certain, class, &together, is_global);
        let failing = !givers.is_empty() && givers.iter().all(|id| reach.failing.contains(id));
        let why = Why {
            recorders: self.recorders,
            trails: &reach.trails,
            givers: &givers,
            class: &self.classes[class],
            is_global,
        };
        let (state, why, missing) = match &together {
            Answer::All => (State::All, None, None),
            _ if !doubt.gaps.is_empty() => (State::Unknown, None, None),
            Answer::Part(missing) => (State::Part, Some(why.part(missing)), Some(self.word(missing))),
            Answer::None => (State::None, Some(why.nothing(&mut self.refusals[class])), None),
            Answer::Unknown(_) => (State::Unknown, None, None),
        };
        let why = why.map(|why| self.word(&why));
        let trails = self.arns(givers);
        Covered { state, trails, failing, missing, why, gaps: doubt.gaps, beyond: doubt.beyond }
    }

    /// The trails that log for certain, and whose selectors are known.
    fn certain(&self, trails: &[TrailId], is_global: bool) -> Vec<TrailId> {
        let certain = |id: &TrailId| {
            let trail = self.recorders.get(*id);
            let global = !is_global || trail.global == Known::Is(true);
            trail.logs == Known::Is(true) && trail.selectors.known().is_some() && global
        };
        trails.iter().copied().filter(certain).collect()
    }

    /// What hides more: places that were not read, trails of which something was not read, selectors that AWS does not
    /// document. Empty gaps where nothing of it can change the answer.
    fn doubt(
        &mut self,
        reach: &Reach,
        certain: &[TrailId],
        class: ClassId,
        together: &Answer,
        is_global: bool,
    ) -> Doubt {
        let (mut gaps, mut beyond) = (reach.unseen.clone(), reach.unseen.clone());
        let mut possible = certain.to_vec();
        let mut hidden = Gaps::none();
        for id in &reach.trails {
            let trail = self.recorders.get(*id);
            let left_out = is_global && trail.global == Known::Is(false);
            if certain.contains(id) || left_out || trail.logs == Known::Is(false) {
                continue;
            }
            let open = union_of([gap(&trail.logs), gap(&trail.global).filter(|_| is_global)]);
            match &trail.selectors {
                Known::Gap(unread) => gaps = gaps.union(unread).union(&open),
                Known::Is(_) if self.alone(*id, class) == Answer::None => continue,
                Known::Is(_) => {
                    possible.push(*id);
                    hidden = hidden.union(&open);
                }
            }
            beyond = union_of([Some(&beyond), Some(&open), gap(&self.recorders.get(*id).selectors)]);
        }
        let at_most = self.together(&possible, class);
        if std::mem::discriminant(&at_most) != std::mem::discriminant(together) {
            gaps = gaps.union(&hidden);
        }
        for id in certain {
            if let Answer::Unknown(why) = self.alone(*id, class) {
                let doubt = self.undocumented(*id, why);
                beyond = beyond.union(&doubt);
                if matches!(together, Answer::Unknown(_)) {
                    gaps = gaps.union(&doubt);
                }
            }
        }
        match together {
            Answer::All => gaps = Gaps::none(),
            Answer::Unknown(why) if gaps.is_empty() => {
                gaps = self.open.leave(Question::of("cloudtrail:GetEventSelectors"), Cause::Unsupported, why);
            }
            _ => {}
        }
        Doubt { gaps, beyond }
    }

    /// What one trail records of a class, if it logs.
    pub(super) fn alone(&mut self, id: TrailId, class: ClassId) -> Answer {
        match self.recorders.get(id).selectors {
            Known::Is(selectors) => self.single(selectors, class).clone(),
            Known::Gap(_) => Answer::None,
        }
    }

    /// Whether a trail that logs records at least a part of a class.
    pub(super) fn gives(&mut self, id: TrailId, class: ClassId) -> bool {
        match self.recorders.get(id).selectors {
            Known::Is(selectors) => matches!(self.single(selectors, class), Answer::All | Answer::Part(_)),
            Known::Gap(_) => false,
        }
    }

    /// What several trails record of a class together, if they log.
    pub(super) fn together(&mut self, trails: &[TrailId], class: ClassId) -> Answer {
        let mut all: Vec<u32> =
            trails.iter().filter_map(|id| self.recorders.get(*id).selectors.known().copied()).collect();
        all.sort_unstable();
        all.dedup();
        match all.as_slice() {
            [] => return Answer::None,
            [only] => return self.single(*only, class).clone(),
            _ => {}
        }
        if let Some(answer) = self.answers[class].get(all.as_slice()) {
            return answer.clone();
        }
        let is_whole = all.iter().any(|one| *self.single(*one, class) == Answer::All);
        let answer = if is_whole { Answer::All } else { covers(self.selectors(&all), &self.classes[class]) };
        self.answers[class].insert(all, answer.clone());
        answer
    }

    /// What selectors record of a class, by their number.
    fn single(&mut self, selectors: u32, class: ClassId) -> &Answer {
        let all = &self.recorders.selectors;
        let known = &mut self.singles[class][selectors as usize];
        known.get_or_insert_with(|| covers([&all[selectors as usize]], &self.classes[class]))
    }

    fn selectors(&self, numbers: &[u32]) -> Vec<&'a crate::derive::selector::Selectors> {
        numbers.iter().map(|number| &self.recorders.selectors[*number as usize]).collect()
    }

    pub(super) fn undocumented(&mut self, id: TrailId, why: String) -> Gaps {
        let key = (id, why);
        if let Some(gaps) = self.doubts.get(&key) {
            return gaps.clone();
        }
        let gaps = undocumented(self.open, &self.recorders.get(id).arn, &key.1);
        self.doubts.insert(key, gaps.clone());
        gaps
    }

    fn arns(&mut self, ids: Vec<TrailId>) -> Arc<[TrailArn]> {
        let recorders = self.recorders;
        let named = |ids: &Vec<TrailId>| ids.iter().map(|id| recorders.get(*id).arn.clone()).collect();
        let made = self.arns.entry(ids).or_insert_with_key(named);
        Arc::clone(made)
    }

    fn word(&mut self, text: &str) -> Arc<str> {
        let made = self.words.entry(text.to_owned()).or_insert_with(|| Arc::from(text));
        Arc::clone(made)
    }
}

fn gap<T>(known: &Known<T>) -> Option<&Gaps> {
    match known {
        Known::Is(_) => None,
        Known::Gap(gaps) => Some(gaps),
    }
}

fn union_of<const N: usize>(gaps: [Option<&Gaps>; N]) -> Gaps {
    gaps.into_iter().flatten().fold(Gaps::none(), |all, gaps| all.union(gaps))
}
