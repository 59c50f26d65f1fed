import { at, type Json, key, listOf, membersOf, textsOf } from '../template/json.ts';
import { property, type Rendering } from '../template/stack.ts';
import { type Statement, statementsOf } from '../template/statements.ts';

/** What a role may do: its own policies and those of the stack that it names. */
export function statementsOfRole(rendering: Rendering, role: string): Statement[] {
  const named = listOf(property(rendering.resources[role], 'ManagedPolicyArns')).map((arn) => String(at(arn, 'Ref')));
  const managed = named.flatMap((id) => statementsOfPolicy(rendering, id).map((each) => ({ ...each, role })));
  return [...statementsOf(rendering, role), ...managed];
}

export const statementsOfPolicy = (rendering: Rendering, id: string): Statement[] =>
  listOf(property(rendering.resources[id], 'PolicyDocument/Statement'))
    .map(membersOf)
    .map((each) => ({
      role: id,
      effect: String(each.Effect),
      actions: textsOf(each.Action),
      resources: listOf(each.Resource),
      condition: each.Condition,
      members: Object.keys(each),
    }));

/** `action on resource`, one for each pair that is allowed. */
export const allowedBy = (statements: readonly Statement[]): string[] =>
  statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((each) => may(action, each))))
    .toSorted();

export const may = (action: string, resource: Json): string => `${action} on ${key(resource)}`;

/** What is in one list only. */
export function* differences(id: string, found: readonly string[], expected: readonly string[]): Generator<string> {
  for (const each of found) if (!expected.includes(each)) yield `${id} may ${each}`;
  for (const each of expected) if (!found.includes(each)) yield `${id} may not ${each}`;
}

export const attribute = (id: string, name = 'Arn'): Json => ({ 'Fn::GetAtt': [id, name] });
