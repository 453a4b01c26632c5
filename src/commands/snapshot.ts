import { Command, Option } from 'commander'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import type { KallsymsChoice } from '../kernel/kallsyms-choice.ts'
import { type Machine, thisMachine } from '../snapshot/machine.ts'
import { takeSnapshot } from '../snapshot/take.ts'
import { answerInto } from './answer.ts'
import type { Io } from './io.ts'
import { say } from './say.ts'

interface SnapshotFlags {
  readonly output?: string
  readonly kallsyms?: KallsymsChoice
  readonly quiet?: true
}

/** `tracenorm snapshot [-o FILE]`: writes what a later conversion needs to know of this host. */
export function snapshotCommand(io: Io): Command {
  return new Command('snapshot')
    .description(
      'what a later conversion needs to know of this host: drop reasons, clocks, zone, interfaces; run it as root',
    )
    .option('-o, --output <file>', 'instead of stdout; written beside its place and renamed when complete')
    .addOption(
      new Option(
        '--kallsyms [functions]',
        'with addresses of the kernel, which give names to those in a recording: of functions that handle packets, or all',
      )
        .choices(['network', 'all'])
        .preset('network'),
    )
    .option('-q, --quiet', 'does not say what could not be found out')
    .action(async (flags: SnapshotFlags) => {
      const missing: Snapshot['missing'][number][] = []
      await answerInto(io, flags.output, () => {
        const snapshot = takeSnapshot(ownMachine(io.env), {
          takenBy: `tracenorm ${io.version}`,
          tools: true,
          kallsyms: flags.kallsyms,
        })
        missing.push(...snapshot.missing)
        return `${JSON.stringify(snapshot, undefined, 1)}\n`
      })
      if (flags.quiet === true) return
      for (const { what, why } of missing) say(io.stderr, `no ${what}: ${why}`)
    })
}

/** This host, with the clocks of this process. */
export function ownMachine(env: Io['env']): Machine {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return thisMachine({ monotonicNs: () => process.hrtime.bigint(), wallMs: () => Date.now(), zone: timeZone }, env)
}
