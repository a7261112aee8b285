import { pino } from "pino";

/** Writes structured lines: fields first, then the sentence. Never secrets, never bodies. */
export type Log = ReturnType<typeof openLog>;

export const openLog = (level: string) =>
  pino({ level, base: null, redact: ["*.password", "*.authorization", "*.cookie", "*.secret"] });
