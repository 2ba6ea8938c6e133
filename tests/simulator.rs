//! The simulator, asked by the real SDK clients.

mod simulator {
    pub(crate) mod clients;
    mod cloudtrail;
    mod sts;
}
