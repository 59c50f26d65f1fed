import { Logger } from '@aws-lambda-powertools/logger';

/** Structured logs (JSON), each with the release that wrote it. `POWERTOOLS_LOG_LEVEL` sets how much. */
export const logger = new Logger({
  serviceName: 'inventory-allocation',
  persistentKeys: { releaseId: process.env.RELEASE_ID ?? 'local' },
});

/** What was thrown, as the logger writes it with its stack and cause. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
