// npm run -s token: prints a bearer token for the local API.
import { scopes } from '@inventory/schemas';
import { findSigningKey, issueToken } from './issuer.ts';
import { readTokenOptions, tokenHelp, UsageError } from './options.ts';

try {
  const options = readTokenOptions(process.argv.slice(2), process.env);
  console.log(options.help ? tokenHelp : await token(options));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

type Options = ReturnType<typeof readTokenOptions>;

async function token({ dataDirectory, scope, ttlSeconds, sub }: Options): Promise<string> {
  const key = await findSigningKey(dataDirectory);
  if (!key) throw new UsageError(`There is no signing key in ${dataDirectory}: \`npm start\` makes it.`);

  const known = Object.keys(scopes);
  const unknown = (scope ?? '').split(' ').filter((name) => name !== '' && !known.includes(name));
  if (unknown.length > 0) console.error(`No route asks for ${unknown.join(', ')}. Scopes: ${known.join(' ')}`);
  return issueToken(key, { sub, scope: scope ?? known.join(' '), ttlSeconds, now: new Date() });
}
