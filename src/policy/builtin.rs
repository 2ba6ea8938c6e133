//! The policies in the binary.

include!(concat!(env!("OUT_DIR"), "/policies.rs"));
