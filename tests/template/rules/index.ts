import type { Rule } from '../rule.ts';
import { alarmRules } from './alarms.ts';
import { apiRules } from './api.ts';
import { databaseRules } from './database.ts';
import { encryptionRules } from './encryption.ts';
import { firewallRules } from './firewall.ts';
import { functionRules } from './functions.ts';
import { gatewayResponseRules } from './gateway-responses.ts';
import { migrationRules } from './migrations.ts';
import { networkRules } from './network.ts';
import { parameterRules } from './parameters.ts';
import { queueRules } from './queue.ts';
import { referenceRules } from './references.ts';
import { roleRules } from './roles.ts';
import { serviceRules } from './services.ts';
import { shiftingRules } from './shifting.ts';
import { outputRules, tokenRules } from './tokens.ts';

export const rules: readonly Rule[] = [
  ...parameterRules,
  ...referenceRules,
  ...networkRules,
  ...databaseRules,
  ...encryptionRules,
  ...roleRules,
  ...serviceRules,
  ...functionRules,
  ...shiftingRules,
  ...migrationRules,
  ...apiRules,
  ...gatewayResponseRules,
  ...tokenRules,
  ...queueRules,
  ...firewallRules,
  ...alarmRules,
  ...outputRules,
];
