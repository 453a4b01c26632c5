import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { nearest } from '../text/nearest.ts'
import { answer } from './answer.ts'
import type { Io } from './io.ts'

/** A tracing program that comes with tracenorm. */
interface ReadyProgram {
  readonly name: string
  /** Its first comment: what it prints, and where it runs. */
  readonly about: string
  readonly text: string
}

/**
 * `tracenorm programs`: the ready tracing programs. They lie in `folders`, which the root knows; a folder may be
 * absent. Throws as `answer` does.
 */
export function programsCommand(folders: readonly URL[], io: Io): Command {
  const programs = new Command('programs').description('ready tracing programs whose output is decoded exactly')

  programs
    .command('list')
    .description('their names, and what each prints')
    .option('--json', 'for programs')
    .action(async (flags: { readonly json?: true }) => {
      const all = readAll(folders)
      if (flags.json === true) {
        const list = all.map(({ name, about }) => ({ name, about }))
        return answer(io, `${JSON.stringify(list, undefined, 2)}\n`)
      }
      const width = Math.max(...all.map(({ name }) => name.length))
      await answer(io, all.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join(''))
    })

  programs
    .command('show <name>')
    .description('prints one: tracenorm programs show drops > drops.bt')
    .action(async (name: string) => {
      const all = readAll(folders)
      const found = all.find((program) => program.name === name)
      if (found === undefined) throw noProgram(name, all)
      await answer(io, found.text)
    })
  return programs
}

function readAll(folders: readonly URL[]): readonly ReadyProgram[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder).map((file) => {
        const text = readFileSync(new URL(file, folder), 'utf8')
        return { name: file.replace(/\.\w+$/, ''), about: /^\/\/ *(.*)$/m.exec(text)?.[1] ?? '', text }
      }),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function noProgram(name: string, all: readonly ReadyProgram[]): UsageError {
  const names = all.map((program) => program.name)
  const near = nearest(name, names)
  const others = near.length === 0 ? `there are ${names.join(', ')}` : `near: ${near.join(', ')}`
  return new UsageError(`no program "${name}"`, others)
}
