export const dynamic = "force-dynamic";

/** Alive: the process answers. It says nothing of what it depends on. */
export const GET = () => Response.json({ status: "alive" });
