/**
 * Routes that the server at the socket calls by itself, past Next. Next takes some two milliseconds of the process before
 * a route's handler begins, which is most of what the shortest of them take. A route offers its handler here when Next
 * loads it; before that, in development, and for whatever is asked for in any other way, Next calls the same handler.
 */
export interface DirectRoute {
  readonly method: string;
  /** The whole path, as it stands in the request line. Its groups are the handler's `parts`. */
  readonly path: RegExp;
  /** Never rejects: what goes wrong is an answer as well. */
  readonly handle: (request: Request, ...parts: string[]) => Promise<Response>;
}

/** Next's module graph writes here what the server's own reads. */
const shared = globalThis as { goalkeeperDirectRoutes?: Map<string, DirectRoute> };
const routes = (): Map<string, DirectRoute> => (shared.goalkeeperDirectRoutes ??= new Map());

/** Offers a route. One that is loaded again takes the place of what it was. */
export const offerDirectly = (route: DirectRoute): void =>
  void routes().set(`${route.method} ${route.path.source}`, route);

/** The handler for a request by this method and path, with its parts; undefined where Next must be asked. */
export function directRoute(
  method: string,
  path: string,
): ((request: Request) => Promise<Response>) | undefined {
  for (const route of routes().values()) {
    if (route.method !== method) continue;
    const match = route.path.exec(path);
    if (match !== null) return (request) => route.handle(request, ...match.slice(1));
  }
  return undefined;
}
