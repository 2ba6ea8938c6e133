//! The device that declares facts.

/// Declares records of facts: structs with public documented fields, their schema and their value in expressions.
///
/// A field names the API calls that it rests on, each with the IAM action that allows the call where its name differs,
/// and `&` between them. A field that is worked out of others names the calls of all of them: what a rule needs to have
/// read is told from here.
///
/// ```
/// use trailproof::expr::{Fact, Known, ToFact, facts};
///
/// facts! {
///     /// A door.
///     pub struct Door {
///         /// The door's name.
///         name: String = "doors:List",
///         /// Whether it is locked.
///         locked: Known<bool> = "doors:Describe" => "doors:Get",
///         /// Whether anybody could walk in.
///         open: Known<bool> = "doors:Describe" => "doors:Get" & "walls:List",
///     }
/// }
///
/// let door = Door { name: "front".into(), locked: true.into(), open: false.into() };
/// assert_eq!(door.to_fact().unwrap().field("locked"), Some(&Fact::Bool(true)));
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __facts {
    ($($(#[$about:meta])* pub struct $name:ident {
        $($(#[$doc:meta])* $field:ident: $type:ty $(= $($source:literal $(=> $permission:literal)?)&+)?),+ $(,)?
    })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
        #[schemars(extend("title" = stringify!($name)))]
        pub struct $name {
            $(
                $(#[$doc])*
                $(#[schemars(extend("x-sources" = [$([$source $(, $permission)?]),+]))])?
                pub $field: $type,
            )+
        }

        impl $crate::expr::ToFact for $name {
            fn to_fact(&self) -> Option<$crate::expr::Fact> {
                static SHAPE: std::sync::LazyLock<$crate::expr::Shape> =
                    std::sync::LazyLock::new(|| $crate::expr::Shape::new([$(stringify!($field)),+]));
                Some($crate::expr::Fact::shaped(&SHAPE, [$($crate::expr::ToFact::to_fact(&self.$field)),+]))
            }
        }
    )+};
}

pub use __facts as facts;
