"use client";

import { Button } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { Drawing } from "./icons.tsx";
import classes from "./back-link.module.css";

/** The way from a page to the list that it belongs to. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button
      component={Link}
      href={href}
      prefetch={false}
      variant="subtle"
      className={classes["back"] ?? ""}
      leftSection={<Drawing name="previous" />}
    >
      {children}
    </Button>
  );
}
