"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Caller } from "#src/contract/roles.ts";

const ConsoleCaller = createContext<Caller | null>(null);

/** Tells the console's pages who is looking, as the server has found it with this page's request. */
export function ConsoleCallerProvider({ caller, children }: { caller: Caller; children: ReactNode }) {
  return <ConsoleCaller value={caller}>{children}</ConsoleCaller>;
}

/** Who is looking. What only admins may do is refused by the server; a page knows it to say so beforehand. */
export function useConsoleCaller(): Caller {
  const caller = useContext(ConsoleCaller);
  if (caller === null) throw new Error("only the console's pages know their caller");
  return caller;
}
