//! Lists: literals, and the macros `all`, `exists`, `exists_one`, `filter` and `map`.

use std::ops::Range;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, ListExpr, LiteralValue, operators};

use super::{Checker, Element, article};
use crate::expr::mistake::Mistake;
use crate::expr::node::{Kind, Node, Place, Quantifier};
use crate::expr::path::{Path, Step};
use crate::expr::schema::Type;

/// How many lists may be gone through inside one another.
const MAX_LISTS: usize = 4;

/// What the parser made of a macro.
enum Macro<'e> {
    Quantify(Quantifier, &'e IdedExpr),
    Collect { condition: Option<&'e IdedExpr>, element: &'e IdedExpr },
}

impl Checker<'_> {
    pub(super) fn list_literal(&mut self, token: Range<usize>, list: &ListExpr) -> Option<Node> {
        let range = token.start..self.parsed.text.end_of(token);
        if !list.optional_indices.is_empty() {
            self.report(Mistake::new(range, "elements of a list are always there").help("leave the `?` out"));
            return None;
        }
        let elements: Vec<Option<Node>> = list.elements.iter().map(|element| self.part(element)).collect();
        let elements: Vec<Node> = elements.into_iter().collect::<Option<_>>()?;
        let ty = elements.first().map_or(Type::Nothing, |first| first.ty.clone());
        for element in &elements {
            if !element.ty.is_scalar() {
                let message =
                    format!("{} is {}: a list is written of single values", self.quote(element), article(&element.ty));
                self.say(element.range.clone(), message);
                return None;
            }
            if element.ty != ty {
                let message = format!(
                    "{} is {}, and the first element is {}",
                    self.quote(element),
                    article(&element.ty),
                    article(&ty)
                );
                self.say(element.range.clone(), message);
                return None;
            }
        }
        Some(Node { range, ty: Type::list(ty), kind: Kind::List(elements), place: None })
    }

    pub(super) fn comprehension(&mut self, bracket: Range<usize>, comprehension: &ComprehensionExpr) -> Option<Node> {
        let list = self.part(&comprehension.iter_range);
        let end = self.parsed.text.end_of(bracket.clone());
        let Some(expanded) = recognise(comprehension) else {
            let name = self.parsed.text.name_before(bracket.start);
            self.say(name, "there is no such macro");
            return None;
        };
        let list = list?;
        let element = self.element_of(&list, &bracket, &comprehension.iter_var)?;
        let range = list.range.start..end;
        self.elements.push(element);
        let made = match expanded {
            Macro::Quantify(quantifier, body) => self.quantify(Box::new(list), quantifier, body),
            Macro::Collect { condition, element } => self.collect(Box::new(list), condition, element),
        };
        self.elements.pop();
        let (ty, kind) = made?;
        Some(Node { range, ty, kind, place: None })
    }

    /// The name that a macro gives to each element.
    fn element_of(&mut self, list: &Node, bracket: &Range<usize>, name: &str) -> Option<Element> {
        let ty = match &list.ty {
            Type::List(element) => element.as_ref().clone(),
            Type::Map(_) => Type::String,
            other => {
                let mut mistake =
                    Mistake::new(list.range.clone(), format!("{} is {}, not a list", self.quote(list), article(other)));
                if matches!(other, Type::Optional(_)) {
                    mistake = mistake.help("give a default with `.orValue([])`");
                }
                self.report(mistake);
                return None;
            }
        };
        let place = self.source(bracket.end..self.parsed.text.source().len());
        let start = bracket.end + place.len() - place.trim_start().len();
        let range = start..start + name.len();
        if self.names_in_reach().contains(&name) {
            self.report(
                Mistake::new(range, format!("`{name}` is already something else here")).help("choose another name"),
            );
            return None;
        }
        if self.elements.len() == MAX_LISTS {
            self.say(range, format!("more than {MAX_LISTS} lists are gone through inside one another"));
            return None;
        }
        self.macros += 1;
        let path = path_of_elements(list);
        let own = Path::new(&format!("{name}#{}", self.macros));
        Some(Element { name: name.to_owned(), ty, place: Place { path, own } })
    }

    fn quantify(&mut self, list: Box<Node>, quantifier: Quantifier, body: &IdedExpr) -> Option<(Type, Kind)> {
        let body = self.part(body)?;
        let fits = self.expect(&body, &Type::Bool, "the condition has to be");
        fits.then(|| (Type::Bool, Kind::Quantify { list, body: Box::new(body), quantifier }))
    }

    fn collect(&mut self, list: Box<Node>, condition: Option<&IdedExpr>, element: &IdedExpr) -> Option<(Type, Kind)> {
        let (checked, element) = match condition {
            None => (None, self.part(element)),
            Some(condition) => {
                let checked = self.part(condition);
                let checked = checked.filter(|node| self.expect(node, &Type::Bool, "the condition has to be"));
                let element = self.guarded(checked.as_ref(), true, |checker| checker.part(element));
                (checked, element)
            }
        };
        let element = element?;
        if condition.is_some() && checked.is_none() {
            return None;
        }
        if matches!(element.ty, Type::Optional(_)) {
            let message = format!("{} may be absent: a list holds values", self.quote(&element));
            self.report(Mistake::new(element.range, message).help("give a default with `.orValue(…)`"));
            return None;
        }
        let (ty, condition) = (Type::list(element.ty.clone()), checked.map(Box::new));
        Some((ty, Kind::Collect { list, condition, element: Box::new(element) }))
    }
}

/// The path that the elements of a list are found under.
fn path_of_elements(list: &Node) -> Option<Path> {
    match (&list.kind, &list.ty) {
        (Kind::Collect { element, .. }, _) => element.place.as_ref()?.path.clone(),
        (_, Type::List(_)) => Some(list.place.as_ref()?.path.as_ref()?.then(Step::Element)),
        _ => None,
    }
}

/// Reads a macro back out of the loop that the parser made of it.
fn recognise(comprehension: &ComprehensionExpr) -> Option<Macro<'_>> {
    if comprehension.iter_var2.is_some() {
        return None;
    }
    let step = as_call(&comprehension.loop_step)?;
    let arguments = step.args.as_slice();
    match (&comprehension.accu_init.expr, step.func_name.as_str(), arguments) {
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_OR, [_, body]) => {
            Some(Macro::Quantify(Quantifier::Exists, body))
        }
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_AND, [_, body]) => {
            Some(Macro::Quantify(Quantifier::All, body))
        }
        (Expr::Literal(LiteralValue::Int(_)), operators::CONDITIONAL, [body, _, _]) => {
            Some(Macro::Quantify(Quantifier::ExistsOne, body))
        }
        (Expr::List(_), operators::CONDITIONAL, [condition, append, _]) => {
            Some(Macro::Collect { condition: Some(condition), element: appended(as_call(append)?)? })
        }
        (Expr::List(_), operators::ADD, _) => Some(Macro::Collect { condition: None, element: appended(step)? }),
        _ => None,
    }
}

fn as_call(expr: &IdedExpr) -> Option<&CallExpr> {
    if let Expr::Call(call) = &expr.expr { Some(call) } else { None }
}

/// The element in the step `@result + [element]`.
fn appended(call: &CallExpr) -> Option<&IdedExpr> {
    match call.args.as_slice() {
        [_, IdedExpr { expr: Expr::List(list), .. }] if call.func_name == operators::ADD => list.elements.first(),
        _ => None,
    }
}
