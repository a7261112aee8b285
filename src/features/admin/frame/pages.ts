/** The console's pages, in the order of its menu; each is named by its text and its drawing. */
export const consolePages = [
  { name: "overview", href: "/admin" },
  { name: "goals", href: "/admin/goals" },
  { name: "bulk", href: "/admin/bulk" },
  { name: "ledger", href: "/admin/ledger" },
  { name: "sessions", href: "/admin/sessions" },
  { name: "users", href: "/admin/users" },
  { name: "audit", href: "/admin/audit" },
] as const;

/** Whether `href` is the page that `path` belongs to: itself, or what lies below it. The overview has nothing below. */
export const isCurrentPage = (href: string, path: string): boolean =>
  path === href || (href !== "/admin" && path.startsWith(`${href}/`));
