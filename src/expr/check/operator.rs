//! Operators: logic, comparison, arithmetic, `in` and the condition `a ? b : c`.

use std::ops::Range;

use cel::common::ast::{IdedExpr, operators};

use super::{Checker, article};
use crate::expr::mistake::Mistake;
use crate::expr::node::{Kind, Node, Operator, Order};
use crate::expr::schema::Type;

impl Checker<'_> {
    /// A part made of a function that is written as an operator; nothing where there is no such operator.
    pub(super) fn operator(&mut self, token: Range<usize>, name: &str, operands: &[IdedExpr]) -> Option<Option<Node>> {
        let made = match (name, operands) {
            (operators::LOGICAL_AND, [left, right]) => self.logic(left, right, true),
            (operators::LOGICAL_OR, [left, right]) => self.logic(left, right, false),
            (operators::LOGICAL_NOT, [operand]) => self.not(token, operand),
            (operators::NEGATE, [operand]) => self.negate(token, operand),
            (operators::CONDITIONAL, [condition, then, otherwise]) => self.condition(condition, then, otherwise),
            (operators::EQUALS, [left, right]) => self.equality(left, right, false),
            (operators::NOT_EQUALS, [left, right]) => self.equality(left, right, true),
            (operators::IN, [element, within]) => self.membership(element, within),
            (operators::INDEX, [of, index]) => self.index(token, of, index),
            (operators::OPT_INDEX, [of, index]) => self.index_optional(token, of, index),
            (operators::OPT_SELECT, [of, name]) => self.select_optional(token, of, name),
            (_, [left, right]) => match (order(name), arithmetic(name)) {
                (Some(order), _) => self.comparison(left, right, order),
                (_, Some(operator)) => self.calculation(left, right, operator),
                _ => return None,
            },
            _ => return None,
        };
        Some(made)
    }

    fn both(&mut self, left: &IdedExpr, right: &IdedExpr) -> Option<(Node, Node)> {
        let left = self.part(left);
        let right = self.part(right);
        left.zip(right)
    }

    /// Reports a part that is not of a type, and says what asks for it.
    pub(super) fn expect(&mut self, node: &Node, wanted: &Type, asker: &str) -> bool {
        let fits = node.ty.fits(wanted);
        if !fits {
            let message = format!("{asker} {}, and {} is {}", article(wanted), self.quote(node), article(&node.ty));
            let mut mistake = Mistake::new(node.range.clone(), message);
            if matches!(&node.ty, Type::Optional(inner) if inner.fits(wanted)) {
                mistake = mistake.help("give a default with `.orValue(…)`");
            }
            self.report(mistake);
        }
        fits
    }

    fn logic(&mut self, left: &IdedExpr, right: &IdedExpr, is_and: bool) -> Option<Node> {
        let asker = if is_and { "`&&` asks for" } else { "`||` asks for" };
        let left = self.part(left).filter(|left| self.expect(left, &Type::Bool, asker));
        let right = self.guarded(left.as_ref(), is_and, |checker| checker.part(right));
        let right = right.filter(|right| self.expect(right, &Type::Bool, asker));
        let (left, right) = (left?, right?);
        let range = left.range.start..right.range.end;
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = if is_and { Kind::And(left, right) } else { Kind::Or(left, right) };
        Some(Node { range, ty: Type::Bool, kind, place: None })
    }

    fn not(&mut self, token: Range<usize>, operand: &IdedExpr) -> Option<Node> {
        let operand = self.part(operand)?;
        let range = token.start..operand.range.end;
        let fits = self.expect(&operand, &Type::Bool, "`!` asks for");
        fits.then(|| Node { range, ty: Type::Bool, kind: Kind::Not(Box::new(operand)), place: None })
    }

    fn negate(&mut self, token: Range<usize>, operand: &IdedExpr) -> Option<Node> {
        let operand = self.part(operand)?;
        let range = token.start..operand.range.end;
        let fits = self.expect(&operand, &Type::Int, "`-` asks for");
        fits.then(|| Node { range, ty: Type::Int, kind: Kind::Negate(Box::new(operand)), place: None })
    }

    fn condition(&mut self, condition: &IdedExpr, then: &IdedExpr, otherwise: &IdedExpr) -> Option<Node> {
        let condition = self.part(condition).filter(|node| self.expect(node, &Type::Bool, "`?` asks for"));
        let then = self.guarded(condition.as_ref(), true, |checker| checker.part(then));
        let otherwise = self.guarded(condition.as_ref(), false, |checker| checker.part(otherwise));
        let (condition, then, otherwise) = (condition?, then?, otherwise?);
        if !then.ty.fits(&otherwise.ty) {
            let message = format!("one branch is {}, the other {}", article(&then.ty), article(&otherwise.ty));
            self.say(then.range.start..otherwise.range.end, message);
            return None;
        }
        let range = condition.range.start..otherwise.range.end;
        let ty = if then.ty == Type::list(Type::Nothing) { otherwise.ty.clone() } else { then.ty.clone() };
        let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
        Some(Node { range, ty, kind: Kind::If { condition, then, otherwise }, place: None })
    }

    fn equality(&mut self, left: &IdedExpr, right: &IdedExpr, negated: bool) -> Option<Node> {
        let (left, right) = self.both(left, right)?;
        if !self.comparable(&left) || !self.comparable(&right) {
            return None;
        }
        let range = left.range.start..right.range.end;
        if left.ty != right.ty {
            let message = format!("{} is never equal to {}", article(&left.ty), article(&right.ty));
            self.say(range, message);
            return None;
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Some(Node { range, ty: Type::Bool, kind: Kind::Equal { left, right, negated }, place: None })
    }

    /// Whole lists and records are not compared: one unread field would hide everything else.
    fn comparable(&mut self, node: &Node) -> bool {
        let help = match &node.ty {
            Type::Bool | Type::Int | Type::String => return true,
            Type::Optional(_) => "give a default with `.orValue(…)`, or ask `.hasValue()`",
            Type::Record(_) => "compare one of its fields",
            _ => "compare elements with `.all(…)` or `.exists(…)`, or count them with `size(…)`",
        };
        let message = format!("{} is {}: it cannot be compared as a whole", self.quote(node), article(&node.ty));
        self.report(Mistake::new(node.range.clone(), message).help(help));
        false
    }

    fn comparison(&mut self, left: &IdedExpr, right: &IdedExpr, order: Order) -> Option<Node> {
        let (left, right) = self.both(left, right)?;
        let ordered = |node: &Node| matches!(node.ty, Type::Int | Type::String);
        for node in [&left, &right] {
            if !ordered(node) && !self.expect(node, &Type::Int, "an order asks for") {
                return None;
            }
        }
        let range = left.range.start..right.range.end;
        if left.ty != right.ty {
            let message = format!("{} and {} have no order", article(&left.ty), article(&right.ty));
            self.say(range, message);
            return None;
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Some(Node { range, ty: Type::Bool, kind: Kind::Compare { left, right, order }, place: None })
    }

    fn calculation(&mut self, left: &IdedExpr, right: &IdedExpr, operator: Operator) -> Option<Node> {
        let (left, right) = self.both(left, right)?;
        let joins_text = operator == Operator::Add && left.ty == Type::String && right.ty == Type::String;
        if !joins_text {
            let fits = self.expect(&left, &Type::Int, "the calculation asks for");
            if !self.expect(&right, &Type::Int, "the calculation asks for") || !fits {
                return None;
            }
        }
        let range = left.range.start..right.range.end;
        if matches!(operator, Operator::Divide | Operator::Remainder) && matches!(right.kind, Kind::Int(0)) {
            self.say(range, "nothing can be divided by zero");
            return None;
        }
        let ty = left.ty.clone();
        let (left, right) = (Box::new(left), Box::new(right));
        Some(Node { range, ty, kind: Kind::Calculate { left, right, operator }, place: None })
    }

    fn membership(&mut self, element: &IdedExpr, within: &IdedExpr) -> Option<Node> {
        let (element, within) = self.both(element, within)?;
        let wanted = match &within.ty {
            Type::List(of) if of.is_scalar() || **of == Type::Nothing => of.as_ref().clone(),
            Type::Map(_) => Type::String,
            Type::List(_) => {
                let of = self.source(within.range.clone());
                let help = format!("look for a field: `{of}.exists(x, x.… == …)`");
                self.report(Mistake::new(within.range, "`in` looks for one value in a list of values").help(help));
                return None;
            }
            _ => {
                self.expect(&within, &Type::list(element.ty.clone()), "`in` asks for");
                return None;
            }
        };
        if !self.comparable(&element) {
            return None;
        }
        let range = element.range.start..within.range.end;
        if !element.ty.fits(&wanted) {
            let message = format!("{} is never in a {}", article(&element.ty), within.ty);
            self.say(range, message);
            return None;
        }
        let (element, within) = (Box::new(element), Box::new(within));
        Some(Node { range, ty: Type::Bool, kind: Kind::In { element, within }, place: None })
    }
}

fn order(name: &str) -> Option<Order> {
    match name {
        operators::LESS => Some(Order::Less),
        operators::LESS_EQUALS => Some(Order::LessOrEqual),
        operators::GREATER => Some(Order::Greater),
        operators::GREATER_EQUALS => Some(Order::GreaterOrEqual),
        _ => None,
    }
}

fn arithmetic(name: &str) -> Option<Operator> {
    match name {
        operators::ADD => Some(Operator::Add),
        operators::SUBSTRACT => Some(Operator::Subtract),
        operators::MULTIPLY => Some(Operator::Multiply),
        operators::DIVIDE => Some(Operator::Divide),
        operators::MODULO => Some(Operator::Remainder),
        _ => None,
    }
}
