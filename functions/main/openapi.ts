import { openApiDocument } from '@inventory/schemas';
import { problems } from '../http/problems.ts';
import type { Context, Reply, Settings } from '../http/use-case.ts';

/** The description of the API, generated from the contracts. */
export const readOpenApi = (_request: unknown, { settings }: Context): Reply => ({
  status: 200,
  body: documentOf(settings),
});

let document: ReturnType<typeof openApiDocument> | undefined;

/** The OpenAPI document of this release, made on first use. */
export function documentOf({ releaseId }: Settings) {
  document ??= openApiDocument({ problems, version: releaseId });
  return document;
}
