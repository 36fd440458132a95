import { html, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Route } from '../http/router.ts';
import { appPage } from '../pages/app-page.ts';
import { registerCertificate, shownCertificates } from './app-certificates.ts';
import { signInUsers, type World } from './world.ts';

/** The set-up page of the app, so that the whole of JWT bearer can be tried by hand. */
export function appSetupRoutes(world: World): Route[] {
  return [
    { method: 'GET', path: /^\/setup\/app$/, handle: () => shown(world, {}) },
    { method: 'POST', path: /^\/setup\/app\/certificate$/, handle: (request) => upload(world, request) },
    { method: 'POST', path: /^\/setup\/app\/users$/, handle: (request) => preauthorise(world, request) },
  ];
}

function upload(world: World, request: HttpRequest): Reply {
  const form = request.form();
  try {
    registerCertificate(world, (form.get('certificate') ?? '').trim(), form.get('mode') === 'add' ? 'add' : 'replace');
  } catch (error) {
    return shown(world, { problem: error instanceof Error ? error.message : String(error) }, 400);
  }
  return shown(world, { told: 'The certificate is uploaded.' });
}

function preauthorise(world: World, request: HttpRequest): Reply {
  const form = request.form();
  world.settings.preauthorisedUsers = form.getAll('user');
  world.settings.permittedUsers = form.get('adminApproved') === 'yes' ? 'admin-approved' : 'all';
  return shown(world, { told: 'The policies are saved.' });
}

function shown(world: World, { told, problem }: { readonly told?: string; readonly problem?: string }, status = 200): Reply {
  const { app, settings } = world;
  const allowed = new Set(settings.preauthorisedUsers.map((username) => username.toLowerCase()));
  const users = signInUsers(world).map((row) => ({ username: String(row['Username']), name: String(row['Name']), preauthorised: allowed.has(String(row['Username']).toLowerCase()) }));
  return html(status, appPage({
    app: app.name, clientId: app.clientId, callbacks: app.redirectUris, certificates: shownCertificates(world), users, adminApprovedOnly: settings.permittedUsers === 'admin-approved', told, problem,
  }));
}
