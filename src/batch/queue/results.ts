import type { Queue } from './queue.ts'

/** In the table of results: the lines are on the shelf. */
const ELSEWHERE = ''
/** A message of NATS has at most 1 MiB; longer results are on the shelf. */
const LONGEST = 512 * 1024

/** True where a job has a result. */
export async function hasResult({ results }: Queue, key: string): Promise<boolean> {
  return (await results.get(key)) !== undefined
}

/** Keeps the manifest lines of a job, unless somebody else was first. */
export async function keepResult({ results, shelf }: Queue, key: string, lines: string): Promise<void> {
  const bytes = Buffer.from(lines, 'utf8')
  if (bytes.length > LONGEST) await shelf.put(shelved(key), bytes)
  await results.add(key, bytes.length > LONGEST ? ELSEWHERE : lines)
}

/** The manifest lines that the table of results has for a job. Undefined: the server lost them. */
export async function linesOfResult({ shelf }: Queue, key: string, kept: string): Promise<string | undefined> {
  if (kept !== ELSEWHERE) return kept
  const bytes = await shelf.get(shelved(key))
  return bytes && Buffer.from(bytes).toString('utf8')
}

/** Takes a result back: it is not what is found on the disk. */
export async function forgetResult({ results }: Queue, key: string): Promise<void> {
  await results.delete(key)
}

function shelved(key: string): string {
  return `lines-${key}`
}
