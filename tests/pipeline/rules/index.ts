import type { Rule } from '../rule.ts';
import { artifactRules } from './artifacts.ts';
import { buildspecRules } from './buildspecs.ts';
import { cloudFormationRoleRules } from './cloudformation-role.ts';
import { handlerRules } from './handlers.ts';
import { noticeRules } from './notices.ts';
import { packageRules } from './packages.ts';
import { parameterRules } from './parameters.ts';
import { policyRules } from './policies.ts';
import { projectRules } from './projects.ts';
import { referenceRules } from './references.ts';
import { reportRules } from './reports.ts';
import { resourceRules } from './resources.ts';
import { rightsRules } from './rights.ts';
import { secretRules } from './secrets.ts';
import { sourceRules } from './source.ts';
import { stageRules } from './stages.ts';
import { storageRules } from './storage.ts';
import { trustRules } from './trust.ts';

export const rules: readonly Rule[] = [
  ...stageRules,
  ...sourceRules,
  ...artifactRules,
  ...projectRules,
  ...buildspecRules,
  ...reportRules,
  ...rightsRules,
  ...policyRules,
  ...cloudFormationRoleRules,
  ...handlerRules,
  ...resourceRules,
  ...trustRules,
  ...storageRules,
  ...packageRules,
  ...noticeRules,
  ...secretRules,
  ...parameterRules,
  ...referenceRules,
];
