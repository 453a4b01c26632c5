// perf on this machine, for tests that record with it.
import { execFileSync } from 'node:child_process'

/** Port 1 of this host, where nobody listens: its packet is dropped. perf starts this when its events are on. */
export const REFUSED = ': 2>/dev/null <>/dev/tcp/127.0.0.1/1'

/** Why skb:kfree_skb cannot be recorded here. Undefined: it can. */
export function whyNoRecording(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'recording a tracepoint takes root on Linux'
  try {
    execFileSync('perf', ['record', '-q', '-e', 'skb:kfree_skb', '-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'perf is not installed, or may not record skb:kfree_skb'
  }
}
