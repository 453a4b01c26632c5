import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

/** Of two fields, and true of all records: what is written stays the same. */
const TRUE_OF_ALL = 'process.comm != "sshd" && skb.protocol == 2048'
const FEW = 'drop.reason == "TCP_CSUM" || process.comm.startsWith("kworker")'

/** What the stages of a conversion cost, and a summary instead of records. */
export async function filters(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  return await ask(setting, {
    title: `stages of a conversion, ${events} events`,
    base: 'convert',
    contenders: [
      ours('convert', events, [path]),
      ours('--kind drop', events, ['--kind', 'drop', path]),
      ours('--where, all kept', events, ['--where', TRUE_OF_ALL, path]),
      ours('--where, few kept', events, ['--where', FEW, path]),
      ours('--select', events, ['--select', 'clock,process,drop', path]),
      ours('summary', events, ['summary', path]),
    ],
    aims: [
      {
        what: 'a filter that keeps all',
        who: '--where, all kept',
        peer: 'convert',
        by: 'cpuSeconds',
        must: 1.2,
        aim: 1.1,
      },
    ],
  })
}
