import { at, isObject, type Json, type JsonObject, key, listOf, membersOf } from './json.ts';

/** What the parameters and the account decide. */
export type Scope = {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly mappings: Json | undefined;
  readonly conditions: JsonObject;
};

export const stackName = 'the-stack';
export const stackIdentity = '0b1c2d3e-0000-4000-8000-000000000000';
const account = '111122223333';
const pseudo: Readonly<Record<string, Json>> = {
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackId': `arn:aws:cloudformation:us-east-1:${account}:stack/${stackName}/${stackIdentity}`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A value that is left out, by `AWS::NoValue`. */
const nothing = Symbol('AWS::NoValue');
type Resolved = Json | typeof nothing;

/**
 * The value as CloudFormation sees it once parameters and conditions are known. What only a created resource knows stays:
 * `{Ref}`, `{Fn::GetAtt: [id, attribute]}`, and texts that hold one as `{Fn::Sub: text}`.
 */
export function resolve(value: Json | undefined, scope: Scope): Json | undefined {
  if (value === undefined) return undefined;
  const resolved = resolveAny(value, scope);
  return resolved === nothing ? undefined : resolved;
}

export function holds(condition: Json | undefined, scope: Scope): boolean {
  if (typeof condition === 'string') return holds(scope.conditions[condition], scope);
  const [[name, argument] = ['', null]] = Object.entries(membersOf(condition));
  const parts = listOf(argument);
  if (name === 'Condition') return holds(argument, scope);
  if (name === 'Fn::Not') return !holds(parts[0], scope);
  if (name === 'Fn::And') return parts.every((part) => holds(part, scope));
  if (name === 'Fn::Or') return parts.some((part) => holds(part, scope));
  if (name === 'Fn::Equals') return String(resolve(parts[0], scope)) === String(resolve(parts[1], scope));
  throw new Error(`No condition: ${key(condition)}`);
}

function resolveAny(value: Json, scope: Scope): Resolved {
  if (Array.isArray(value)) {
    return value.map((each) => resolveAny(each, scope)).filter((each): each is Json => each !== nothing);
  }
  if (!isObject(value)) return value;
  const [[name, argument] = ['', null], ...others] = Object.entries(value);
  const intrinsic = others.length === 0 ? intrinsics[name] : undefined;
  if (intrinsic) return intrinsic(argument, scope);
  const members = Object.entries(value).map(([member, each]) => [member, resolveAny(each, scope)] as const);
  return Object.fromEntries(members.filter((member): member is readonly [string, Json] => member[1] !== nothing));
}

const intrinsics: Readonly<Record<string, (argument: Json, scope: Scope) => Resolved>> = {
  Ref: (argument, { parameters }) => {
    const name = String(argument);
    return name === 'AWS::NoValue' ? nothing : (parameters[name] ?? pseudo[name] ?? { Ref: name });
  },
  'Fn::GetAtt': (argument) => ({
    'Fn::GetAtt': typeof argument === 'string' ? argument.split(/\.(.*)/s).slice(0, 2) : argument,
  }),
  'Fn::If': (argument, scope) => {
    const [condition, yes = null, no = null] = listOf(argument);
    return resolveAny(holds(condition, scope) ? yes : no, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const path = listOf(resolve(argument, scope)).join('/');
    const found = at(scope.mappings, path);
    if (found === undefined) throw new Error(`Nothing is mapped at ${path}`);
    return found;
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = listOf(resolve(argument, scope));
    return asText(
      listOf(parts)
        .map((part) => asPart(part))
        .join(String(separator)),
    );
  },
  'Fn::Sub': (argument, scope) => {
    const [text, variables] = typeof argument === 'string' ? [argument, {}] : listOf(argument);
    const given = membersOf(resolve(variables, scope));
    return asText(
      String(text).replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) =>
        asPart(given[name] ?? scope.parameters[name] ?? pseudo[name] ?? { Ref: name }),
      ),
    );
  },
  'Fn::Select': (argument, scope) => {
    const [index, choices] = listOf(resolve(argument, scope));
    return Array.isArray(choices)
      ? (choices[Number(index)] ?? null)
      : { 'Fn::Select': [index ?? null, choices ?? null] };
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = listOf(resolve(argument, scope));
    return typeof text === 'string'
      ? text.split(String(separator))
      : { 'Fn::Split': [separator ?? null, text ?? null] };
  },
  'Fn::GetAZs': (argument, scope) =>
    ['', pseudo['AWS::Region']].includes(resolve(argument, scope)) ? ['us-east-1a', 'us-east-1b', 'us-east-1c'] : [],
  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits] = listOf(resolve(argument, scope)).map(String);
    const first = addressesOf(String(block))[0];
    const size = 2 ** Number(bits);
    return Array.from(
      { length: Number(count) || 0 },
      (_, index) => `${dotted(first + index * size)}/${32 - Number(bits)}`,
    );
  },
};

/** The first and the last address of a block such as 10.0.1.0/24, as numbers. */
export function addressesOf(block: string): readonly [first: number, last: number] {
  const [address = '', length] = block.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(length)) - 1];
}

const dotted = (address: number) => [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');

/** A value inside of a text: `${Id}`, `${Id.Attribute}`, or itself. */
function asPart(value: Json): string {
  if (!isObject(value)) return String(value);
  if (typeof value.Ref === 'string') return `\${${value.Ref}}`;
  if (value['Fn::GetAtt']) return `\${${listOf(value['Fn::GetAtt']).join('.')}}`;
  if (typeof value['Fn::Sub'] === 'string') return value['Fn::Sub'];
  throw new Error(`Cannot stand in a text: ${key(value)}`);
}

/** A text that is one reference is that reference. */
function asText(text: string): Json {
  const alone = /^\$\{([^!}.]+)(?:\.([^}]+))?\}$/.exec(text);
  if (alone) return alone[2] === undefined ? { Ref: alone[1]! } : { 'Fn::GetAtt': [alone[1]!, alone[2]] };
  return text.includes(`\${`) ? { 'Fn::Sub': text } : text;
}
