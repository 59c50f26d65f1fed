import type { Rule } from '../rule.ts';
import { alarmThresholdRules } from './alarm-thresholds.ts';
import { alarmRules } from './alarms.ts';
import { apiRules } from './api.ts';
import { configurationRules } from './configuration.ts';
import { databaseRules } from './database.ts';
import { encryptionRules } from './encryption.ts';
import { environmentRules } from './environment.ts';
import { firewallRules } from './firewall.ts';
import { functionRoleRules } from './function-roles.ts';
import { functionRules } from './functions.ts';
import { gatewayResponseRules } from './gateway-responses.ts';
import { logRules } from './logs.ts';
import { migrationRules } from './migrations.ts';
import { networkRules } from './network.ts';
import { parameterValueRules } from './parameter-values.ts';
import { parameterRules } from './parameters.ts';
import { policyRules } from './policies.ts';
import { propertyRules } from './properties.ts';
import { queueRules } from './queue.ts';
import { referenceRules } from './references.ts';
import { roleRules } from './roles.ts';
import { routeRules } from './routes.ts';
import { serviceRules } from './services.ts';
import { shiftingRules } from './shifting.ts';
import { outputRules, tokenRules } from './tokens.ts';

export const rules: readonly Rule[] = [
  ...parameterRules,
  ...parameterValueRules,
  ...configurationRules,
  ...propertyRules,
  ...referenceRules,
  ...networkRules,
  ...databaseRules,
  ...encryptionRules,
  ...roleRules,
  ...policyRules,
  ...functionRoleRules,
  ...serviceRules,
  ...functionRules,
  ...logRules,
  ...environmentRules,
  ...shiftingRules,
  ...migrationRules,
  ...apiRules,
  ...routeRules,
  ...gatewayResponseRules,
  ...tokenRules,
  ...queueRules,
  ...firewallRules,
  ...alarmRules,
  ...alarmThresholdRules,
  ...outputRules,
];
