import { Command } from 'commander'
import { fileOutput, stdoutOutput } from '../sinks/output.ts'
import { type Machine, thisMachine } from '../snapshot/machine.ts'
import { takeSnapshot } from '../snapshot/take.ts'
import { latin1 } from '../text/utf8.ts'
import { say } from './say.ts'

/** `tracenorm snapshot [-o FILE]`: what a later conversion needs to know of this host. */
export function snapshotCommand(version: string): Command {
  return new Command('snapshot')
    .description(
      'what a later conversion needs to know of this host: drop reasons, clocks, zone, interfaces; run it as root',
    )
    .option('-o, --output <file>', 'instead of stdout; written beside its place and renamed when complete')
    .option('-q, --quiet', 'says nothing of what could not be found out')
    .action(async (flags: { readonly output?: string; readonly quiet?: true }) => {
      const snapshot = takeSnapshot(ownMachine(), { takenBy: `tracenorm ${version}`, tools: true })
      const output = flags.output === undefined ? stdoutOutput() : fileOutput(flags.output)
      output.write(latin1(`${JSON.stringify(snapshot, undefined, 1)}\n`))
      await output.end()
      if (flags.quiet === true) return
      for (const { what, why } of snapshot.missing) say(`no ${what}: ${why}`)
    })
}

/** This host, with the clocks and the environment of this process. */
export function ownMachine(): Machine {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return thisMachine(
    { monotonicNs: () => process.hrtime.bigint(), wallMs: () => Date.now(), zone: timeZone },
    process.env,
  )
}
