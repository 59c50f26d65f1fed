import { at } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const functions = (rendering: Rendering) => ofType(rendering, 'AWS::Lambda::Function');

export const logRules: readonly Rule[] = [
  {
    name: 'every function writes JSON into a group of its own',
    check: inEach(function* (rendering) {
      const taken = new Set<string>();
      for (const [id, each] of functions(rendering)) {
        const group = String(at(property(each, 'LoggingConfig/LogGroup'), 'Ref'));
        if (rendering.resources[group]?.Type !== 'AWS::Logs::LogGroup')
          yield `${id} makes a group that is kept for ever`;
        if (taken.has(group)) yield `${id} writes into ${group} with another`;
        taken.add(group);
        if (property(each, 'LoggingConfig/LogFormat') !== 'JSON') yield `${id} writes text`;
        if (property(each, 'LoggingConfig/ApplicationLogLevel') !== rendering.parameters.LogLevel)
          yield `${id} has a level of its own`;
      }
    }),
    defects: {
      'none of its own': edit('AllocationWorker/Properties/LoggingConfig'),
      'the group of another': edit('AllocationFunction/Properties/LoggingConfig/LogGroup', { Ref: 'MainLogs' }),
      text: edit('MainFunction/Properties/LoggingConfig/LogFormat', 'Text'),
      'a group that is not there': edit('MainFunction/Properties/LoggingConfig/LogGroup', '/aws/lambda/main'),
    },
  },
  {
    name: 'every group of logs forgets after the days of the parameter, and cannot be deleted in production',
    check: inEach(function* (rendering) {
      const { LogRetentionDays, Environment } = rendering.parameters;
      if (Environment === 'prod' && Number(LogRetentionDays) < 365) yield 'production forgets within a year';
      for (const [id, each] of ofType(rendering, 'AWS::Logs::LogGroup')) {
        if (Number(property(each, 'RetentionInDays') ?? 0) !== Number(LogRetentionDays))
          yield `${id} forgets never or otherwise`;
        if (property(each, 'DeletionProtectionEnabled') !== (Environment === 'prod'))
          yield `${id} can be deleted, or cannot`;
      }
    }),
    seenIn: 'prod',
    defects: {
      'one never forgets': edit('PreTrafficLogs/Properties/RetentionInDays'),
      'one forgets otherwise': edit('AccessLogs/Properties/RetentionInDays', 1),
      'one can be deleted': edit('MainLogs/Properties/DeletionProtectionEnabled'),
    },
  },
  {
    name: 'every request is traced through the API and its functions',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering))
        if (property(each, 'TracingConfig/Mode') !== 'Active') yield `${id} is not traced`;
      for (const [id, each] of ofType(rendering, 'AWS::ApiGateway::Stage'))
        if (property(each, 'TracingEnabled') !== true) yield `${id} is not traced`;
    }),
    defects: {
      'no function': edit('/Globals/Function/Tracing'),
      'one passes it through': edit('MainFunction/Properties/Tracing', 'PassThrough'),
      'the API': edit('Api/Properties/TracingEnabled', false),
    },
  },
];
