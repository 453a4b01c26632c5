import { Command } from 'commander'
import type { Adapter } from '../contract.ts'
import { answer } from './answer.ts'
import type { CommandContext } from './command-context.ts'

/** `tracenorm adapters`: lists the tools whose output is read. */
export function adaptersCommand(context: CommandContext): Command {
  const { adapters } = context
  return new Command('adapters')
    .description('lists the readers, the versions that each was tried on, and their flags')
    .option('--json', 'as one JSON array')
    .action(async (flags: { readonly json?: true }) => {
      const text =
        flags.json === true ? JSON.stringify(adapters.map(plain), undefined, 2) : adapters.map(inWords).join('\n\n')
      await answer(context, `${text}\n`)
    })
}

function plain({ name, formats, flags }: Adapter): unknown {
  return { name, formats, flags: flags.map(({ flag, help }) => ({ flag, help })) }
}

function inWords({ name, formats, flags }: Adapter): string {
  const forms = formats.map(
    (format) => `${name}:${format.name}  ${format.title}\n    seen: ${format.versions}\n    e.g.  ${format.example}`,
  )
  const own = flags.map(({ flag, help }) => `  ${flag}  ${help}`)
  return [...forms, ...own].join('\n')
}
