// Starts PostgreSQL on the folder that it is given, as `npm start` does, and goes on until it is stopped or killed.
import { startPostgres } from '../../layers/database/local/index.ts';

const [dataDirectory = '', how] = process.argv.slice(2);
const postgres = await startPostgres({ dataDirectory, durable: true });
if (how === 'closes-on-signals') {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await postgres.stop();
      process.exit(0);
    });
  }
}
console.log(JSON.stringify({ url: postgres.url, adopted: postgres.adopted }));
setInterval(() => {}, 60_000);
