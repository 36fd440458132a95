import { json } from '../http/reply.ts';
import type { Route } from '../http/router.ts';
import { appSetupRoutes } from './app-setup.ts';
import { Authorization } from './authorize.ts';
import { discovery } from './discovery.ts';
import { identity, userInfo } from './identity.ts';
import { introspect } from './introspect.ts';
import { revoke } from './revoke.ts';
import { TokenEndpoint } from './token-endpoint.ts';
import type { World } from './world.ts';

/** OAuth and identity, the same on every host. */
export function oauthRoutes(world: World): Route[] {
  const endpoint = new TokenEndpoint(world);
  return [
    ...new Authorization(world).routes(),
    ...appSetupRoutes(world),
    { method: 'POST', path: /^\/services\/oauth2\/token$/, handle: (request) => endpoint.answer(request) },
    { method: ['GET', 'POST'], path: /^\/services\/oauth2\/revoke$/, handle: (request) => revoke(world, request) },
    { method: 'POST', path: /^\/services\/oauth2\/introspect$/, handle: (request) => introspect(world, request) },
    { method: ['GET', 'POST'], path: /^\/services\/oauth2\/userinfo$/, handle: (request) => userInfo(world, request) },
    { method: 'GET', path: /^\/id\/keys$/, handle: async () => json(200, { keys: [await world.signingKey.publicJwk()] }) },
    { method: 'GET', path: /^\/id\/(\w+)\/(\w+)$/, handle: (request, [orgId = '', userId = '']) => identity(world, request, orgId, userId) },
    { method: 'GET', path: /^\/\.well-known\/openid-configuration$/, handle: (request) => discovery(world, request.origin) },
  ];
}
