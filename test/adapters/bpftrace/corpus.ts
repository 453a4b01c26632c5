// The shared captures of bpftrace, each with its program.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const CORPUS = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')

export const hasCorpus = existsSync(CORPUS)
if (!hasCorpus) console.warn(`no captures at ${CORPUS} (TRACENORM_CORPUS): the tests on them are skipped`)

export function corpusPath(path: string): string {
  return join(CORPUS, path)
}

export function corpusText(path: string): string {
  return readFileSync(corpusPath(path), 'latin1')
}

export function corpusFolders(pattern: RegExp): readonly string[] {
  return hasCorpus ? readdirSync(CORPUS).filter((name) => pattern.test(name)) : []
}

/** Folders of dropwatch captures in which bpftrace watched the same seconds. */
export function goldenFolders(): readonly string[] {
  return corpusFolders(/^dropwatch$/)
    .flatMap((folder) => readdirSync(join(CORPUS, folder)).map((name) => `${folder}/${name}`))
    .filter((folder) =>
      ['golden-match.jsonl', 'bpftrace.txt', 'prog.bt'].every((file) => existsSync(join(CORPUS, folder, file))),
    )
}

export function filesOf(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(join(CORPUS, folder)).filter((name) => pattern.test(name))
}

export function hasFile(path: string): boolean {
  return existsSync(corpusPath(path))
}

/** Every program of the corpus, by its path. */
export function programs(): readonly string[] {
  if (!hasCorpus) return []
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.bt'))
}
