import { at, key, listOf, membersOf } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import { buildspecOfProject, projectsOf } from '../projects.ts';
import { edit, inEach, type Rule, rewrite } from '../rule.ts';

const typeOf: Readonly<Record<string, string>> = {
  JUNITXML: 'TEST',
  CLOVERXML: 'CODE_COVERAGE',
  COBERTURAXML: 'CODE_COVERAGE',
};

export const reportRules: readonly Rule[] = [
  {
    name: 'what a buildspec reports has a group of its kind, and no group stays empty',
    check: inEach(function* (rendering, source) {
      const groups = ofType(rendering, 'AWS::CodeBuild::ReportGroup');
      const reported = projectsOf(rendering).flatMap(([id, project]) =>
        Object.entries(membersOf(buildspecOfProject(source, project).reports)).map(([report, each]) => ({
          id,
          name: `${property(project, 'Name')}-${report}`,
          type: typeOf[String(at(each, 'file-format') ?? 'JUNITXML')],
          files: listOf(at(each, 'files')),
        })),
      );
      for (const { id, name, type, files } of reported) {
        const group = groups.find(([, each]) => property(each, 'Name') === name)?.[1];
        if (!group) yield `${id} reports to ${name}, which is not there`;
        else if (property(group, 'Type') !== type) yield `${name} is of type ${key(property(group, 'Type'))}`;
        if (files.length === 0) yield `${name} gets no file`;
      }
      for (const [id, group] of groups)
        if (!reported.some(({ name }) => name === property(group, 'Name'))) yield `${id} stays empty`;
      for (const [project, type] of [
        ['BuildProject', 'TEST'],
        ['BuildProject', 'CODE_COVERAGE'],
        ['TestProject', 'TEST'],
      ])
        if (!reported.some((each) => each.id === project && each.type === type)) yield `${project} reports no ${type}`;
    }),
    defects: {
      'no coverage': edit('CoverageReports'),
      'coverage as tests': edit('CoverageReports/Properties/Type', 'TEST'),
      'another name': edit('UnitTestReports/Properties/Name', { 'Fn::Sub': `\${ProjectName}-unit-tests` }),
      'nothing is reported': rewrite('pipeline/buildspecs/test.yml', 'reports:\n', 'cache:\n'),
      'another report': rewrite('pipeline/buildspecs/build.yml', '  unit-coverage:', '  coverage:'),
    },
  },
];
