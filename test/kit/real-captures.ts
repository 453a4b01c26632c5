import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { root } from './harness.ts'

/** A real capture, or its begin. */
export interface Capture {
  /** Within the corpus. */
  readonly name: string
  readonly folder: string
  readonly input: Buffer
  /** With the bpftrace program beside it, if there is one. */
  readonly args: readonly string[]
}

/**
 * So many captures of the corpus, evenly spread over it, each to the line end before `longest`; none where
 * TRACENORM_CORPUS has none.
 */
export function someCaptures(most: number, longest: number): readonly Capture[] {
  const corpus = resolve(root, process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')
  if (!existsSync(corpus)) return []
  const names = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:txt|stdout|log|typescript)$/.test(name) && !name.includes('/format.'))
    .toSorted()
  const step = Math.max(1, Math.floor(names.length / most))
  return names
    .filter((_, index) => index % step === 0)
    .map((name) => captureOf(corpus, name, longest))
    .filter(({ input }) => input.length > 0)
}

function captureOf(corpus: string, name: string, longest: number): Capture {
  const folder = dirname(join(corpus, name))
  const whole = readFileSync(join(corpus, name))
  const end = whole.length <= longest ? whole.length : whole.lastIndexOf(10, longest - 1) + 1
  const programs = readdirSync(folder).filter((file) => file.endsWith('.bt'))
  const [only] = programs
  const args = only !== undefined && programs.length === 1 && name.endsWith('.stdout') ? [`--program=${only}`] : []
  return { name, folder, input: whole.subarray(0, end), args: ['--kind=all', ...args] }
}
