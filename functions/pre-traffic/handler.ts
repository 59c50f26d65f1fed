import { callJson } from '../aws/call.ts';
import { asError, logger } from '../http/logger.ts';
import { checks } from './checks.ts';
import { passes } from './passes.ts';

/** What CodeDeploy sends before it shifts the first request. */
export type HookEvent = { readonly DeploymentId: string; readonly LifecycleEventHookExecutionId: string };

/** The rest is for the report: a deployment without one hangs for an hour. */
const REPORT_MILLISECONDS = 10_000;

/** How long a sleeping cluster may take. */
const PATIENCE_MILLISECONDS = 60_000;

/**
 * Asks the new versions to read and to decide, and tells CodeDeploy once whether traffic may go to them: Failed too when
 * something goes wrong here. Changes nothing. One hook serves every deployment of the stack, and asks all versions each
 * time, since they are released together.
 */
export async function handler(event: HookEvent, lambda: { getRemainingTimeInMillis(): number }): Promise<void> {
  const end = Date.now() + lambda.getRemainingTimeInMillis();
  const deadline = Math.min(end - REPORT_MILLISECONDS, Date.now() + PATIENCE_MILLISECONDS);
  const status = (await isReady(deadline)) ? 'Succeeded' : 'Failed';
  await callJson({
    action: 'codedeploy:PutLifecycleEventHookExecutionStatus',
    target: 'CodeDeploy_20141006',
    version: '1.1',
    deadline: end - 500,
    attemptMilliseconds: 3_000,
    input: {
      deploymentId: event.DeploymentId,
      lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
      status,
    },
  });
  logger.info('The deployment was told', { deploymentId: event.DeploymentId, status });
}

async function isReady(deadline: number): Promise<boolean> {
  try {
    for (const check of checks(process.env)) await passes(check, deadline);
    return true;
  } catch (error) {
    logger.error('The new version is not ready', { error: asError(error) });
    return false;
  }
}
