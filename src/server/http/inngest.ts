import { ProblemError } from "#src/contract/problems.ts";
import type { Services } from "../services.ts";
import { isReading, readText } from "./body.ts";
import { answer } from "./problem.ts";

/** Inngest sends the event and the results of a run's steps along, up to 4 MiB of either. */
const mostBytes = 16 * 1_024 * 1_024;

type Serve = (request: Request) => Promise<Response>;

/**
 * `/api/inngest`, by the SDK, which checks the signature. What nobody has signed is not worth reading, and the SDK
 * answers what is no JSON, or names no host, as a failure of its own, with its stack.
 */
export const handleInngest = (services: Services, request: Request, serve: Serve): Promise<Response> =>
  answer(request, services.log, async () => {
    const { url, method, headers: given } = request;
    const isSigned = given.has("x-inngest-signature");
    if (services.inngest.mode === "cloud" && !isSigned) throw new ProblemError("unauthenticated");
    const body = isReading(method) ? "" : await readText(request, mostBytes);
    if (body !== "" && !isJson(body)) throw new ProblemError("invalid_request");
    const headers = new Headers(given);
    headers.set("host", new URL(services.settings.APP_URL).host);
    return await serve(new Request(url, { method, headers, body: body === "" ? null : body }));
  });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
