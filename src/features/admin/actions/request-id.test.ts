import { expect, test } from "vitest";
import { z } from "zod";
import { newRequestId } from "./request-id.ts";

test("a request's id is a UUID that the server takes, and never the same", () => {
  const ids = Array.from({ length: 100 }, newRequestId);
  for (const id of ids) expect(z.uuid().safeParse(id).success).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});
