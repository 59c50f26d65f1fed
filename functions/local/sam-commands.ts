import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { containerHostName } from './docker.ts';

export type Running = {
  /** Where database and issuer listen. */
  readonly host: string;
  readonly environmentFile: string;
  /** Lambda's image is here; the SAM CLI would ask for a newer one at each start. */
  readonly hasImage: boolean;
  readonly token: string;
  readonly expiredToken: string;
};

/** The options of `sam local` by which its containers find what runs here. */
const optionsOf = ({ environmentFile, hasImage }: Running): string =>
  [
    `--env-vars ${environmentFile}`,
    `--add-host ${containerHostName}:host-gateway`,
    // The template says arm64, and a container of another processor does not start.
    process.arch === 'x64' ? '--parameter-overrides Architecture=x86_64' : '',
    hasImage ? '--skip-pull-image' : '',
  ]
    .filter((option) => option !== '')
    .join(' ');

/** What to type, ready to be copied. */
export function samCommands(running: Running): string {
  const { host, token, expiredToken } = running;
  const options = optionsOf(running);
  const isBuilt = existsSync(join(import.meta.dirname, '../../.aws-sam/build/template.yaml'));
  const isAlone = host === '127.0.0.1' && process.platform === 'linux';
  return `
Database and issuer listen for containers on ${host}. Ctrl-C ends them.
${isAlone ? '\nNo Docker was found: `sam local` needs one (Debian, Ubuntu: apt-get install docker.io). Start it, then this again.\n' : ''}
${isBuilt ? 'Built:     .aws-sam/build; after a change build again:' : 'Build:    '} npm run sam -- build
API:       npm run sam -- local start-api ${options}
Function:  npm run sam -- local invoke AllocationFunction --event events/allocate.json ${options}
Image:     where AWS's cannot be pulled, tests/sam-local/image.sh makes a stand-in

Page:      http://127.0.0.1:3000/console, which takes the token
Token:     ${token}
           every scope, one day
Expired:   ${expiredToken}
First call: curl -s http://127.0.0.1:3000/health/database -H "Authorization: Bearer ${token}"
`;
}
