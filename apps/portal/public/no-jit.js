// The page's policy allows no code made from strings. zod would try it as soon as the first schema is made, before any module of the portal can say so.
globalThis.__zod_globalConfig = { jitless: true };
