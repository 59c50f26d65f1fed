import { at, isObject, type Json, type JsonObject, listOf, membersOf, same, textsOf } from './json.ts';
import { holds, resolve, type Scope } from './resolve.ts';
import { readFiles, transformAll } from './transform.ts';

/** The files as they are written, intrinsics in their long form. */
export type Source = { readonly template: JsonObject; readonly configuration: JsonObject };

export type Resource = JsonObject & { readonly Type: string };

/** The template of one environment as CloudFormation sees it: transformed, parameters and conditions resolved. */
export type Rendering = {
  readonly name: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Those whose condition holds, by logical id. */
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: JsonObject;
  /** Before conditions and parameters are resolved. */
  readonly transformed: JsonObject;
};

export type Stack = { readonly source: Source; readonly renderings: readonly Rendering[] };

type Variant = { readonly of: string; readonly parameters: Readonly<Record<string, string>> };

/**
 * Beside the environments of samconfig.toml: what a parameter switches on or off. Each parameter has a value other than its
 * default somewhere, or a value that is written down where a parameter belongs would go unseen.
 */
const variants: Readonly<Record<string, Variant>> = {
  issuer: { of: 'stage', parameters: { JwtIssuer: 'https://issuer.example.com/' } },
  vpc: {
    of: 'prod',
    parameters: { FunctionsInVpc: 'true', SetApiGatewayLogRole: 'false', JwtAudience: 'stock', VpcCidr: '10.8.0.0/20' },
  },
  options: {
    of: 'prod',
    parameters: {
      AlarmEmail: 'operator@example.com',
      AllocateThrottleRate: '20',
      AllocationRequest: '{"filter":{},"pick":"FEFO"}',
      AllocationSchedule: 'cron(0 2 * * ? *)',
      AllowedCosts: 'LOT,MOVING_AVERAGE',
      Architecture: 'x86_64',
      ConsoleClientId: 'planners',
      Currency: 'JPY',
      CurrencyDigits: '0',
      DatabaseName: 'stock',
      EngineVersion: '17.5',
      IgnoreAlarms: 'true',
      JwtAudience: 'stock',
      JwtIssuer: 'https://issuer.example.com/',
      LogLevel: 'WARN',
      PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
      ReleaseId: '0123456789abcdef0123456789abcdef01234567',
      ThrottleBurst: '200',
      ThrottleRate: '100',
      TimeZone: 'Asia/Tokyo',
      WafEnabled: 'true',
    },
  },
};

export const renderingNames = ['default', 'stage', 'prod', ...Object.keys(variants)];

export async function readSource(): Promise<Source> {
  return (await readFiles()) as Source; // what transform.py promises
}

/** The stack in the renderings asked for. */
export async function render(source: Source, names: readonly string[]): Promise<Stack> {
  const answers = await transformAll(names.map((name) => requestOf(source, name)));
  const renderings = names.map((name, index) => renderingOf(name, source, templateOf(answers[index], 'The template')));
  return { source, renderings };
}

export type Change = {
  /** What an error calls it. */
  readonly name: string;
  readonly edit: (source: Source) => Source;
  /** Where it shows: a rendering, or the source alone. */
  readonly seenIn: string;
};

/**
 * The stack after each change, in the rendering where it shows. SAM takes plain CloudFormation as it is, so a change of
 * that alone is made to what SAM has answered already: a rendering takes 60 ms, and there are hundreds of changes.
 */
export async function renderChanged(stack: Stack, changes: readonly Change[]): Promise<Stack[]> {
  const made = changes.map((change) => {
    const source = change.edit(stack.source);
    const base = stack.renderings.find(({ name }) => name === change.seenIn);
    const known =
      base && isPlain(stack.source.template, source.template) ? plainlyChanged(base, change, source) : undefined;
    return { change, source, known };
  });
  const open = made.filter(({ change, known }) => known === undefined && change.seenIn !== 'source');
  const answers = await transformAll(open.map(({ change, source }) => requestOf(source, change.seenIn)));
  const refused = open.filter((_, index) => !isObject(at(answers[index], 'template'))).map(({ change }) => change.name);
  if (refused.length > 0) throw new Error(`The transform refuses by itself: ${refused.join('; ')}`);
  const rendered = new Map(open.map(({ change }, index) => [change, templateOf(answers[index], change.name)]));
  return made.map(({ change, source, known }) => {
    const transformed = known ?? rendered.get(change);
    return { source, renderings: transformed ? [renderingOf(change.seenIn, source, transformed)] : [] };
  });
}

/** Whether SAM would answer both alike but for what differs: nothing of SAM's own differs. */
function isPlain(before: JsonObject, after: JsonObject): boolean {
  if (before.Globals !== after.Globals) return false;
  if (!same(at(before, 'Parameters/ReleaseId'), at(after, 'Parameters/ReleaseId'))) return false;
  const [old, changed] = [membersOf(before.Resources), membersOf(after.Resources)];
  const ids = new Set([...Object.keys(old), ...Object.keys(changed)]);
  return [...ids]
    .filter((id) => old[id] !== changed[id])
    .flatMap((id) => [old[id], changed[id]])
    .every((each) => !String(at(each, 'Type')).startsWith('AWS::Serverless::'));
}

/** Undefined where the change names what only SAM can: `Main.Alias` and its like. */
function plainlyChanged(base: Rendering, { edit }: Change, { configuration }: Source): JsonObject | undefined {
  const { template } = edit({ template: base.transformed, configuration });
  const namesOfSam = /"\w+\.(Alias|Version|Stage|Deployment)[".]/;
  return namesOfSam.test(JSON.stringify(template)) ? undefined : template;
}

const requestOf = (source: Source, name: string): Json => ({
  template: source.template,
  parameters: parametersOf(source, name),
});

function templateOf(answer: Json | undefined, name: string): JsonObject {
  const { template, error } = membersOf(answer);
  if (!isObject(template)) throw new Error(`${name} is refused by the transform: ${String(error)}`);
  return template;
}

/** Template and configuration of one environment: the parameters' defaults and what the configuration overrides. */
export function parametersOf({ template, configuration }: Source, name: string): Record<string, Json> {
  const { of, parameters } = variants[name] ?? { of: name, parameters: {} };
  const defaults = Object.entries(membersOf(template.Parameters)).map(([id, each]) => [id, at(each, 'Default') ?? '']);
  return { ...Object.fromEntries(defaults), ...overridesOf(configuration, of), ...parameters };
}

export const overridesOf = (configuration: JsonObject, environment: string): Record<string, string> =>
  Object.fromEntries(
    textsOf(at(configuration, `${environment}/deploy/parameters/parameter_overrides`)).map((each) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(each) ?? [];
      return [name, value];
    }),
  );

function renderingOf(name: string, source: Source, transformed: JsonObject): Rendering {
  const parameters = parametersOf(source, name);
  const lists = Object.entries(membersOf(transformed.Parameters)).filter(([, each]) =>
    String(at(each, 'Type')).match(/List/),
  );
  const scope: Scope = {
    parameters: { ...parameters, ...Object.fromEntries(lists.map(([id]) => [id, String(parameters[id]).split(',')])) },
    mappings: transformed.Mappings,
    conditions: membersOf(transformed.Conditions),
  };
  const active = (value: JsonObject) =>
    Object.entries(value).filter(
      ([, each]) => !isObject(each) || each.Condition === undefined || holds(each.Condition, scope),
    );
  const resources = active(membersOf(transformed.Resources)).map(
    ([id, each]) => [id, resolve(each, scope) as Resource] as const, // the transform demands a Type of each
  );
  const outputs = active(membersOf(transformed.Outputs)).map(([id, each]) => [id, resolve(each, scope) ?? null]);
  return {
    name,
    parameters,
    resources: Object.fromEntries(resources),
    outputs: Object.fromEntries(outputs),
    transformed,
  };
}

/** The resources of a type, by logical id. */
export const ofType = ({ resources }: Rendering, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, each]) => each.Type === type);

export const property = (resource: Resource | undefined, path: string): Json | undefined =>
  at(resource, `Properties/${path}`);

/** The logical ids that a value names by Ref, GetAtt or Sub. */
export function referencesOf(value: Json | undefined): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!isObject(value)) return [];
  const own = [
    ...textsOf(value.Ref),
    ...textsOf(value['Fn::GetAtt']).slice(0, 1),
    ...textsOf(listOf(value['Fn::Sub'])[0]).flatMap((text) =>
      [...text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, id = '']) => id),
    ),
  ];
  return [...own, ...Object.values(value).flatMap(referencesOf)];
}
