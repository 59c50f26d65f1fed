import { key } from '../../template/json.ts';
import { editEnvironment, inEach, type Rule } from '../rule.ts';
import { statementsOfRole } from '../statements.ts';

const role = 'CloudFormationExecutionRole';
const policy = `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const managed = (id: string) => `${id}/Properties/PolicyDocument/Statement`;

/** What handlers call for properties that the application's template does not have. */
const notUsed: readonly RegExp[] = [
  /^(amplify|apprunner|appsync|bedrock-agentcore|elasticloadbalancing|payments):|^cognito-idp:\w*WebACL|VerifiedAccess/, // firewalls elsewhere
  /^(autoscaling|cloudfront|elasticfilesystem|firehose|s3files):/,
  /^s3:(GetBucketPolicy|PutBucketPolicy|REST)/, // logs in buckets
  /^apigateway:UpdateRestApiPolicy$/,
  /^codedeploy:RegisterOnPremisesInstance$/,
  /^cognito-idp:AddCustomAttributes$/,
  /^ec2:(AcceptAddressTransfer|AssociateAddress|CreateVpcEncryptionControl|ModifyVpcTenancy|\w*SubnetCidrBlock|\w*VpnGateways?)$/,
  /^ec2:\w*(PrivateNatGatewayAddress|AssociateNatGatewayAddress|DisassociateNatGatewayAddress)$/,
  /^iam:(DeleteRolePermissionsBoundary|DescribeOrganization|ListRoles)$/, // the first is a rule's business
  /^kms:(DisableKey|DisableKeyRotation|EnableKey|GenerateDataKeyWithoutPlaintext|ReEncrypt(From|To))$/,
  /^lambda:(AssociateRuntimeAlias|PassCapacityProvider|Put\w*Config|Delete\w*Config|GetCodeSigningConfig)$/,
  /^logs:(\w*IndexPolicy|(Put|Delete)DataProtectionPolicy|DeleteResourcePolicy|PutBearerTokenAuthentication)$/,
  /^rds:(\w*RoleToDB\w+|\w*RoleFromDB\w+|Restore\w+|\w*BackupsReplication|\w*ReadReplica|CreateDBSnapshot|RemoveFromGlobalCluster)$/,
  /^secretsmanager:(RemoveRegionsFromReplication|ReplicateSecretToRegions)$/,
  /^sns:PutDataProtectionPolicy$/,
  /^wafv2:(Get|Put)PermissionPolicy$/,
];

/** What is called besides what handlers say: the SAM transform, and the custom resource of the migrations. */
const besides = ['cloudformation:CreateChangeSet', 'lambda:InvokeFunction'];

export const handlerRules: readonly Rule[] = [
  {
    name: "CloudFormation may call what its handlers call for the application's resources, and no more",
    check: inEach(function* ({ environments }, { handlers }) {
      for (const environment of environments) {
        const allowed = new Set(statementsOfRole(environment, role).flatMap(({ actions }) => actions));
        for (const [action, types] of Object.entries(handlers))
          if (!allowed.has(action) && !notUsed.some((each) => each.test(action)))
            yield `it may not ${action}, for ${key(types)}`;
        for (const action of besides) if (!allowed.has(action)) yield `it may not ${action}`;
        for (const action of allowed)
          if (handlers[action] === undefined && !besides.includes(action)) yield `it may ${action}, for nothing`;
      }
    }),
    defects: {
      'no alias can be moved': editEnvironment(`${policy}/@Functions/Action`, ['lambda:CreateFunction']),
      'no migration runs': editEnvironment(`${policy}/@Functions/Action`, ['lambda:InvokeFunction']),
      'no firewall is attached': editEnvironment(`${managed('NetworkPolicy')}/@Firewall/Action/0`),
      'no cluster can be changed': editEnvironment(`${managed('DataPolicy')}/@Database/Action/16`),
      'a database can be shared': editEnvironment(
        `${managed('DataPolicy')}/@Database/Action/-`,
        'rds:ModifyDBClusterSnapshotAttribute',
      ),
      'functions get URLs': editEnvironment(`${policy}/@Functions/Action/-`, 'lambda:CreateFunctionUrlConfig'),
    },
  },
];
