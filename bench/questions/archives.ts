import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { mixed } from '../inputs.ts'

/** What it costs that a capture is a file of an archive. */
export async function archives(setting: Setting): Promise<readonly Verdict[]> {
  const { path, events } = mixed(setting.isQuick ? 200_000 : 1_000_000)
  const from = ['-C', dirname(path), basename(path)]
  const packed = made(`${path}.gz`, (to) => execFileSync('sh', ['-c', 'gzip -c "$0" > "$1"', path, to]))
  const tar = made(`${path}.tar.gz`, (to) => execFileSync('tar', ['-czf', to, ...from]))
  const zip = made(`${path}.zip`, (to) => execFileSync('zip', ['-qj', to, path]))
  return await ask(setting, {
    title: `a capture in an archive, ${events} events`,
    base: 'gzip',
    contenders: [
      ours('gzip', events, [packed]),
      ours('tar.gz', events, [tar]),
      ours('zip', events, [zip]),
      ours('plain', events, [path]),
    ],
    aims: [
      { what: 'a tar.gz member', who: 'tar.gz', peer: 'gzip', by: 'cpuSeconds', isRate: true, must: 0.9, aim: 0.97 },
    ],
  })
}

function made(path: string, make: (path: string) => void): string {
  if (!existsSync(path)) make(path)
  return path
}
