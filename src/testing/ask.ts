import { createHmac } from "node:crypto";
import { ObjectId } from "mongodb";
import { type Role, roles } from "#src/contract/roles.ts";
import type { Services } from "#src/server/services.ts";
import { handleTrpc } from "#src/server/trpc/handle.ts";
import { tokenFor } from "./scene.ts";

/** What a procedure answered. */
interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly error?: { message: string; data: Record<string, unknown> };
}

interface Question {
  readonly role?: Role | undefined;
  readonly input?: unknown;
  readonly method?: "GET" | "POST";
  /** Instead of the role's token. */
  readonly headers?: Record<string, string>;
  readonly services?: Services;
}

/** One signed-in account of each role, who ask over HTTP as pages do. */
export interface Askers {
  /** Their ids, in hex. */
  readonly ids: Readonly<Record<Role, string>>;
  ask(path: string, question?: Question): Promise<Answer>;
  /** The cookie by which a browser of that role would be known. */
  cookieOf(role: Role): Promise<string>;
}

/** Signs in one account of each role: new ones, but for those that are `known` by their ids. */
export async function openAskers(
  services: Services,
  known: Partial<Record<Role, string>> = {},
): Promise<Askers> {
  const signIn = async (role: Role) => {
    const _id = new ObjectId(known[role]);
    if (known[role] === undefined) {
      const email = `${role}-${_id.toHexString()}@example.com`;
      await services.db.driver.collection("user").insertOne({ _id, name: role, email, role });
    }
    const id = _id.toHexString();
    return [role, { id, token: await tokenFor(services, id) }] as const;
  };
  const people = new Map(await Promise.all(roles.map(signIn)));
  const idOf = (role: Role) => people.get(role)?.id ?? "";
  return {
    ids: {
      viewer: idOf("viewer"),
      streamer: idOf("streamer"),
      moderator: idOf("moderator"),
      admin: idOf("admin"),
    },
    async cookieOf(role) {
      const { authCookies, secret } = await services.auth.$context;
      const token = people.get(role)?.token ?? "";
      const signature = createHmac("sha256", secret).update(token).digest("base64");
      return `${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`;
    },
    async ask(path, { role, input, method = "GET", headers, services: over = services } = {}) {
      const text = input === undefined ? undefined : JSON.stringify(input);
      const query = method === "GET" && text !== undefined ? `?input=${encodeURIComponent(text)}` : "";
      const token = role === undefined ? undefined : people.get(role)?.token;
      const request = new Request(`http://localhost:3000/api/trpc/${path}${query}`, {
        method,
        headers: {
          ...(method === "POST" ? { "content-type": "application/json" } : {}),
          ...(headers ?? (token === undefined ? {} : { authorization: `Bearer ${token}` })),
        },
        ...(method === "POST" && text !== undefined ? { body: text } : {}),
      });
      const response = await handleTrpc(over, request);
      const body = (await response.json()) as { result?: { data: unknown }; error?: Answer["error"] };
      return {
        status: response.status,
        ...(body.result === undefined ? {} : { data: body.result.data }),
        ...(body.error === undefined ? {} : { error: body.error }),
      };
    },
  };
}
