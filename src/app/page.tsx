import { redirect } from "next/navigation";
import { homeOf } from "#src/features/shell/home.ts";
import { currentCaller } from "./caller.ts";

/** Everyone has a page of their own. */
export default async function Home() {
  const caller = await currentCaller();
  redirect(caller === null ? "/sign-in" : homeOf(caller.role));
}
