import { codeOf } from '../code.ts';
import { at, key, listOf, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const functions = (rendering: Rendering) => ofType(rendering, 'AWS::Lambda::Function');
const handlerOf = (each: Parameters<typeof property>[0]) => String(property(each, 'Handler'));

export const functionRules: readonly Rule[] = [
  {
    name: 'the seven functions are there, each with code of ours',
    check: inEach(function* (rendering) {
      const expected = [
        'AllocationFunction',
        'AllocationWorker',
        'AuthorizerFunction',
        'ConsoleFunction',
        'MainFunction',
        'MigrateFunction',
        'PreTrafficHook',
      ];
      const found = functions(rendering).map(([id]) => id);
      for (const id of expected) if (!found.includes(id)) yield `${id} is missing`;
      for (const [id, each] of functions(rendering)) {
        if (property(each, 'Code/ZipFile') !== undefined) yield `${id} is written in the template`;
        if (!codeOf(handlerOf(each)).exists) yield `${id} has no code at ${handlerOf(each)}`;
      }
    }),
    defects: {
      'a handler is mistyped': edit('AllocationFunction/Properties/Handler', 'allocations/handler.handler'),
      'the page is left out': edits(
        edit('ConsoleFunction'),
        edit('/Outputs/ConsoleUrl'),
        ...['Errors', 'Throttles', 'HandledErrors', 'Duration'].map((name) => edit(`ConsoleLambda${name}Alarm`)),
      ),
      'a handler is no export': edit('MainFunction/Properties/Handler', 'main/health.handler'),
      'code in the template': edits(edit('AuthorizerFunction/Properties/InlineCode', 'exports.handler = 1')),
    },
  },
  {
    name: 'every function runs on Node 24, on the processor of the parameter',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        if (property(each, 'Runtime') !== 'nodejs24.x') yield `${id} runs on ${key(property(each, 'Runtime'))}`;
        if (!same(property(each, 'Architectures'), [rendering.parameters.Architecture ?? '']))
          yield `${id} is built for another`;
        const memory = Number(property(each, 'MemorySize') ?? 128);
        if (!(memory >= 512 && memory <= 1769)) yield `${id} has a slice of a processor, or more than it can use`;
      }
    }),
    defects: {
      'an old runtime': edit('/Globals/Function/Runtime', 'nodejs20.x'),
      'one on Python': edit('MainFunction/Properties/Runtime', 'python3.9'),
      'another processor': edit('AllocationFunction/Properties/Architectures', ['x86_64']),
      'little memory': edit('/Globals/Function/MemorySize', 128),
      'all memory': edit('/Globals/Function/MemorySize', 10240),
    },
  },
  {
    name: 'functions end before those who wait for them give up',
    check: inEach(function* (rendering) {
      const longest: Readonly<Record<string, readonly [number, number]>> = {
        MainFunction: [25, 25], // functions/http/incoming.ts counts on it
        AllocationFunction: [25, 25],
        AuthorizerFunction: [5, 28],
        AllocationWorker: [300, 900],
        MigrateFunction: [300, 885],
        PreTrafficHook: [75, 300], // a minute for a sleeping cluster, and time to report
      };
      for (const [id, each] of functions(rendering)) {
        const [least, most] = longest[id] ?? [1, 28];
        const seconds = Number(property(each, 'Timeout') ?? 3);
        if (seconds < least || seconds > most) yield `${id} ends after ${seconds} s`;
      }
    }),
    defects: {
      'longer than the gateway': edit('/Globals/Function/Timeout', 60),
      'the default of 3 s': edit('/Globals/Function/Timeout'),
      'the hook has no time for a sleeping cluster': edit('PreTrafficHook/Properties/Timeout', 30),
      'the migrator outlives its caller': edit('MigrateFunction/Properties/Timeout', 900),
    },
  },
  {
    name: 'every function carries the layers that its code imports',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        const carried = listOf(property(each, 'Layers')).map((layer) =>
          /(Models|Schemas|Database)Layer/.exec(key(layer))?.[1]?.toLowerCase(),
        );
        const needed = codeOf(handlerOf(each)).layers;
        if (key(carried.map(String).sort()) !== key([...needed].sort()))
          yield `${id} carries ${carried.join()}, needs ${needed.join()}`;
      }
    }),
    defects: {
      none: edit('MainFunction/Properties/Layers'),
      'one is missing': edit('AllocationFunction/Properties/Layers/1'),
      'one too many': edit('MigrateFunction/Properties/Layers/-', { Ref: 'SchemasLayer' }),
    },
  },
  {
    name: 'functions are called by the API, its queue and its schedule alone',
    check: inEach(function* (rendering) {
      for (const type of ['AWS::Lambda::Url', 'AWS::Lambda::EventInvokeConfig'])
        for (const [id] of ofType(rendering, type)) yield `${id} opens a function`;
      for (const [id, each] of ofType(rendering, 'AWS::Lambda::Permission')) {
        if (property(each, 'Principal') !== 'apigateway.amazonaws.com')
          yield `${id} is for ${key(property(each, 'Principal'))}`;
        if (!key(property(each, 'SourceArn')).includes('{Api}')) yield `${id} is for any API`;
        if (!/Aliaslive|\$\{AuthorizerFunction\.Arn\}:live/.test(key(property(each, 'FunctionName'))))
          yield `${id} is past the alias`;
        if (property(each, 'Action') !== 'lambda:InvokeFunction') yield `${id} allows more than calls`;
      }
    }),
    defects: {
      'an address of its own': edit('MainFunction/Properties/FunctionUrlConfig', { AuthType: 'NONE' }),
      anybody: edit('Anybody', {
        Type: 'AWS::Lambda::Permission',
        Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'MainFunction' }, Principal: '*' },
      }),
      'any API': edit('AnyApi', {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: 'MainFunction.Alias' },
          Principal: 'apigateway.amazonaws.com',
        },
      }),
    },
  },
  {
    name: 'no function can take all of the concurrency in production, and none has nothing',
    check: inEach(function* (rendering) {
      const kept = Number(rendering.parameters.ReservedConcurrency);
      for (const [id, each] of functions(rendering)) {
        const found = property(each, 'ReservedConcurrentExecutions');
        const isOfApi = id === 'MainFunction' || id === 'AllocationFunction';
        if (found !== undefined && !isOfApi) yield `${id} takes from what the others have, or is shut`;
        if (isOfApi && Number(found ?? 0) !== kept) yield `${id} keeps ${key(found)}`;
        if (isOfApi && kept === 0 && rendering.parameters.Environment === 'prod') yield `${id} may take all`;
        if (property(each, 'ProvisionedConcurrencyConfig') !== undefined) yield `${id} costs by the hour`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::Lambda::Alias'))
        if (property(each, 'ProvisionedConcurrencyConfig') !== undefined) yield `${id} costs by the hour`;
    }),
    defects: {
      'no limit': edit('AllocationFunction/Properties/ReservedConcurrentExecutions'),
      shut: edit('AllocationWorker/Properties/ReservedConcurrentExecutions', 0),
      'one call at a time is authorized': edit('AuthorizerFunction/Properties/ReservedConcurrentExecutions', 1),
      'paid by the hour': edit('MainFunction/Properties/ProvisionedConcurrencyConfig', {
        ProvisionedConcurrentExecutions: 1,
      }),
    },
  },
  {
    name: 'no function is shut where nothing is reserved',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering))
        if (Number(property(each, 'ReservedConcurrentExecutions') ?? 1) < 1) yield `${id} takes no call`;
    }),
    seenIn: 'stage',
    defects: {
      'by the condition': edit('/Conditions/ReservesConcurrency', {
        'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ReservedConcurrency' }, 1] }],
      }),
      'by a zero': edit('AllocationFunction/Properties/ReservedConcurrentExecutions', 0),
    },
  },
  {
    name: 'every function is bundled the same way, its layers left out; the one with a page by make',
    check: ({ source: { template } }) =>
      Object.entries(membersOf(template.Resources))
        .filter(([, each]) => at(each, 'Type') === 'AWS::Serverless::Function')
        .flatMap(([id, each]) => {
          if (id === 'ConsoleFunction')
            return at(each, 'Metadata/BuildMethod') === 'makefile' ? [] : [`${id} has no page`];
          const known = ['Banner', 'External', 'Format', 'MainFields', 'Minify', 'OutExtension', 'Sourcemap', 'Target'];
          const names = Object.keys(membersOf(at(each, 'Metadata/BuildProperties'))).sort();
          const { External, Minify, Format, Target, Sourcemap, MainFields, OutExtension, Banner } = membersOf(
            at(each, 'Metadata/BuildProperties'),
          );
          const holds =
            at(each, 'Metadata/BuildMethod') === 'esbuild' &&
            same(names, known) &&
            same(External, ['@inventory/*']) &&
            same(OutExtension, ['.js=.mjs']) && // Lambda takes it for CommonJS by any other name
            key(Banner).includes('const require = createRequire(import.meta.url);') &&
            same([Minify, Format, Target, Sourcemap, MainFields].map(String), [
              'true',
              'esm',
              'node24',
              'false',
              'module,main',
            ]);
          return holds ? [] : [`${id} is bundled otherwise`];
        }),
    seenIn: 'source',
    defects: {
      'the page is left out': edit('ConsoleFunction/Metadata/BuildMethod', 'esbuild'),
      'a module by another name': edit('MainFunction/Metadata/BuildProperties/OutExtension'),
      'CommonJS without a require': edit('AllocationFunction/Metadata/BuildProperties/Banner'),
      'one handler for all': edit('MainFunction/Metadata/BuildProperties/EntryPoints', ['main/handler.ts']),
      'a layer inside': edit('MainFunction/Metadata/BuildProperties/External', []),
      'not at all': edit('AllocationFunction/Metadata'),
      'for another Node': edit('MigrateFunction/Metadata/BuildProperties/Target', 'node18'),
    },
  },
];
