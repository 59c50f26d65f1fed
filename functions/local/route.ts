export type Route = {
  /** The path as the contracts and the template write it: `/orders/{orderId}`. */
  readonly resource: string;
  readonly function: FunctionName;
  /** Needs no token. */
  readonly open: boolean;
};

export type FunctionName = 'main' | 'allocation' | 'console';

export type MatchedRoute = { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> | null };

type Contract = { readonly path: string; readonly scope: unknown; readonly function: FunctionName };

/** One route a path, as in the template, whatever its methods; it is open when every contract of its path is. */
export function routesOf(contracts: readonly Contract[]): Route[] {
  const byPath = Map.groupBy(contracts, ({ path }) => path);
  return [...byPath].map(([resource, [first, ...others]]) => ({
    resource,
    function: first!.function,
    open: [first!, ...others].every(({ scope }) => scope === null),
  }));
}

/** Finds the route of a path, still encoded, as API Gateway does: a fixed segment goes before a parameter. */
export function createRouter(routes: readonly Route[]): (path: string) => MatchedRoute {
  const compiled = routes
    .map((route) => ({ route, pattern: segmentsOf(route.resource) }))
    .sort((a, b) => rank(a.pattern).localeCompare(rank(b.pattern)));

  return (path) => {
    const segments = segmentsOf(path);
    const found = compiled.find(({ pattern }) => fits(pattern, segments));
    return found ? { route: found.route, pathParameters: parametersOf(found.pattern, segments) } : unknown(segments);
  };
}

/** The catch-all of the template: it needs a token like all others, and the function says that there is no such route. */
const catchAll: Route = { resource: '/{proxy+}', function: 'main', open: false };

const unknown = (segments: string[]): MatchedRoute => ({
  route: catchAll,
  pathParameters: { proxy: segments.join('/') },
});

/** A slash at the end makes no other path. */
const segmentsOf = (path: string): string[] => path.replace(/^\//, '').replace(/\/$/, '').split('/');

const isParameter = (segment: string) => segment.startsWith('{');

const rank = (pattern: string[]) => pattern.map((segment) => (isParameter(segment) ? '1' : '0')).join('');

function fits(pattern: string[], segments: string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((expected, at) => (isParameter(expected) ? segments[at] !== '' : segments[at] === expected));
}

function parametersOf(pattern: string[], segments: string[]): Record<string, string> | null {
  const entries = pattern.flatMap((name, at) =>
    isParameter(name) ? [[name.slice(1, -1), decoded(segments[at] ?? '')] as const] : [],
  );
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // `%zz`: no id looks like it, so the function finds nothing
  }
}
