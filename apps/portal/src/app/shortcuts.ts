export type ShortcutAction = 'palette' | 'help' | 'theme' | 'pipeline' | 'connection' | 'metrics' | 'settings';

/** Keys and what they do, in the order in which they are listed. */
export const shortcuts: readonly { readonly keys: readonly string[]; readonly action: ShortcutAction; readonly label: 'app.openPalette' | 'app.showShortcuts' | 'app.toggleTheme' | 'app.goPipeline' | 'app.goConnection' | 'app.goMetrics' | 'app.goSettings' }[] = [
  { keys: ['Ctrl', 'K'], action: 'palette', label: 'app.openPalette' },
  { keys: ['?'], action: 'help', label: 'app.showShortcuts' },
  { keys: ['G', 'P'], action: 'pipeline', label: 'app.goPipeline' },
  { keys: ['G', 'C'], action: 'connection', label: 'app.goConnection' },
  { keys: ['G', 'M'], action: 'metrics', label: 'app.goMetrics' },
  { keys: ['G', 'W'], action: 'settings', label: 'app.goSettings' },
  { keys: ['Shift', 'D'], action: 'theme', label: 'app.toggleTheme' },
];

const destinations: Readonly<Record<string, ShortcutAction>> = { p: 'pipeline', c: 'connection', m: 'metrics', w: 'settings' };

/**
 * What a key means after the key before it.
 * @returns undefined for keys that mean nothing; `leader` for the first of two
 */
export function actionOf(key: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>, before: string | undefined): ShortcutAction | 'leader' | undefined {
  const letter = key.key.toLowerCase();
  if ((key.ctrlKey || key.metaKey) && letter === 'k') return 'palette';
  if (key.ctrlKey || key.metaKey || key.altKey) return undefined;
  if (key.key === '?') return 'help';
  if (key.shiftKey && letter === 'd') return 'theme';
  if (key.shiftKey) return undefined;
  if (before === 'g') return destinations[letter];
  return letter === 'g' ? 'leader' : undefined;
}
