import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { at, type JsonObject, membersOf } from '../template/json.ts';
import { repository } from './template.ts';

/** What SAM makes of a resource of its own. */
const madeBySam: Readonly<Record<string, readonly string[]>> = {
  'AWS::Serverless::Function': [
    ...['Function', 'Version', 'Alias', 'Permission', 'EventSourceMapping'].map((each) => `AWS::Lambda::${each}`),
    ...['Application', 'DeploymentGroup'].map((each) => `AWS::CodeDeploy::${each}`),
  ],
  'AWS::Serverless::Api': ['RestApi', 'Deployment', 'Stage'].map((each) => `AWS::ApiGateway::${each}`),
  'AWS::Serverless::LayerVersion': ['AWS::Lambda::LayerVersion'],
};

/** The actions that CloudFormation's handlers call for a template, each with the types that need it. */
export async function actionsOfHandlers(application: JsonObject): Promise<JsonObject> {
  const types = Object.values(membersOf(application.Resources)).map((each) => String(at(each, 'Type')));
  const all = new Set(types.flatMap((type) => madeBySam[type] ?? [type]).filter((type) => type.startsWith('AWS::')));
  const run = promisify(execFile)(
    join(repository, 'pipeline/scripts/sam.sh'),
    [join(import.meta.dirname, 'handlers.py')],
    { env: { ...process.env, SAM_TOOL: 'python' } },
  );
  run.child.stdin?.end(JSON.stringify([...all]));
  return membersOf(JSON.parse((await run).stdout));
}
