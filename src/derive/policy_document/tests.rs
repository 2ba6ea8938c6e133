use super::*;

fn one(statement: &str) -> Entry {
    PolicyDocument::read(&format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#)).unwrap().entries[0]
        .clone()
}

#[test]
fn documents_that_cannot_be_read() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let long = format!("{{\"Statement\": [], \"Id\": \"{}\"}}", "x".repeat(LONGEST));
    let cases = [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        r#"{"Statement": 7}"#,
        r#"{"Statement": [], "Statement": []}"#,
        r#"{"Statement": [], "Stetement": []}"#,
        r#"{"Statement": [], "Version": 2012}"#,
        deep.as_str(),
        long.as_str(),
    ];
    for text in cases {
        assert!(PolicyDocument::read(text).is_err(), "{}", &text[..text.len().min(60)]);
    }
}

#[test]
fn statements_that_cannot_be_read_leave_the_others_alone() {
    let cases = [
        ("7", "not an object"),
        (r#"{"Principal": "*", "Action": "s3:*", "Resource": "*"}"#, "no Effect"),
        (r#"{"Effect": "allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}"#, "neither Allow nor Deny"),
        (r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#, "no Principal"),
        (r#"{"Effect": "Allow", "Principal": "x", "Action": "s3:*", "Resource": "*"}"#, "Principal"),
        (r#"{"Effect": "Allow", "Principal": {"Aws": "*"}, "Action": "s3:*", "Resource": "*"}"#, "not known: `Aws`"),
        (r#"{"Effect": "Allow", "Principal": {"AWS": []}, "Action": "s3:*", "Resource": "*"}"#, "empty list"),
        (r#"{"Effect": "Allow", "Principal": "*", "Action": 1, "Resource": "*"}"#, "Action"),
        (r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*"}"#, "no Resource"),
        (r#"{"Effect": "Allow", "Principal": "*", "Action": "a", "Action": "b", "Resource": "*"}"#, "twice"),
        (r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": []}"#, "Condition"),
        (
            r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"StringIs": {}}}"#,
            "operator that is not known",
        ),
        (
            r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"a": {}}}}"#,
            "not plain",
        ),
        (
            r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
                "Condition": {"Bool": {"aws:X": "true", "AWS:x": "false"}}}"#,
            "twice",
        ),
    ];
    for (statement, why) in cases {
        let fine = r#"{"Sid": "Fine", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}"#;
        let document = PolicyDocument::read(&format!(r#"{{"Statement": [{statement}, {fine}]}}"#)).unwrap();
        let error = document.entries[0].statement.clone().unwrap_err().to_string();
        assert!(error.contains(why), "{statement}: {error}");
        assert!(document.entries[1].statement.is_ok());
        assert_eq!(document.entries[1].place.to_string(), "statement 2 (\"Fine\")");
    }
}

#[test]
fn actions_ignore_case_and_know_wildcards() {
    let entry = one(
        r#"{"Effect": "Allow", "Principal": "*", "Action": ["S3:getobject", "s3:Put*ACL", "s3:List?ucket"], "Resource": "*"}"#,
    );
    let actions = entry.statement.unwrap().actions;
    for (action, included) in [
        ("s3:GetObject", true),
        ("s3:PutBucketAcl", true),
        ("s3:ListBucket", true),
        ("s3:ListBucketVersions", false),
        ("s3:PutObject", false),
    ] {
        assert_eq!(actions.include(action), included, "{action}");
    }
    let entry = one(r#"{"Effect": "Allow", "Principal": "*", "NotAction": "s3:Get*", "Resource": "*"}"#);
    let actions = entry.statement.unwrap().actions;
    assert!(actions.include("s3:PutObject") && !actions.include("s3:GetObject") && !actions.include_all_of("s3"));
}

#[test]
fn conditions_hold_surely_never_or_perhaps() {
    let context = Context::default()
        .is("aws:SecureTransport", "false")
        .is("aws:SourceArn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t")
        .with("aws:PrincipalOrgID", Value::Absent)
        .with("aws:PrincipalAccount", Value::Unlike(vec![Pattern::exact("444455556666")]));
    let cases = [
        (r#"{"Bool": {"aws:SecureTransport": false}}"#, Truth::Yes),
        (r#"{"Bool": {"AWS:securetransport": "True"}}"#, Truth::No),
        (r#"{"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}"#, Truth::Yes),
        (r#"{"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}"#, Truth::No),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}"#, Truth::No),
        (r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}"#, Truth::Yes),
        (r#"{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}"#, Truth::Yes),
        (r#"{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}"#, Truth::Yes),
        (r#"{"ForAnyValue:StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}"#, Truth::No),
        (r#"{"Null": {"aws:PrincipalOrgID": "true"}}"#, Truth::Yes),
        (r#"{"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}"#, Truth::Yes),
        (r#"{"StringNotEquals": {"aws:PrincipalAccount": "777788889999"}}"#, Truth::Unknown),
        (r#"{"StringEquals": {"aws:PrincipalAccount": "444455556666"}}"#, Truth::No),
        (r#"{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#, Truth::Unknown),
        (r#"{"Bool": {"aws:SecureTransport": "${aws:x}"}}"#, Truth::Unknown),
        (r#"{"Bool": {"aws:SecureTransport": "false"}, "Null": {"aws:PrincipalOrgID": "false"}}"#, Truth::No),
    ];
    for (condition, expected) in cases {
        let entry = one(&format!(
            r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {condition}}}"#
        ));
        assert_eq!(context.satisfies(&entry.statement.unwrap()), expected, "{condition}");
    }
}

#[test]
fn long_patterns_are_compared_in_good_time() {
    let long = "*a".repeat(4000);
    let statement = |effect: &str| {
        format!(r#"{{"Effect": "{effect}", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/{long}"}}"#)
    };
    let document = format!(r#"{{"Statement": [{}, {}]}}"#, statement("Allow"), statement("Deny"));
    let document = PolicyDocument::read(&document).unwrap();
    let (accounts, trusted) = Default::default();
    let organization = Organization { id: None, accounts: &accounts, complete: false };
    let scope = Scope { owner: None, organization, trusted: &trusted };
    let objects = Pattern::new("arn:aws:s3:::b/*");
    let rights: Vec<Right> =
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map(|action| Right { action, on: objects.clone() }).into();
    // What is allowed is denied to everybody: nothing is left, and no comparison was repeated for every action.
    assert!(Grants::of(&document, &rights, &scope).held.is_empty());
}
