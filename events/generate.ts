// npm run events: writes the events that `sam local invoke` and the tests send, from the examples of the contracts.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiEvents } from './api-events.ts';
import { serviceEvents } from './service-events.ts';

const folder = import.meta.dirname;

for (const file of await readdir(folder)) if (file.endsWith('.json')) await rm(join(folder, file));
for (const { file, event } of [...apiEvents(), ...serviceEvents])
  await writeFile(join(folder, file), `${JSON.stringify(event, null, 2)}\n`);
