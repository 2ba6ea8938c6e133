//! Texts with the wildcards of IAM, compared as sets of texts.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource" (`*` any characters, `?` one) and "Policy variables"
//! (`${key}` stands for a value of the request; `${*}`, `${?}` and `${$}` for the characters themselves).

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Many,
    /// What a policy variable stands for is not known before the request.
    Variable,
    /// Any number of characters of a class.
    Run(Class),
}

/// Characters that a part of a name is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Small letters, digits and hyphens, as in a Region, an account or a date.
    Lower,
    /// Letters and digits.
    Word,
    /// All but slashes.
    Segment,
}

impl Class {
    fn admits(self, char: char) -> bool {
        match self {
            Self::Lower => char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-',
            Self::Word => char.is_ascii_alphanumeric(),
            Self::Segment => char != '/',
        }
    }

    /// Whether one character that a token stands for may be of the class.
    fn may_be(self, token: &Token) -> bool {
        match token {
            Token::Char(char) => self.admits(*char),
            Token::One | Token::Many | Token::Variable | Token::Run(_) => true,
        }
    }

    /// Whether it admits all that another class does.
    fn includes(self, other: Self) -> bool {
        self == other || self == Self::Segment
    }
}

/// A text with wildcards and policy variables: the set of the texts that it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
}

impl Pattern {
    /// A text in which `*`, `?` and policy variables have their meaning.
    pub fn new(text: &str) -> Self {
        Self::read(text, true)
    }

    /// A text in which only policy variables have a meaning, as in `StringEquals`.
    pub fn plain(text: &str) -> Self {
        Self::read(text, false)
    }

    /// A text of a request, in which nothing has a meaning.
    pub fn exact(text: &str) -> Self {
        Self { tokens: text.chars().map(Token::Char).collect() }
    }

    /// Every text that begins with one of this set.
    #[must_use]
    pub fn and_beneath(mut self) -> Self {
        self.tokens.push(Token::Many);
        self
    }

    /// This set, followed by a text in which nothing has a meaning.
    #[must_use]
    pub fn then(mut self, text: &str) -> Self {
        self.tokens.extend(text.chars().map(Token::Char));
        self
    }

    /// This set, followed by any number of characters of a class.
    #[must_use]
    pub fn and_any(mut self, class: Class) -> Self {
        self.tokens.push(Token::Run(class));
        self
    }

    fn read(text: &str, wildcards: bool) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some((inside, after)) = rest.strip_prefix("${").and_then(|inner| inner.split_once('}')) {
                tokens.push(match inside {
                    "*" => Token::Char('*'),
                    "?" => Token::Char('?'),
                    "$" => Token::Char('$'),
                    _ => Token::Variable,
                });
                rest = after;
                continue;
            }
            tokens.push(match first {
                '*' if wildcards => Token::Many,
                '?' if wildcards => Token::One,
                other => Token::Char(other),
            });
            rest = &rest[first.len_utf8()..];
        }
        tokens.dedup_by(|next, before| *next == Token::Many && *before == Token::Many);
        Self { tokens }
    }

    /// The set in words: as a policy would write it.
    pub fn as_text(&self) -> String {
        let token = |token: &Token| match token {
            Token::Char(char) => char.to_string(),
            Token::One => "?".to_owned(),
            Token::Many | Token::Run(_) => "*".to_owned(),
            Token::Variable => "${…}".to_owned(),
        };
        self.tokens.iter().map(token).collect()
    }

    /// The same in lower case, for comparisons that ignore it.
    pub fn lower_case(&self) -> Self {
        let lower = |token: &Token| match token {
            Token::Char(char) => Token::Char(char.to_ascii_lowercase()),
            other => *other,
        };
        Self { tokens: self.tokens.iter().map(lower).collect() }
    }

    /// Whether the set holds a text once that is in lower case. Most differ near their beginning, or in nothing.
    pub fn covers_in_lower_case(&self, text: &str) -> bool {
        let mut chars = text.chars().map(|char| char.to_ascii_lowercase());
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Char(char) if chars.next() == Some(*char) => {}
                Token::Char(_) => return false,
                Token::Many if at + 1 == self.tokens.len() => return true,
                _ => return self.covers(&Self::exact(text).lower_case()),
            }
        }
        chars.next().is_none()
    }

    /// Whether it matches one text alone: no wildcard and no variable.
    pub fn is_fixed(&self) -> bool {
        self.tokens.iter().all(|token| matches!(token, Token::Char(_)))
    }

    /// Whether it contains a policy variable.
    pub fn has_variable(&self) -> bool {
        self.tokens.contains(&Token::Variable)
    }

    /// Whether it surely matches every text that the other one matches.
    ///
    /// Never true where it is not so; a few cases of adjacent `?` and `*` are not recognised.
    pub fn covers(&self, other: &Self) -> bool {
        let Some((wide, narrow)) = after_same_beginning(&self.tokens, &other.tokens) else { return false };
        // row[j]: what is left of `wide` covers what is left of `narrow` after j tokens.
        let mut row = vec![false; narrow.len() + 1];
        row[narrow.len()] = true;
        for token in wide.iter().rev() {
            // What the row held at this place and at the next, one token of `wide` later.
            let mut later_next = false;
            for at in (0..=narrow.len()).rev() {
                let later = row[at];
                row[at] = match (token, narrow.get(at)) {
                    (Token::Many, Some(_)) => later || row[at + 1],
                    (Token::Many, None) => later,
                    (Token::One, Some(Token::Char(_) | Token::One)) => later_next,
                    (Token::Char(a), Some(Token::Char(b))) if a == b => later_next,
                    (Token::Run(class), Some(Token::Char(char))) if class.admits(*char) => later || row[at + 1],
                    (Token::Run(class), Some(Token::Run(other))) if class.includes(*other) => later || row[at + 1],
                    (Token::Run(_), _) => later,
                    _ => false,
                };
                later_next = later;
            }
        }
        row[0]
    }

    /// Whether some text may match both.
    ///
    /// Never false where it is not so: a variable may stand for anything.
    pub fn meets(&self, other: &Self) -> bool {
        let many = |token: &Token| matches!(token, Token::Many | Token::Variable);
        let Some((one, two)) = after_same_beginning(&self.tokens, &other.tokens) else { return false };
        // below[j]: what is left of `one` after its next token meets what is left of `two` after j tokens.
        let (mut below, mut row) = (vec![false; two.len() + 1], vec![false; two.len() + 1]);
        for i in (0..=one.len()).rev() {
            for j in (0..=two.len()).rev() {
                row[j] = match (one.get(i), two.get(j)) {
                    (None, None) => true,
                    (Some(a), b) if many(a) => below[j] || (b.is_some() && row[j + 1]),
                    (a, Some(b)) if many(b) => row[j + 1] || (a.is_some() && below[j]),
                    // All classes have characters in common.
                    (Some(Token::Run(_)), Some(Token::Run(_))) => below[j] || row[j + 1],
                    (Some(Token::Run(class)), b) => below[j] || (b.is_some_and(|b| class.may_be(b)) && row[j + 1]),
                    (a, Some(Token::Run(class))) => row[j + 1] || (a.is_some_and(|a| class.may_be(a)) && below[j]),
                    (Some(Token::Char(a)), Some(Token::Char(b))) => a == b && below[j + 1],
                    (Some(_), Some(_)) => below[j + 1],
                    _ => false,
                };
            }
            std::mem::swap(&mut below, &mut row);
        }
        below[0]
    }
}

/// What is left of two patterns after the characters that both begin with; nothing where a character tells them apart.
fn after_same_beginning<'a>(one: &'a [Token], two: &'a [Token]) -> Option<(&'a [Token], &'a [Token])> {
    let same = one.iter().zip(two).take_while(|(a, b)| a == b && matches!(a, Token::Char(_))).count();
    let (one, two) = (&one[same..], &two[same..]);
    match (one.first(), two.first()) {
        (Some(Token::Char(_)), Some(Token::Char(_))) => None,
        _ => Some((one, two)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_class() {
        let keys = Pattern::exact("b/CloudTrail/").and_any(Class::Lower).then("/").and_any(Class::Segment);
        let cases = [
            // A text, whether it covers the keys, whether it meets them
            ("b/CloudTrail/*", true, true),
            ("b/*/*/*", true, true),
            ("b/CloudTrail/eu-*/*", false, true),
            ("b/CloudTrail/??-*", false, true),
            ("b/CloudTrail/*/*/*", false, false),
            ("*/CloudTrail-Digest/*", false, false),
            ("*/CloudTrail-Digest*", false, true),
            ("b/CloudTrail/EU*", false, false),
            ("b/CloudTrail/", false, false),
            ("b/CloudTrail//", false, true),
            ("b/${aws:username}", false, true),
        ];
        for (text, covers, meets) in cases {
            let text_of = Pattern::new(text);
            assert_eq!((text_of.covers(&keys), text_of.meets(&keys)), (covers, meets), "{text}");
            assert_eq!(keys.meets(&text_of), meets, "{text}");
        }
        let run = |class| Pattern::exact("").and_any(class);
        assert!(run(Class::Segment).covers(&run(Class::Lower)) && run(Class::Segment).covers(&Pattern::exact("aB.")));
        assert!(!run(Class::Lower).covers(&run(Class::Segment)) && !run(Class::Lower).covers(&run(Class::Word)));
        assert!(!run(Class::Word).covers(&Pattern::exact("a-b")) && !run(Class::Segment).covers(&Pattern::new("*")));
        assert!(run(Class::Lower).meets(&run(Class::Word)) && run(Class::Lower).covers(&Pattern::exact("")));
    }

    #[test]
    fn sets_of_texts() {
        let cases = [
            // one, two, one covers two, they meet
            ("a", "a", true, true),
            ("a", "b", false, false),
            ("a*", "ab", true, true),
            ("a*", "a*", true, true),
            ("ab*", "a*", false, true),
            ("a?", "ab", true, true),
            ("a?", "a*", false, true),
            ("*", "", true, true),
            ("b/AWSLogs/*/*", "b/AWSLogs/111122223333/CloudTrail/*", true, true),
            ("b/AWSLogs/111122223333/CloudTrail/*", "b/AWSLogs/111122223333/*", false, true),
            ("b/AWSLogs/*", "b/other/*", false, false),
            ("b*", "b", true, true),
            ("b/*", "b", false, false),
            ("b/${aws:username}/*", "b/x/*", false, true),
            ("b/${*}", "b/x", false, false),
            ("*a", "b*", false, true),
        ];
        for (one, two, covers, meets) in cases {
            let (a, b) = (Pattern::new(one), Pattern::new(two));
            assert_eq!(a.covers(&b), covers, "{one} covers {two}");
            assert_eq!(a.meets(&b), meets, "{one} meets {two}");
            assert_eq!(b.meets(&a), meets, "{two} meets {one}");
        }
    }
}
