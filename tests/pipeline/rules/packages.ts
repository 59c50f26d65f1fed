import { key, listOf, same } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { attribute } from '../statements.ts';

export const packageRules: readonly Rule[] = [
  {
    name: 'packages come through an upstream of ours, in a domain under the key, and lie open to nobody',
    check: inEach(function* (rendering) {
      const domains = ofType(rendering, 'AWS::CodeArtifact::Domain');
      const repositories = ofType(rendering, 'AWS::CodeArtifact::Repository');
      if (
        !same(
          domains.map(([id]) => id),
          ['PackageDomain'],
        )
      )
        yield `domains: ${domains.length}`;
      if (
        !same(
          repositories.map(([id]) => id),
          ['PackageUpstream', 'PackageRepository'],
        )
      )
        yield `repositories: ${repositories.length}`;
      for (const [id, each] of domains)
        if (!same(property(each, 'EncryptionKey'), attribute('ArtifactKey')))
          yield `${id} is encrypted by a key of AWS`;
      for (const [id, each] of repositories)
        if (!same(property(each, 'DomainName'), attribute('PackageDomain', 'Name'))) yield `${id} is in another domain`;
      const upstream = rendering.resources.PackageUpstream;
      const own = rendering.resources.PackageRepository;
      if (!same(property(upstream, 'ExternalConnections'), ['public:npmjs']))
        yield `it takes from ${key(property(upstream, 'ExternalConnections'))}`;
      if (!same(property(own, 'Upstreams'), [attribute('PackageUpstream', 'Name')])) yield 'it takes from elsewhere';
      if (listOf(property(own, 'ExternalConnections')).length > 0)
        yield 'bundles lie beside what is fetched by anybody';
      if (listOf(property(upstream, 'Upstreams')).length > 0) yield 'the upstream takes from elsewhere';
      // Every reader has its right from its own role.
      for (const [id, each] of [...domains, ...repositories])
        if (property(each, 'PermissionsPolicyDocument') !== undefined) yield `${id} has a policy`;
      if (same(property(own, 'RepositoryName'), property(upstream, 'RepositoryName') ?? null))
        yield 'both have one name';
    }),
    defects: {
      'everybody reads': edit('PackageRepository/Properties/PermissionsPolicyDocument', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'codeartifact:ReadFromRepository', Resource: '*' }],
      }),
      'another account publishes': edit('PackageDomain/Properties/PermissionsPolicyDocument', {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::999988887777:root' },
            Action: 'codeartifact:PublishPackageVersion',
            Resource: '*',
          },
        ],
      }),
      'no upstream': edit('PackageRepository/Properties/Upstreams'),
      'from npm at once': edit('PackageRepository/Properties/ExternalConnections', ['public:npmjs']),
      'from nowhere': edit('PackageUpstream/Properties/ExternalConnections'),
      'from another registry': edit('PackageUpstream/Properties/ExternalConnections/0', 'public:pypi'),
      'no key': edit('PackageDomain/Properties/EncryptionKey'),
      'another domain': edit('PackageUpstream/Properties/DomainName', 'my-domain'),
    },
  },
];
