"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { GoalFilter } from "#src/contract/console.ts";
import { goalsAddress, type GoalsView } from "./filter-address.ts";

/** A link to other goals of this page: a plain click changes the filter at once, any other opens it as a link does. */
export function FilterLink({
  filter,
  view,
  go,
  className,
  title,
  current,
  children,
}: {
  filter: GoalFilter;
  view: GoalsView;
  go: (filter: GoalFilter) => void;
  className?: string | undefined;
  title?: string;
  current?: boolean;
  children: ReactNode;
}) {
  return (
    <Link
      href={goalsAddress(filter, view)}
      prefetch={false}
      scroll={false}
      className={className}
      title={title}
      aria-current={current === true ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(filter);
      }}
    >
      {children}
    </Link>
  );
}
