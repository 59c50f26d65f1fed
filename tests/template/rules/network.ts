import { key, listOf, same, textsOf } from '../json.ts';
import { addressesOf } from '../resolve.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering, referencesOf } from '../stack.ts';

const anywhere = '0.0.0.0/0';

function routesFrom(rendering: Rendering, subnet: string) {
  const tables = ofType(rendering, 'AWS::EC2::SubnetRouteTableAssociation')
    .filter(([, each]) => same(property(each, 'SubnetId'), { Ref: subnet }))
    .map(([, each]) => key(property(each, 'RouteTableId')));
  const routes = ofType(rendering, 'AWS::EC2::Route').filter(([, each]) =>
    tables.includes(key(property(each, 'RouteTableId'))),
  );
  return { tables, routes: routes.map(([, each]) => each) };
}

const subnetsNamed = (rendering: Rendering, name: RegExp) =>
  ofType(rendering, 'AWS::EC2::Subnet').filter(([id]) => name.test(id));

const gatewayRoute = (rendering: Rendering, subnet: string) =>
  routesFrom(rendering, subnet).routes.some(
    (route) => property(route, 'GatewayId') !== undefined && property(route, 'DestinationCidrBlock') === anywhere,
  );

export const networkRules: readonly Rule[] = [
  {
    name: 'the internet gateway is attached to the network',
    check: inEach(function* (rendering) {
      for (const [id] of ofType(rendering, 'AWS::EC2::InternetGateway')) {
        const attached = ofType(rendering, 'AWS::EC2::VPCGatewayAttachment').some(
          ([, each]) =>
            same(property(each, 'InternetGatewayId'), { Ref: id }) && same(property(each, 'VpcId'), { Ref: 'VPC' }),
        );
        if (!attached) yield `${id} is attached to nothing`;
      }
      for (const [id, route] of ofType(rendering, 'AWS::EC2::Route')) {
        if (property(route, 'GatewayId') && !listOf(route.DependsOn).includes('InternetGatewayAttachment'))
          yield `${id} may come before the gateway is attached`;
      }
      const waits = { NatAddress: ['InternetGatewayAttachment'], NatGateway: ['PublicRoute', 'PublicSubnet1Routes'] };
      for (const [id, before] of Object.entries(waits)) {
        const each = rendering.resources[id];
        for (const other of before)
          if (each && !listOf(each.DependsOn).includes(other)) yield `${id} is before ${other}`;
      }
    }),
    seenIn: 'vpc',
    defects: {
      'the attachment is gone': edits(
        edit('InternetGatewayAttachment'),
        edit('PublicRoute/DependsOn'),
        edit('NatAddress/DependsOn'),
      ),
      'the route does not wait': edit('PublicRoute/DependsOn'),
      'the address does not wait': edit('NatAddress/DependsOn'),
      'the NAT does not wait': edit('NatGateway/DependsOn/0'),
    },
  },
  {
    name: 'two public subnets have a way to the internet, two private ones none of their own',
    check: inEach(function* (rendering) {
      const [open, closed] = [subnetsNamed(rendering, /^Public/), subnetsNamed(rendering, /^Private/)];
      if (open.length !== 2 || closed.length !== 2) yield 'there are not two subnets of each kind';
      for (const [id] of [...open, ...closed]) {
        if (routesFrom(rendering, id).tables.length !== 1) yield `${id} has no table of routes`;
      }
      for (const [id] of open) if (!gatewayRoute(rendering, id)) yield `${id} has no way to the internet`;
      for (const [id] of closed) if (gatewayRoute(rendering, id)) yield `${id} is open to the internet`;
    }),
    defects: {
      'a public subnet is unrouted': edit('PublicSubnet2Routes'),
      'a private subnet is unrouted': edit('PrivateSubnet1Routes'),
      'the way out is gone': edits(edit('PublicRoute'), edit('NatGateway/DependsOn')),
      'a private subnet is public': edit('PrivateSubnet1Routes/Properties/RouteTableId', { Ref: 'PublicRouteTable' }),
    },
  },
  {
    name: 'each kind of subnet lies in two zones, on addresses of its own, and gives no public ones',
    check: inEach(function* (rendering) {
      for (const kind of [/^Public/, /^Private/]) {
        const zones = subnetsNamed(rendering, kind).map(([, each]) => key(property(each, 'AvailabilityZone')));
        // A region has two at the least.
        if (!same(zones.sort(), ['"us-east-1a"', '"us-east-1b"']))
          yield `${kind.source} subnets are in ${zones.join()}`;
      }
      const subnets = ofType(rendering, 'AWS::EC2::Subnet');
      const blocks = subnets.map(([, each]) => String(property(each, 'CidrBlock')));
      if (new Set(blocks).size < blocks.length) yield 'two subnets share their addresses';
      const [first, last] = addressesOf(String(rendering.parameters.VpcCidr));
      for (const block of blocks) {
        const [from, to] = addressesOf(block);
        if (!(from >= first && to <= last && to - from === 255)) yield `${block} is no subnet of 256 addresses`;
      }
      for (const [id, each] of subnets)
        if (property(each, 'MapPublicIpOnLaunch') !== false) yield `${id} gives public addresses`;
    }),
    defects: {
      'private subnets share a zone': edit('PrivateSubnet2/Properties/AvailabilityZone', {
        'Fn::Select': [0, { 'Fn::GetAZs': '' }],
      }),
      'two subnets overlap': edit('PublicSubnet2/Properties/CidrBlock', {
        'Fn::Select': [1, { 'Fn::Cidr': [{ Ref: 'VpcCidr' }, 5, 8] }],
      }),
      'a subnet is wherever there is room': edit('PublicSubnet1/Properties/AvailabilityZone'),
      'a subnet overlaps by its size': edit('PrivateSubnet1/Properties/CidrBlock', {
        'Fn::Select': [3, { 'Fn::Cidr': [{ Ref: 'VpcCidr' }, 5, 12] }],
      }),
      'a subnet beyond the last': edit('PrivateSubnet2/Properties/CidrBlock', {
        'Fn::Select': [5, { 'Fn::Cidr': [{ Ref: 'VpcCidr' }, 5, 8] }],
      }),
      'public addresses are given': edit('PublicSubnet1/Properties/MapPublicIpOnLaunch', true),
    },
  },
  {
    name: 'nothing may come in: no group of the network has ingress',
    check: inEach(function* (rendering) {
      for (const [id] of ofType(rendering, 'AWS::EC2::SecurityGroupIngress')) yield `${id} lets something in`;
      for (const [id, each] of ofType(rendering, 'AWS::EC2::SecurityGroup')) {
        if (listOf(property(each, 'SecurityGroupIngress')).length > 0) yield `${id} lets something in`;
      }
    }),
    defects: {
      'PostgreSQL from everywhere': edit('DBSecurityGroup/Properties/SecurityGroupIngress', [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: anywhere },
      ]),
      'by a resource of its own': edit('Door', {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: { Ref: 'DBSecurityGroup' }, IpProtocol: '-1', CidrIp: '10.0.0.0/16' },
      }),
    },
  },
  {
    name: 'every group of the network says where it may go: functions to HTTPS, the database nowhere',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::EC2::SecurityGroup')) {
        const ways = listOf(property(each, 'SecurityGroupEgress'));
        const allowed =
          id === 'WebSecurityGroup'
            ? { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: anywhere }
            : { IpProtocol: '-1', CidrIp: '127.0.0.1/32' };
        const plain = ways.map((way) => key({ ...Object(way), Description: '' }));
        if (plain.length !== 1 || plain[0] !== key({ ...allowed, Description: '' })) yield `${id} may go elsewhere`;
        if (ways.some((way) => typeof Object(way).Description !== 'string')) yield `${id} does not say why`;
      }
      if (ofType(rendering, 'AWS::EC2::SecurityGroupEgress').length > 0)
        yield 'a way out is hidden in a resource of its own';
    }),
    seenIn: 'vpc',
    defects: {
      'the database may go anywhere': edit('DBSecurityGroup/Properties/SecurityGroupEgress'),
      'functions may use any port': edit('WebSecurityGroup/Properties/SecurityGroupEgress/0/FromPort', 0),
      'the functions have every way': edit('WebSecurityGroup/Properties/SecurityGroupEgress/0/IpProtocol', '-1'),
    },
  },
  {
    name: 'the network resolves names and logs its traffic',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::EC2::VPC')) {
        if (property(each, 'EnableDnsSupport') !== true || property(each, 'EnableDnsHostnames') !== true)
          yield `${id} has no DNS`;
        const logged = ofType(rendering, 'AWS::EC2::FlowLog').some(
          ([, log]) =>
            same(property(log, 'ResourceId'), { Ref: id }) &&
            property(log, 'TrafficType') === 'ALL' &&
            property(log, 'ResourceType') === 'VPC' &&
            textsOf(referencesOf(property(log, 'LogGroupName'))).includes('FlowLogs'),
        );
        if (!logged) yield `the traffic of ${id} is not logged`;
      }
    }),
    defects: {
      'the log of the traffic is gone': edits(edit('FlowLog'), edit('FlowLogRole'), edit('FlowLogs')),
      'only what is refused is logged': edit('FlowLog/Properties/TrafficType', 'REJECT'),
      'names are not resolved': edit('VPC/Properties/EnableDnsSupport', false),
    },
  },
  {
    name: 'functions are in the private subnets, behind one NAT, where FunctionsInVpc says so, and nowhere else',
    check: inEach(function* (rendering) {
      const inside = rendering.parameters.FunctionsInVpc === 'true';
      const placement = {
        SubnetIds: [{ Ref: 'PrivateSubnet1' }, { Ref: 'PrivateSubnet2' }],
        SecurityGroupIds: [{ Ref: 'WebSecurityGroup' }],
      };
      for (const [id, each] of ofType(rendering, 'AWS::Lambda::Function')) {
        if (!same(property(each, 'VpcConfig'), inside ? placement : undefined)) yield `${id} is in the wrong place`;
      }
      const gateways = ofType(rendering, 'AWS::EC2::NatGateway');
      if (gateways.length !== (inside ? 1 : 0)) yield `there are ${gateways.length} NAT gateways`;
      for (const [id, each] of gateways) {
        const [subnet = ''] = referencesOf(property(each, 'SubnetId'));
        if (!gatewayRoute(rendering, subnet)) yield `${id} has no way to the internet`;
        if (!same(property(each, 'AllocationId'), { 'Fn::GetAtt': ['NatAddress', 'AllocationId'] }))
          yield `${id} has no address`; // a Ref is the address itself
      }
      for (const [id] of subnetsNamed(rendering, /^Private/)) {
        const out = routesFrom(rendering, id).routes.some((route) => property(route, 'NatGatewayId') !== undefined);
        if (out !== inside) yield `${id} ${out ? 'is not isolated' : 'has no way out'}`;
      }
    }),
    seenIn: 'vpc',
    defects: {
      'functions stay outside': edit('/Globals/Function/VpcConfig'),
      'functions are in public subnets': edit('/Globals/Function/VpcConfig/Fn::If/1/SubnetIds/0', {
        Ref: 'PublicSubnet1',
      }),
      'functions have the group of the database': edit('/Globals/Function/VpcConfig/Fn::If/1/SecurityGroupIds/0', {
        Ref: 'DBSecurityGroup',
      }),
      'the NAT is given the address for its id': edit('NatGateway/Properties/AllocationId', { Ref: 'NatAddress' }),
      'the NAT stands in a private subnet': edit('NatGateway/Properties/SubnetId', { Ref: 'PrivateSubnet1' }),
      'the way out is gone': edits(edit('PrivateRoute'), edit('Migrations/Properties/WayOut', 'none')),
    },
  },
  {
    name: 'a network without functions in it costs nothing',
    check: inEach(function* (rendering) {
      const inside = rendering.parameters.FunctionsInVpc === 'true';
      for (const type of ['NatGateway', 'EIP', 'VPCEndpoint']) {
        for (const [id] of ofType(rendering, `AWS::EC2::${type}`)) if (!inside) yield `${id} costs by the hour`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::Lambda::Function')) {
        if (!inside && property(each, 'VpcConfig') !== undefined) yield `${id} has no way to the Data API`;
      }
    }),
    defects: {
      'the NAT is always there': edits(edit('NatGateway/Condition'), edit('NatAddress/Condition')),
      'functions are always inside': edit('MainFunction/Properties/VpcConfig', {
        SubnetIds: [{ Ref: 'PrivateSubnet1' }],
        SecurityGroupIds: [{ Ref: 'DBSecurityGroup' }],
      }),
    },
  },
];
