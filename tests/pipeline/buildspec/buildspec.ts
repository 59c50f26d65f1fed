import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

export const phaseNames = ['install', 'pre_build', 'build', 'post_build'] as const;
export type PhaseName = (typeof phaseNames)[number];

const Phase = z.strictObject({
  'run-as': z.string().optional(),
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  'runtime-versions': z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  commands: z.array(z.string()).default([]),
  finally: z.array(z.string()).default([]),
});

const Files = {
  'base-directory': z.string().default('.'),
  files: z.array(z.string()),
  'discard-paths': z.enum(['yes', 'no']).default('no'),
};

/** What CodeBuild takes, as far as the runner runs it: anything else is refused, a misspelt key too. */
export const Buildspec = z.strictObject({
  version: z.literal(0.2),
  env: z
    .strictObject({
      shell: z.literal('bash'),
      variables: z.record(z.string(), z.string()).default({}),
      'exported-variables': z.array(z.string()).default([]),
    })
    .default({ shell: 'bash', variables: {}, 'exported-variables': [] }),
  phases: z.partialRecord(z.enum(phaseNames), Phase),
  reports: z
    .record(
      z.string(),
      z.strictObject({
        ...Files,
        'file-format': z.enum(['JUNITXML', 'CLOVERXML', 'COBERTURAXML']).default('JUNITXML'),
      }),
    )
    .default({}),
  artifacts: z.strictObject({ ...Files, name: z.string().optional() }).optional(),
});
export type Buildspec = z.infer<typeof Buildspec>;

export const readBuildspec = (file: string): Buildspec => Buildspec.parse(parse(readFileSync(file, 'utf8')));
