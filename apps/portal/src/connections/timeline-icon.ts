const icons: readonly (readonly [RegExp, `i-lucide-${string}`])[] = [
  [/consent|connected/, 'i-lucide-user-round-check'],
  [/refresh|recover/, 'i-lucide-refresh-cw'],
  [/fallback|way|policy|jwt|proof|proven/, 'i-lucide-route'],
  [/key|certificate/, 'i-lucide-file-key-2'],
  [/shar|visib/, 'i-lucide-users-round'],
  [/pause|resume/, 'i-lucide-circle-pause'],
  [/disconnect|revoke/, 'i-lucide-unplug'],
  [/eras|purge/, 'i-lucide-trash-2'],
  [/state/, 'i-lucide-git-commit-horizontal'],
];

/** A picture for a kind of entry; kinds may be added by the server at any time. */
export function kindIcon(kind: string): `i-lucide-${string}` {
  return icons.find(([pattern]) => pattern.test(kind))?.[1] ?? 'i-lucide-dot';
}
