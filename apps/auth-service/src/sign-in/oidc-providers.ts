import { Secret } from '@tributary/failures';
import { ConfigurationError } from '@tributary/service-kit';
import { z } from 'zod';

/** A provider people may sign in with, as the operator set it up. */
export interface OidcProvider {
  /** Part of addresses: `/connect/oidc/<name>`. */
  readonly name: string;
  readonly label: string;
  /** Issuer identifier, exactly as the provider's own documents have it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret<string> | undefined;
  readonly scopes: readonly string[];
}

const Providers = z.array(z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/).refine((name) => name !== 'salesforce'),
  label: z.string().min(1).max(60),
  issuer: z.url(),
  clientId: z.string().min(1).max(300),
  clientSecret: z.string().min(1).optional(),
  scopes: z.array(z.string().regex(/^[\x21-\x7e]+$/)).default(['openid', 'profile', 'email']).refine((scopes) => scopes.includes('openid')),
})).max(20);

/**
 * Reads `TRIBUTARY_OIDC_PROVIDERS`, a JSON list.
 * @param isExtra origins that may be anything in development
 * @throws ConfigurationError naming the variable and the place in it, never a value
 */
export function parseOidcProviders(json: string | undefined, isExtra: (origin: string) => boolean): readonly OidcProvider[] {
  if (json === undefined) return [];
  const parsed = Providers.safeParse(jsonOf(json));
  if (!parsed.success) throw wrong(`is not a list of providers (${parsed.error.issues.map(({ path }) => path.join('.') || 'the list').join(', ')})`);
  const providers = parsed.data;
  if (new Set(providers.map(({ name }) => name)).size < providers.length) throw wrong('has two providers of one name');
  // People are known by issuer and subject: the same issuer twice would be two doors to one person.
  if (new Set(providers.map(({ issuer }) => issuer)).size < providers.length) throw wrong('has one issuer twice');
  const insecure = providers.find(({ issuer }) => !/^https:/.test(issuer) && !isExtra(new URL(issuer).origin));
  if (insecure !== undefined) throw wrong(`has an issuer without https (${insecure.name})`);
  return providers.map(({ clientSecret, ...provider }) => ({ ...provider, clientSecret: clientSecret === undefined ? undefined : Secret.of(clientSecret) }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
}

function wrong(what: string): ConfigurationError {
  return new ConfigurationError(`The configuration is wrong. TRIBUTARY_OIDC_PROVIDERS: ${what}.`);
}
