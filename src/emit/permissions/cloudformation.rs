//! CloudFormation templates: the role of members, and the policy of the caller.

use std::io::{self, Write};

use crate::collect::{ENTERING_ACTION, Permissions};

const ROLE_HEAD: &str = r#"# The role that trailproof assumes in an account: reads alone, trusted by one caller.
#
# Members, new ones included, by a StackSet of the management account:
#   aws cloudformation create-stack-set --stack-set-name trailproof --template-body file://trailproof-role.yaml \
#     --capabilities CAPABILITY_NAMED_IAM --permission-model SERVICE_MANAGED \
#     --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false \
#     --parameters ParameterKey=CallerArn,ParameterValue=ARN ParameterKey=ExternalId,ParameterValue=ID
#   aws cloudformation create-stack-instances --stack-set-name trailproof --regions us-east-1 \
#     --deployment-targets OrganizationalUnitIds=r-ROOT
# Such a StackSet leaves the management account out. Where the caller is of another account, deploy the template there
# too, as a stack: aws cloudformation deploy --stack-name trailproof --template-file trailproof-role.yaml …
AWSTemplateFormatVersion: "2010-09-09"
Description: The role that trailproof reads the audit trail with
Parameters:
  CallerArn:
    Type: String
    Description: The user or role that runs trailproof; nobody else may assume the role
    AllowedPattern: "^arn:aws[a-z-]*:iam::[0-9]{12}:(user|role)/.+$"
  ExternalId:
    Type: String
    NoEcho: true
    Default: ""
    Description: The external id that the caller must give; none where it is empty
"#;

const ROLE_BODY: &str = r#"Conditions:
  HasExternalId: !Not [!Equals [!Ref ExternalId, ""]]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: Read by trailproof; it changes nothing
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref CallerArn
            Action: sts:AssumeRole
            Condition: !If
              - HasExternalId
              - StringEquals:
                  sts:ExternalId: !Ref ExternalId
              - !Ref AWS::NoValue
      Policies:
        - PolicyName: trailproof-reads
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: Read
                Effect: Allow
                Resource: "*"
                Action:
"#;

pub(super) fn write_role(permissions: &Permissions, writer: &mut dyn Write) -> io::Result<()> {
    writer.write_all(ROLE_HEAD.as_bytes())?;
    writeln!(writer, "  RoleName:\n    Type: String\n    Default: {}", permissions.role_name())?;
    writer.write_all(ROLE_BODY.as_bytes())?;
    write_reads(permissions, 18, writer)?;
    writer.write_all(b"Outputs:\n  RoleArn:\n    Value: !GetAtt Role.Arn\n")
}

const POLICY_HEAD: &str = r#"# What the caller of trailproof must be allowed: attach the policy to the user or role that runs it, in the management
# account or in that of a delegated administrator.
AWSTemplateFormatVersion: "2010-09-09"
Description: What the caller of trailproof must be allowed
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: Lists the organization, enters its accounts to read, and changes nothing
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
"#;

pub(super) fn write_policy(permissions: &Permissions, writer: &mut dyn Write) -> io::Result<()> {
    writer.write_all(POLICY_HEAD.as_bytes())?;
    if let Some(roles) = permissions.entered_roles() {
        writeln!(writer, "          - Sid: EnterMembers\n            Effect: Allow")?;
        writeln!(writer, "            Action: {ENTERING_ACTION}\n            Resource: \"{roles}\"")?;
    }
    writer.write_all(
        b"          - Sid: Read\n            Effect: Allow\n            Resource: \"*\"\n            Action:\n",
    )?;
    write_reads(permissions, 14, writer)?;
    writer.write_all(b"Outputs:\n  PolicyArn:\n    Value: !Ref Policy\n")
}

fn write_reads(permissions: &Permissions, indent: usize, writer: &mut dyn Write) -> io::Result<()> {
    for action in permissions.reads() {
        writeln!(writer, "{:indent$}- {action}", "")?;
    }
    Ok(())
}
