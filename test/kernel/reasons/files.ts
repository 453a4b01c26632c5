import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReasonsRead } from '../../../src/kernel/reasons/read-dump.ts'
import type { ReasonTable } from '../../../src/kernel/reasons/reasons.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export function fixture(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(join(ROOT, 'fixtures/reasons', path)))
}

/** The folder with real captures and the data set, when it is there. */
export function corpus(path: string): string | undefined {
  const found = resolve(ROOT, process.env.TRACENORM_CORPUS ?? '../shared', path)
  if (existsSync(found)) return found
  console.log(`skipped: no ${path} in TRACENORM_CORPUS`)
  return undefined
}

export function tableIn(read: ReasonsRead): ReasonTable {
  if ('refused' in read) throw new Error(`refused: ${read.refused}`)
  return read.table
}

export function refusalIn(read: ReasonsRead): string {
  if (!('refused' in read)) throw new Error('not refused')
  return read.refused
}
