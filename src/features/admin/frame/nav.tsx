"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { ConsoleIcon } from "./icons.tsx";
import { consolePages, isCurrentPage } from "./pages.ts";
import classes from "./frame.module.css";

/** The console's menu. On a phone it scrolls sideways, and the current page is brought into view. */
export function Nav() {
  const t = useTranslations("console");
  const path = usePathname();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (!list.current || !current) return;
    list.current.scrollLeft = current.offsetLeft - (list.current.clientWidth - current.offsetWidth) / 2;
  }, [path]);
  return (
    <nav aria-label={t("nav")} className={classes["nav"]}>
      <ul ref={list} className={classes["pages"]}>
        {consolePages.map(({ name, href }) => (
          <li key={name}>
            <Link
              href={href}
              prefetch={false}
              className={classes["page"]}
              {...(isCurrentPage(href, path) && { "aria-current": "page" as const })}
            >
              <ConsoleIcon name={name} size="1.125rem" />
              {t(name)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
