const storageKey = 'tributary.connection';

/** Id of the connection that was looked at last in this browser. */
export function lastConnection(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberConnection(id: string): void {
  try {
    localStorage.setItem(storageKey, id);
  } catch {
    // Storage may be closed; the portal then opens the newest connection.
  }
}
