import { isRoot } from '../places/places.ts';

/** Account PostgreSQL runs as: it refuses to run as root. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

/** `nobody` on Debian and Ubuntu. */
const nobody = 65_534;

/** Nothing for an ordinary user, who runs it as themselves. */
export function serverAccount(): ServerAccount {
  return isRoot() ? { uid: nobody, gid: nobody } : {};
}
