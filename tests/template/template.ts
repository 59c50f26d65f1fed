import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const repository = resolve(import.meta.dirname, '../..');

export type Resource = {
  readonly Type: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Properties: Readonly<Record<string, unknown>>;
};

export type TemplateRoute = { readonly resource: string; readonly function: string; readonly open: boolean };

type Event = {
  readonly Type: string;
  readonly Properties: { readonly Path: string; readonly Method: string; readonly Auth?: unknown };
};

/** The template as it is written; the short forms (`!Ref X`) stand there as their bare values. */
export const template: { readonly Resources: Readonly<Record<string, Resource>> } = parse(
  readFileSync(join(repository, 'template.yaml'), 'utf8'),
  { logLevel: 'silent' },
);

export const resourcesOf = (type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

export const functions = resourcesOf('AWS::Serverless::Function');

/** Every `Events` entry of the API, with the logical name of its function. */
export const routes: readonly (TemplateRoute & { readonly method: string })[] = functions.flatMap(
  ([name, { Properties }]) =>
    Object.values((Properties.Events ?? {}) as Record<string, Event>)
      .filter(({ Type }) => Type === 'Api')
      .map(({ Properties: { Path, Method, Auth } }) => ({
        resource: Path,
        method: Method,
        function: name,
        open: JSON.stringify(Auth) === '{"Authorizer":"NONE"}',
      })),
);
