//! The simulator, asked by the real SDK clients.

mod simulator {
    mod account;
    pub(crate) mod clients;
    mod cloudtrail;
    mod demo;
    mod kms;
    mod logs;
    mod organizations;
    mod refusals;
    mod s3;
    mod sns;
    mod socket;
    mod sts;
    mod weather;
}
