//! The simulator, asked by the real SDK clients.

#[cfg(test)]
mod simulator {
    mod account;
    pub(crate) mod clients;
    mod cloudtrail;
    mod demo;
    mod garbage;
    mod kms;
    mod logs;
    mod organizations;
    mod partitions;
    mod refusals;
    mod s3;
    mod sns;
    mod socket;
    mod sts;
    mod tagging;
    mod weather;
}
