import type { Answer } from '@inventory/database';
import type { Reply } from './use-case.ts';

const made = new WeakMap<Reply, Answer>();

/**
 * The stored form of a reply: the exact text that is sent. A use case stores it with the effect; the shell sends the same
 * one (it is made once per reply), so that a replay has the same bytes.
 */
export function answerOf(reply: Reply): Answer {
  if ('replay' in reply) return reply.replay;
  const known = made.get(reply);
  if (known) return known;
  const { status, headers = {}, body } = reply;
  const answer = { status, headers, body: isText(headers) ? String(body) : JSON.stringify(body) };
  made.set(reply, answer);
  return answer;
}

/** A reply with a media type of its own brings its text. */
const isText = (headers: Readonly<Record<string, string>>) => 'Content-Type' in headers;

/** What answers with an entity carry: where it is, where it was created, and its version. */
export const entityHeaders = ({
  path,
  version,
}: {
  path?: string;
  version?: number;
}): Readonly<Record<string, string>> => ({
  ...(path === undefined ? {} : { Location: path }),
  ...(version === undefined ? {} : { ETag: `"${version}"` }),
});
