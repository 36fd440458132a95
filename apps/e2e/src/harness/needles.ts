/** A secret and every text by which it would be recognised. */
export interface Needle {
  readonly secret: string;
  readonly forms: readonly { readonly name: string; readonly text: string }[];
}

export function needleOf(secret: string): Needle {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [
    { name: 'plain', text: secret },
    { name: 'URL-encoded', text: encodeURIComponent(secret) },
    { name: 'form-encoded', text: new URLSearchParams({ x: secret }).toString().slice(2) },
    { name: 'JSON-escaped', text: JSON.stringify(secret).slice(1, -1) },
    { name: 'escaped for JSON in JSON', text: JSON.stringify(JSON.stringify(secret)).slice(3, -3) },
    { name: 'hex', text: bytes.toString('hex') },
    { name: 'HEX', text: bytes.toString('hex').toUpperCase() },
    ...inBase64(bytes),
    ...partsOf(secret),
  ];
  return { secret, forms: [...new Map(forms.toReversed().map((form) => [form.text, form])).values()] };
}

/** Twelve characters are enough to tell a secret by: its end, and a piece from within its random half. */
function partsOf(secret: string): { name: string; text: string }[] {
  return secret.length < 30 ? [] : [secret.slice(-12), secret.slice(-26, -14)].map((text) => ({ name: 'a part', text }));
}

/** A text within a longer one has three ways to stand in base64; what depends on its neighbours is cut off. */
function inBase64(bytes: Buffer): { name: string; text: string }[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    const [from, until] = [shift === 0 ? 0 : shift + 1, Math.floor((whole.length * 8) / 6) - 1];
    return (['base64', 'base64url'] as const).map((name) => ({ name: `${name} (${shift})`, text: whole.toString(name).slice(from, until) }));
  });
}

/** Where a secret was seen; the secret itself is not told again. */
export interface Sighting {
  readonly place: string;
  readonly form: string;
  readonly kind: string;
}

/** Searches a text for every form of every secret. */
export function sightings(place: string, haystack: string | Buffer, needles: readonly Needle[]): Sighting[] {
  const text = typeof haystack === 'string' ? haystack : haystack.toString('latin1');
  return needles.flatMap(({ secret, forms }) => forms.filter((form) => text.includes(form.text)).map((form) => ({ place, form: form.name, kind: kindOf(secret) })));
}

function kindOf(secret: string): string {
  if (secret.includes('!')) return 'access token';
  if (secret.startsWith('5Aep')) return 'refresh token';
  if (secret.startsWith('eyJ')) return 'id token';
  return secret.startsWith('aPrx') ? 'authorization code' : `secret of ${secret.length} characters`;
}
