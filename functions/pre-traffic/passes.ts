import { setTimeout as wait } from 'node:timers/promises';
import { callAws } from '../aws/call.ts';
import type { Answer, Check } from './checks.ts';

const PAUSE_MILLISECONDS = 1_000;

/** Functions end after 25 s. */
const LONGEST_MILLISECONDS = 27_000;

/** Sends the check until the answer is right; 503 is the answer of a database that wakes up. Throws what is wrong. */
export async function passes({ name, version, event, fault }: Check, deadline: number): Promise<void> {
  for (;;) {
    const answer = await invoke(version, event, deadline);
    const wrong = fault(answer);
    if (wrong === null) return;
    if (answer.statusCode !== 503 || Date.now() + PAUSE_MILLISECONDS >= deadline) {
      throw new Error(`${version} ${wrong} to ${name}: ${JSON.stringify(answer).slice(0, 500)}`);
    }
    await wait(PAUSE_MILLISECONDS);
  }
}

async function invoke(version: string, event: object, deadline: number): Promise<Answer> {
  const { headers, text } = await callAws({
    action: 'lambda:InvokeFunction',
    path: `/2015-03-31/functions/${encodeURIComponent(version)}/invocations`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
    deadline,
    attemptMilliseconds: LONGEST_MILLISECONDS,
  });
  if (headers.has('x-amz-function-error')) throw new Error(`${version} failed: ${text.slice(0, 500)}`);
  return answerOf(text);
}

/** The body of an HTTP answer is JSON in a text of its own. */
function answerOf(text: string): Answer {
  const answer: Answer = { ...JSON.parse(text) };
  return typeof answer.body === 'string' ? { ...answer, body: jsonOf(answer.body) } : answer;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
