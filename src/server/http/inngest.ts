import { InngestCommHandler, type InngestFunction } from "inngest";
import { ProblemError } from "#src/contract/problems.ts";
import type { Services } from "../services.ts";
import { isReading, readText } from "./body.ts";
import { answer } from "./problem.ts";

/** Inngest sends the event and the results of a run's steps along, up to 4 MiB of either. */
const mostBytes = 16 * 1_024 * 1_024;

/** A request whose body has been read; null where there was none. */
interface Call {
  readonly request: Request;
  readonly body: object | null;
}

/**
 * `/api/inngest`, by the SDK, which checks the signature. What nobody has signed is not worth reading, and the SDK
 * answers what is no JSON as a failure of its own, with its stack.
 */
export function serveInngest(
  services: Services,
  functions: readonly InngestFunction.Any[],
): (request: Request) => Promise<Response> {
  const { APP_URL } = services.settings;
  const sdk = new InngestCommHandler({
    frameworkName: "nodejs",
    client: services.inngest,
    functions,
    // Where Inngest reaches us is what the settings say, whichever name or scheme a proxy has asked by.
    serveOrigin: APP_URL,
    servePath: "/api/inngest",
    enableUnauthedSync: false,
    handler: ({ request, body }: Call) => ({
      method: () => request.method,
      headers: (name) => request.headers.get(name),
      url: () => new URL(request.url, APP_URL),
      body: () => body,
      transformResponse: ({ body: text, status, headers }) => new Response(text, { status, headers }),
    }),
  }).createHandler();

  return (request) =>
    answer(request, services.log, async () => {
      const isSigned = request.headers.has("x-inngest-signature");
      if (services.inngest.mode === "cloud" && !isSigned) throw new ProblemError("unauthenticated");
      const text = isReading(request.method) ? "" : await readText(request, mostBytes);
      const body = text === "" ? null : parse(text);
      return await sdk({ request, body });
    });
}

/** Whatever Inngest sends is an object. Throws `invalid_request`. */
function parse(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed;
  } catch (cause) {
    throw new ProblemError("invalid_request", { cause });
  }
  throw new ProblemError("invalid_request");
}
