import { randomBytes } from 'node:crypto';

/** What Lambda puts into the environment of a function. */
export function signInAsLambda(): void {
  process.env.AWS_REGION = 'eu-central-1';
  process.env.AWS_ACCESS_KEY_ID = randomBytes(10).toString('hex');
  process.env.AWS_SECRET_ACCESS_KEY = randomBytes(20).toString('hex');
  process.env.AWS_SESSION_TOKEN = randomBytes(20).toString('hex');
}

/** What a handler asks of Lambda's context. */
export const lambdaWith = (seconds: number, awsRequestId = 'request-1') => {
  const end = Date.now() + seconds * 1_000;
  return { awsRequestId, getRemainingTimeInMillis: () => end - Date.now() };
};
