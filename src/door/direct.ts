import type { IncomingMessage } from "node:http";
import { NodeRequest } from "srvx/node";
import { directRoute } from "#src/server/http/direct-routes.ts";
import type { Handler } from "./http-server.ts";

/** The `Request` has the address that was asked for: its host must be one, and nothing more. */
const namesHost = ({ headers: { host = "" } }: IncomingMessage): boolean =>
  !/[/?#@\\]/.test(host) && URL.canParse(`http://${host}`);

/** Calls the routes that offer themselves for it (see `direct-routes`), and asks `next` for everything else. */
export const directlyOr =
  (next: Handler): Handler =>
  async (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    const handle = directRoute(request.method ?? "", path);
    if (handle === undefined || !namesHost(request)) return next(request, response);
    const answer = await handle(new NodeRequest({ req: request, res: response }));
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, [...answer.headers, ["content-length", String(body.length)]].flat());
    response.end(body);
  };
