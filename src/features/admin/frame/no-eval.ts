"use client";

import { config } from "zod";

// Zod would make code out of schemas, and tries whether it may; the page's policy forbids it and reports the attempt.
if (typeof window !== "undefined") config({ jitless: true });
