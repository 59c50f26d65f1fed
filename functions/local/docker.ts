import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** What a container calls the machine that it runs on. */
export const containerHostName = 'host.docker.internal';

/**
 * The address of this machine where its containers reach it, and nobody else does: on Linux that of Docker's bridge. The
 * engines of Docker Desktop hand on to 127.0.0.1, and so does a machine without Docker.
 */
export async function containerHost(): Promise<string> {
  const bridge = process.platform === 'linux' ? await bridgeAddress() : undefined;
  return bridge !== undefined && (await isOurs(bridge)) ? bridge : '127.0.0.1';
}

/** Whether Lambda's image is on this machine: AWS's own, or the stand-in. */
export async function hasLambdaImage(): Promise<boolean> {
  const architecture = process.arch === 'x64' ? 'x86_64' : 'arm64';
  return (await docker('image', 'inspect', `public.ecr.aws/lambda/nodejs:24-${architecture}`)) !== undefined;
}

async function bridgeAddress(): Promise<string | undefined> {
  const format = '{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}';
  const network = await docker('network', 'inspect', 'bridge', '--format', format);
  return network && gatewayOf(network);
}

/** Undefined without Docker, without one that runs, and where it does not know of what it is asked. */
async function docker(...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('docker', args);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Docker names no gateway that it has chosen itself: the first address of the subnet, `172.17.0.0/16`. */
const gatewayOf = (network: string): string => network.replace(/\.\d+\/\d+$/, '.1');

/**
 * A rootless engine's bridge lies in a network of its own. Node does not list a bridge that no container is connected to,
 * so this tries it.
 */
async function isOurs(address: string): Promise<boolean> {
  const server = createServer().listen(0, address);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
