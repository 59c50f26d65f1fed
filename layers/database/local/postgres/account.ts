import { chownSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** How to run the server's programs: PostgreSQL refuses to run as root. */
export type Account = {
  readonly wrap: (
    program: string,
    args: readonly string[],
  ) => { readonly program: string; readonly args: readonly string[] };
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** Gives a folder to the account. */
  readonly own: (folder: string) => void;
};

/**
 * As a plain user: as that user. As root: as `postgres`, or `nobody` where there is none. Where that account cannot
 * reach one of `paths` (a clone in `/root`), as `nobody` with the one capability to pass closed folders, which needs
 * `setpriv` of util-linux.
 */
export function chooseAccount(paths: readonly string[]): Account {
  if (process.getuid?.() !== 0) return { wrap: unwrapped, ids: undefined, own: () => {} };

  const postgres = findUser('postgres') ?? findUser('nobody');
  if (postgres && paths.every((path) => canReach(path, postgres))) return plainAccount(postgres);
  const nobody = findUser('nobody') ?? { uid: 65_534, gid: 65_534 };
  return { wrap: withPassage(nobody), ids: undefined, own: (folder) => chownSync(folder, nobody.uid, nobody.gid) };
}

type User = { readonly uid: number; readonly gid: number };

const unwrapped: Account['wrap'] = (program, args) => ({ program, args });

const plainAccount = (user: User): Account => ({
  wrap: unwrapped,
  ids: user,
  own: (folder) => chownSync(folder, user.uid, user.gid),
});

/**
 * `dac_override` as an ambient capability survives the change of user and every exec; without `no_setuid_fixup` the
 * kernel would drop it with the user id.
 */
const withPassage =
  ({ uid, gid }: User): Account['wrap'] =>
  (program, args) => ({
    program: 'setpriv',
    args: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--securebits=+no_setuid_fixup',
      program,
      ...args,
    ],
  });

function findUser(name: string): User | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Whether every folder above `path` lets the user pass, and `path` itself lets it read. */
function canReach(path: string, user: User): boolean {
  const isOpen = (file: string, bit: number) => {
    const { mode, uid, gid } = statSync(file);
    return (mode & (uid === user.uid ? bit << 6 : gid === user.gid ? bit << 3 : bit)) !== 0;
  };
  const parents: string[] = [];
  for (let folder = dirname(path); !parents.includes(folder); folder = dirname(folder)) parents.push(folder);
  return parents.every((folder) => isOpen(folder, 0o1)) && isOpen(path, 0o4);
}
