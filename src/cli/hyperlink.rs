//! Which terminals open links (OSC 8): none is asked, and none says so itself, so that what is known of them tells.
//!
//! Source: "Hyperlinks in terminal emulators" and its list of terminals. What does not know the sequence should leave it
//! out, and some print it; so a terminal that is not known gets no links.

/// Whether the terminal that these variables of the environment tell of takes links.
pub(super) fn is_taken(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(forced) = set("FORCE_HYPERLINK") {
        return forced != "0";
    }
    // tmux passes links on since its version 3.4 alone, and screen never.
    if set("TMUX").is_some() || set("STY").is_some() || set("CI").is_some() {
        return false;
    }
    let vte = set("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    let program = set("TERM_PROGRAM");
    let term = set("TERM");
    // VTE 0.50.0 took them, and crashed; 0.50.1 did not.
    vte.is_some_and(|version| version > 5000)
        || ["WT_SESSION", "DOMTERM", "KONSOLE_VERSION"].into_iter().any(|name| set(name).is_some())
        || program.is_some_and(|program| PROGRAMS.contains(&program.as_str()))
        || term.is_some_and(|term| TERMS.iter().any(|known| term.starts_with(known)))
}

/// Of `TERM_PROGRAM`.
const PROGRAMS: [&str; 6] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];

/// Of `TERM`, as it begins.
const TERMS: [&str; 5] = ["xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm"];

#[cfg(test)]
mod tests {
    use super::is_taken;

    fn taken(variables: &[(&str, &str)]) -> bool {
        is_taken(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn terminals_that_are_known_take_links() {
        assert!(taken(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")]));
        assert!(taken(&[("TERM", "xterm-kitty")]) && taken(&[("TERM_PROGRAM", "iTerm.app")]));
        assert!(!taken(&[("VTE_VERSION", "5000")]) && !taken(&[("TERM", "xterm-256color")]) && !taken(&[]));
    }

    #[test]
    fn what_stands_between_takes_none_unless_it_is_forced() {
        assert!(!taken(&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/tmux")]));
        assert!(taken(&[("FORCE_HYPERLINK", "1"), ("TMUX", "/tmp/tmux")]));
        assert!(!taken(&[("FORCE_HYPERLINK", "0"), ("TERM", "xterm-kitty")]));
    }
}
