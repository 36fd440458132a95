import type { IncomingMessage } from 'node:http';
import type { GatewayConfig } from '../config.ts';

const maxAgeSeconds = 12 * 60 * 60;

/** Over https the prefix makes the browser refuse the cookie from anywhere but this host; loopback http cannot carry it. */
function nameOf({ publicOrigin }: Pick<GatewayConfig, 'publicOrigin'>): string {
  return publicOrigin.startsWith('https:') ? '__Host-sid' : 'tributary-sid';
}

/** `Set-Cookie` value that carries a session id. */
export function sessionCookie(config: Pick<GatewayConfig, 'publicOrigin'>, id: string): string {
  return `${nameOf(config)}=${id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure(config)}`;
}

/** `Set-Cookie` value that removes the session id. */
export function noSessionCookie(config: Pick<GatewayConfig, 'publicOrigin'>): string {
  return `${nameOf(config)}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${secure(config)}`;
}

/** The session id a request carries. */
export function sessionIdOf(request: IncomingMessage): string | undefined {
  return /(?:^|;\s*)(?:__Host-sid|tributary-sid)=([A-Za-z0-9_-]{20,100})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
}

function secure({ publicOrigin }: Pick<GatewayConfig, 'publicOrigin'>): string {
  return publicOrigin.startsWith('https:') ? '; Secure' : '';
}
