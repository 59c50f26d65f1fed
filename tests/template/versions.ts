import { same } from './json.ts';
import { ofType, property, type Rendering } from './stack.ts';

/** The version of a function that this release publishes, by its logical id. */
export const versionOf = (rendering: Rendering, id: string): string =>
  ofType(rendering, 'AWS::Lambda::Version').find(([, each]) =>
    same(property(each, 'FunctionName'), { Ref: id }),
  )?.[0] ?? '';
