//! The simulator, asked by the real SDK clients.

#[cfg(test)]
mod simulator {
    mod account;
    mod athena;
    pub(crate) mod clients;
    mod cloudtrail;
    mod cloudwatch;
    mod config;
    mod demo;
    mod event_data_stores;
    mod events;
    mod garbage;
    mod iam;
    mod kms;
    mod log_filters;
    mod logs;
    mod organizations;
    mod partitions;
    mod refusals;
    mod s3;
    mod service_control;
    mod sns;
    mod socket;
    mod sts;
    mod tagging;
    mod weather;
}
