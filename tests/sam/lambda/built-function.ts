import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A function as `sam build` left it: what Lambda would be told about it. */
export type BuiltFunction = {
  readonly name: string;
  readonly handler: string;
  readonly layers: readonly string[];
  /** The declared variables; null where only a deployment knows the value. */
  readonly variables: Readonly<Record<string, string | null>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
};

/**
 * Every function of a built template, so that one that is new is found by itself. SAM moves the files of the handlers:
 * only the built template tells where they are.
 */
export async function builtFunctions(build: string): Promise<readonly BuiltFunction[]> {
  const template: Template = parse(await readFile(join(build, 'template.yaml'), 'utf8'));
  const defaults = template.Globals?.Function ?? {};
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::Serverless::Function')
    .map(([name, { Properties = {} }]) => {
      const properties = { ...defaults, ...Properties };
      const variables = { ...defaults.Environment?.Variables, ...Properties.Environment?.Variables };
      return {
        name,
        handler: properties.Handler ?? '',
        layers: (properties.Layers ?? []).map(({ Ref }) => Ref),
        variables: Object.fromEntries(
          Object.entries(variables).map(([key, value]) => [key, settled(value, template.Parameters ?? {})]),
        ),
        timeoutSeconds: properties.Timeout ?? 3,
        memoryMegabytes: properties.MemorySize ?? 128,
      };
    });
}

type Properties = {
  readonly Handler?: string;
  readonly Layers?: readonly { readonly Ref: string }[];
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Timeout?: number;
  readonly MemorySize?: number;
};

type Template = {
  readonly Globals?: { readonly Function?: Properties };
  readonly Parameters?: Parameters;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
};

type Parameters = Readonly<Record<string, { readonly Default?: unknown }>>;

/** A parameter's default, a literal, or a list of them joined; what a resource or the account would say is null. */
function settled(value: unknown, parameters: Parameters): string | null {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value && typeof value.Ref === 'string') return defaultOf(parameters[value.Ref]);
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, items] = value['Fn::Join'];
    if (Array.isArray(items)) return items.map((item) => settled(item, parameters)).join(separator);
    return settled(items, parameters);
  }
  return null;
}

const defaultOf = (parameter: { readonly Default?: unknown } | undefined): string | null =>
  parameter?.Default === undefined ? null : String(parameter.Default);
