/**
 * Why a process ended, in its own words: its last fatal line, else its last error, else the last line it wrote.
 * @param lines what it logged since its start, JSON or plain
 */
export function lastWords(lines: readonly string[]): string | undefined {
  const spoken = lines.map(read);
  const last = spoken.findLast(({ level }) => level === 'fatal') ?? spoken.findLast(({ level }) => level === 'error') ?? spoken.at(-1);
  return last?.text;
}

interface Spoken {
  readonly level: string;
  readonly text: string;
}

function read(line: string): Spoken {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === 'object' && entry !== null && 'msg' in entry && typeof entry.msg === 'string') {
      return { level: 'level' in entry && typeof entry.level === 'string' ? entry.level : 'info', text: entry.msg };
    }
  } catch {
    // A plain line, as PostgreSQL, NATS and a crashing Node write.
  }
  const error = /^(?:\w*Error\w*(?: \[\w+\])?): (.+)$/.exec(line.trim()) ?? /\[(?:FTL|ERR)\] (.+)$/.exec(line);
  return error?.[1] === undefined ? { level: 'info', text: line.trim() } : { level: 'fatal', text: error[1] };
}
