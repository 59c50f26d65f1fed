import { type Json, key, listOf, membersOf, textsOf } from './json.ts';
import { ofType, property, type Rendering } from './stack.ts';

/** A statement of a role's own policies. */
export type Statement = {
  readonly role: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly Json[];
  readonly condition: Json | undefined;
  /** Names of the members, so that `NotAction` does not hide. */
  readonly members: readonly string[];
};

/** Of all roles, or of one. Policies outside of their roles count for each role that they name. */
export function statementsOf(rendering: Rendering, role?: string): Statement[] {
  const inline = ofType(rendering, 'AWS::IAM::Role').flatMap(([id, each]) =>
    listOf(property(each, 'Policies')).map((policy) => ({ id, document: membersOf(policy).PolicyDocument })),
  );
  const apart = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'].flatMap((type) =>
    ofType(rendering, type).flatMap(([, each]) =>
      [...listOf(property(each, 'Roles')), ...listOf(property(each, 'RoleName'))].map((named) => ({
        id: String(membersOf(named).Ref),
        document: property(each, 'PolicyDocument'),
      })),
    ),
  );
  return [...inline, ...apart]
    .filter(({ id }) => role === undefined || id === role)
    .flatMap(({ id, document }) => listOf(membersOf(document).Statement).map((each) => asStatement(id, each)));
}

function asStatement(role: string, statement: Json): Statement {
  const { Effect, Action, Resource, Condition } = membersOf(statement);
  return {
    role,
    effect: String(Effect),
    actions: textsOf(Action),
    resources: listOf(Resource),
    condition: Condition,
    members: Object.keys(membersOf(statement)),
  };
}

/** The role of a function, by its logical id. */
export const roleOf = (rendering: Rendering, functionId: string): string =>
  textsOf(membersOf(property(rendering.resources[functionId], 'Role'))['Fn::GetAtt'])[0] ?? '';

export const describeStatement = ({ role, actions, resources }: Statement): string =>
  `${role}: ${actions.join(', ')} on ${resources.map(key).join(', ')}`;
